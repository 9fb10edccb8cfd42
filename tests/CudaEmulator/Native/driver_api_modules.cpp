// The driver API: modules, kernels, launches.
#include "call.h"
#include "launches.h"
#include "limits.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <algorithm>
#include <cstring>

using namespace emu;

namespace
{
/// CUlaunchAttribute of cuda.h: a number that says which, then 64 bytes of value.
struct LaunchAttribute
{
    unsigned id;
    char padding[4];
    union
    {
        char all[64];
        int cooperative;
        unsigned cluster[3];
    };
};

/// CUlaunchConfig of cuda.h.
struct LaunchConfig
{
    unsigned grid[3], block[3], sharedBytes;
    Stream* stream;
    LaunchAttribute* attributes;
    unsigned attributeCount;
};

static_assert(sizeof(LaunchAttribute) == 72 && sizeof(LaunchConfig) == 56, "as cuda.h lays them out");

LaunchRequest requestOf(const LaunchConfig& config)
{
    // CUlaunchAttributeID of cuda.h
    constexpr unsigned Ignore = 0, Cooperative = 2, ClusterDimension = 4, ClusterScheduling = 5, Priority = 8;
    LaunchRequest request = {};
    std::copy_n(config.grid, 3, request.grid);
    std::copy_n(config.block, 3, request.block);
    request.dynamicShared = config.sharedBytes;
    std::fill_n(request.cluster, 3, 1);
    for (unsigned i = 0; i < config.attributeCount; i++)
    {
        const LaunchAttribute& attribute = config.attributes[i];
        switch (attribute.id)
        {
            case Ignore:
            case ClusterScheduling:
            case Priority: break;
            case Cooperative: request.cooperative = attribute.cooperative != 0; break;
            case ClusterDimension:
                std::copy_n(attribute.cluster, 3, request.cluster);
                request.clustered = true;
                break;
            default: refuse(NotSupported, format("attribute %u of a launch", attribute.id));
        }
    }
    return request;
}

void launch(Call& call, Context& context, const LaunchConfig& config, Kernel* handle, void** values, void** extra)
{
    const std::shared_ptr<Module>& module = moduleOf(context, handle);
    call.withText("kernel", handle->name);
    const auto prepared = prepareLaunch(module, handle, requestOf(config), values, extra);
    if (call.isLogged()) call.withText("", describeLaunch(*prepared));
    Stream& stream = streamOf(context, config.stream);
    put(stream, [prepared, &context] { context.fault = runLaunch(*prepared); });
}

void load(Context& context, Module** module, const void* image)
{
    if (!image) refuse(InvalidValue, "no image");
    forbidUnsafe("loading a module");
    context.modules.push_back(loadModule(image));
    *module = context.modules.back().get();
}

/// The log buffers among CUjit_option: what was wrong with the image.
void fillLogs(unsigned count, const int* options, void** values, const std::string& text)
{
    constexpr int InfoLog = 3, InfoLogBytes = 4, ErrorLog = 5, ErrorLogBytes = 6;
    char *info = nullptr, *error = nullptr;
    size_t infoBytes = 0, errorBytes = 0;
    for (unsigned i = 0; i < count; i++)
    {
        if (options[i] == InfoLog) info = static_cast<char*>(values[i]);
        if (options[i] == InfoLogBytes) infoBytes = reinterpret_cast<size_t>(values[i]);
        if (options[i] == ErrorLog) error = static_cast<char*>(values[i]);
        if (options[i] == ErrorLogBytes) errorBytes = reinterpret_cast<size_t>(values[i]);
    }
    if (info && infoBytes > 0) *info = 0;
    if (!error || errorBytes == 0) return;
    strncpy(error, text.c_str(), errorBytes - 1);
    error[errorBytes - 1] = 0;
}
}

DRIVER_API cuModuleLoadData(Module** module, const void* image)
{
    return Call("cuModuleLoadData").inContext([&](Context& context) { load(context, module, image); });
}

DRIVER_API cuModuleLoadDataEx(Module** module, const void* image, unsigned count, int* options, void** values)
{
    return Call("cuModuleLoadDataEx").inContext([&](Context& context) {
        try
        {
            load(context, module, image);
            fillLogs(count, options, values, "");
        }
        catch (const Refusal& refusal)
        {
            fillLogs(count, options, values, refusal.why);
            throw;
        }
    });
}

DRIVER_API cuModuleUnload(Module* handle)
{
    return Call("cuModuleUnload").inContext([&](Context& context) {
        const Module& module = *moduleOf(context, handle);
        forbidUnsafe("cuModuleUnload");
        drainAll(context);
        drop(context.modules, module);
    });
}

DRIVER_API cuModuleGetFunction(Kernel** kernel, Module* handle, const char* name)
{
    return Call("cuModuleGetFunction").withText("name", name).inContext([&](Context& context) {
        const Module& module = *moduleOf(context, handle);
        const auto found = module.kernels.find(name);
        if (found == module.kernels.end()) refuse(NotFound, std::string("the module has no kernel ") + name);
        *kernel = found->second.get();
    });
}

DRIVER_API cuFuncSetAttribute(Kernel* kernel, int attribute, int value)
{
    Call call("cuFuncSetAttribute");
    return call.with("attribute", attribute).with("value", value).inContext([&](Context& context) {
        moduleOf(context, kernel);
        call.withText("kernel", kernel->name);
        setKernelAttribute(*kernel, attribute, value);
    });
}

DRIVER_API cuFuncGetAttribute(int* value, int attribute, Kernel* kernel)
{
    return Call("cuFuncGetAttribute").with("attribute", attribute).inContext([&](Context& context) {
        moduleOf(context, kernel);
        *value = kernelAttribute(*kernel, attribute);
    });
}

DRIVER_API cuFuncSetCacheConfig(Kernel*, int)
{
    return Call("cuFuncSetCacheConfig").run([] {});
}

DRIVER_API cuLaunchKernelEx(const LaunchConfig* config, Kernel* kernel, void** values, void** extra)
{
    Call call("cuLaunchKernelEx");
    return call.withStream(config->stream).inContext([&](Context& context) {
        launch(call, context, *config, kernel, values, extra);
    });
}

DRIVER_API cuLaunchKernel(Kernel* kernel, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
    unsigned blockY, unsigned blockZ, unsigned sharedBytes, Stream* stream, void** values, void** extra)
{
    Call call("cuLaunchKernel");
    const LaunchConfig config = {{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes, stream, nullptr, 0};
    return call.withStream(stream).inContext(
        [&](Context& context) { launch(call, context, config, kernel, values, extra); });
}

DRIVER_API cuLaunchCooperativeKernel(Kernel* kernel, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
    unsigned blockY, unsigned blockZ, unsigned sharedBytes, Stream* stream, void** values)
{
    Call call("cuLaunchCooperativeKernel");
    LaunchAttribute cooperative = {};
    cooperative.id = 2;
    cooperative.cooperative = 1;
    const LaunchConfig config = {{gridX, gridY, gridZ}, {blockX, blockY, blockZ}, sharedBytes, stream, &cooperative, 1};
    return call.withStream(stream).inContext(
        [&](Context& context) { launch(call, context, config, kernel, values, nullptr); });
}

DRIVER_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Kernel* kernel, int lanes, size_t dynamicShared)
{
    return Call("cuOccupancyMaxActiveBlocksPerMultiprocessor").with("lanes", lanes).inContext([&](Context& context) {
        moduleOf(context, kernel);
        *blocks = residentBlocks(*kernel, lanes, dynamicShared);
    });
}

DRIVER_API cuOccupancyMaxPotentialBlockSize(
    int* blocks, int* lanes, Kernel* kernel, size_t (*sharedOf)(int), size_t shared, int limit)
{
    return Call("cuOccupancyMaxPotentialBlockSize").with("limit", limit).inContext([&](Context& context) {
        moduleOf(context, kernel);
        int most = std::min(static_cast<int>(numberSetting("EMU_BLOCK", 1)), kernel->maxLanes);
        if (limit > 0) most = std::min(most, limit);
        *lanes = most;
        *blocks = static_cast<int>(numberSetting("EMU_SMS", 1)) *
            residentBlocks(*kernel, most, sharedOf ? sharedOf(most) : shared);
    });
}
