#include "launches.h"
#include "async_copies.h"
#include "barriers.h"
#include "blocks.h"
#include "checker.h"
#include "memory.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include "tensor_cores.h"
#include "uniformity.h"
#include "warps.h"
#include "watchdog.h"
#include <algorithm>
#include <cstring>

namespace emu
{
std::string lastFault;

namespace
{
// CUDA C++ Programming Guide, technical specifications per compute capability (9.0).
constexpr unsigned MaxGrid[3] = {0x7fffffff, 65535, 65535}, MaxBlock[3] = {1024, 1024, 64};
constexpr unsigned MaxLanes = 1024, MaxPortableCluster = 8, MaxCluster = 16;
constexpr int PlainShared = 48 << 10, MaxShared = 227 << 10;
constexpr int LanesOfMultiprocessor = 2048, BlocksOfMultiprocessor = 32, SharedOfMultiprocessor = 228 << 10, SharedOfSystem = 1 << 10;

const char* const Axes = "xyz";

// CUfunction_attribute of cuda.h
constexpr int MaxDynamicSharedAttribute = 8, NonPortableClusterAttribute = 14;

void checkShape(const Kernel& kernel, const LaunchRequest& request)
{
    const std::string of = " of kernel " + kernel.name;
    for (int axis = 0; axis < 3; axis++)
    {
        if (request.grid[axis] < 1 || request.grid[axis] > MaxGrid[axis])
            refuse(InvalidValue, format("a grid of %u blocks along %c%s: 1 to %u", request.grid[axis], Axes[axis], of.c_str(), MaxGrid[axis]));
        if (request.block[axis] < 1 || request.block[axis] > MaxBlock[axis])
            refuse(InvalidValue, format("a block of %u lanes along %c%s: 1 to %u", request.block[axis], Axes[axis], of.c_str(), MaxBlock[axis]));
    }
    const unsigned lanes = request.block[0] * request.block[1] * request.block[2];
    if (lanes > MaxLanes) refuse(InvalidValue, format("a block of %u lanes%s: at most %u", lanes, of.c_str(), MaxLanes));
    // PTX ISA, .maxntid: a launch with more lanes fails; __launch_bounds__ says the same.
    if (static_cast<int>(lanes) > kernel.maxLanes)
        refuse(LaunchOutOfResources, format("a block of %u lanes%s, which is compiled for %d", lanes, of.c_str(), kernel.maxLanes));
}

// CUDA C++ Programming Guide, shared memory: fixed and dynamic are at most 48 KB together, unless the kernel opts in to more.
void checkShared(const Kernel& kernel, const LaunchRequest& request)
{
    const long limit = kernelAttribute(kernel, MaxDynamicSharedAttribute);
    if (static_cast<long>(request.dynamicShared) <= limit) return;
    refuse(InvalidValue, format("%u bytes of dynamic shared memory for kernel %s, which may have %ld beside its fixed %d",
        request.dynamicShared, kernel.name.c_str(), limit, kernel.fixedShared));
}

// CUDA C++ Programming Guide, thread block clusters: of compute capability 9.0; 8 blocks are the portable most; the grid is a multiple.
void checkCluster(const Kernel& kernel, const LaunchRequest& request)
{
    if (!request.clustered) return;
    const unsigned* size = request.cluster;
    const std::string of = " of kernel " + kernel.name;
    if (numberSetting("EMU_CAPABILITY") < 90) refuse(NotSupported, "clusters" + of + " on a device before compute capability 9.0");
    const unsigned long blocks = static_cast<unsigned long>(size[0]) * size[1] * size[2], most = kernel.wideClusters ? MaxCluster : MaxPortableCluster;
    if (blocks < 1) refuse(InvalidValue, "a cluster" + of + " without blocks");
    if (blocks > most) refuse(InvalidClusterSize, format("a cluster of %lu blocks%s: at most %lu", blocks, of.c_str(), most));
    for (int axis = 0; axis < 3; axis++)
        if (request.grid[axis] % size[axis] != 0)
            refuse(InvalidValue, format("a grid of %u blocks along %c%s in clusters of %u", request.grid[axis], Axes[axis], of.c_str(), size[axis]));
}

// CUDA C++ Programming Guide, cooperative groups, grid synchronization: all blocks must be resident at once.
void checkCooperative(const Kernel& kernel, const LaunchRequest& request)
{
    if (!request.cooperative) return;
    const int lanes = request.block[0] * request.block[1] * request.block[2];
    const long resident = numberSetting("EMU_SMS", 1) * residentBlocks(kernel, lanes, request.dynamicShared);
    const uint64_t blocks = static_cast<uint64_t>(request.grid[0]) * request.grid[1] * request.grid[2];
    if (blocks > static_cast<uint64_t>(resident))
        refuse(CooperativeLaunchTooLarge, format("a cooperative launch of %lu blocks of kernel %s: the device holds %ld at once",
            static_cast<unsigned long>(blocks), kernel.name.c_str(), resident));
}

/// cuda.h, cuLaunchKernel: extra is CU_LAUNCH_PARAM_BUFFER_POINTER, pointer, CU_LAUNCH_PARAM_BUFFER_SIZE, pointer to size, CU_LAUNCH_PARAM_END.
std::vector<unsigned char> parametersOf(const Kernel& kernel, void** extra)
{
    enum Key : uintptr_t { End, BufferPointer, BufferSize };
    const unsigned char* buffer = nullptr;
    size_t size = 0;
    for (; reinterpret_cast<uintptr_t>(extra[0]) != End; extra += 2)
    {
        const auto key = reinterpret_cast<uintptr_t>(extra[0]);
        if (key == BufferPointer) buffer = static_cast<unsigned char*>(extra[1]);
        else if (key == BufferSize) size = *static_cast<size_t*>(extra[1]);
        else refuse(InvalidValue, format("an unknown key %zu among the launch's extra options", static_cast<size_t>(key)));
    }
    if (!buffer) refuse(InvalidValue, "no parameter buffer among the launch's extra options");
    // The buffer may be padded to the alignment of its widest member.
    const size_t declared = kernel.parameterBytes;
    if (size < declared || size > (declared + 15) / 16 * 16)
        refuse(LaunchOutOfResources, format("%zu bytes of parameters for kernel %s, which takes %zu", size, kernel.name.c_str(), declared));
    return {buffer, buffer + declared};
}

/// Each value is read with its parameter's own size, at once: the program may change it as soon as the call is over.
std::vector<unsigned char> parametersOf(const Kernel& kernel, void** values, void** extra)
{
    if (extra && values) refuse(InvalidValue, "a launch with both kernelParams and extra");
    if (extra) return parametersOf(kernel, extra);
    if (!values && !kernel.parameters.empty()) refuse(InvalidValue, "kernel " + kernel.name + " takes parameters, and none are given");
    std::vector<unsigned char> block(kernel.parameterBytes);
    for (size_t i = 0; i < kernel.parameters.size(); i++)
    {
        const KernelParameter& parameter = kernel.parameters[i];
        if (!values[i]) refuse(InvalidValue, format("parameter %zu of kernel %s is a null pointer", i, kernel.name.c_str()));
        memcpy(&block[parameter.offset], values[i], parameter.size);
    }
    return block;
}

/// A warning without code 0, else the end of the launch: what kernels' preludes found.
void faultOfPrelude(int error, const char* what, EmuSite site)
{
    if (error != 0) failLane(error, what, {nullptr, site});
    warn(std::string(what) + ": " + kernelName() + " at " + describePlace(runningModule(), {nullptr, site}));
}

void prepareMachine(const Launch& launch)
{
    machine = {};
    machine.approximate = flagSetting("EMU_APPROX");
    machine.barrier = waitAtBarrier;
    machine.meet = meetInWarp;
    machine.multiply = multiply;
    machine.copyAsync = copyAsync;
    machine.commitCopies = commitCopies;
    machine.waitCopies = waitForCopies;
    machine.yield = yieldLane;
    machine.leave = leaveLane;
    machine.uniform = prepareUniformity();
    machine.fault = faultOfPrelude;
    prepareChecker(launch);
}
}

int residentBlocks(const Kernel& kernel, int lanes, size_t dynamicShared)
{
    const long shared = kernel.fixedShared + static_cast<long>(dynamicShared) + SharedOfSystem;
    if (shared > MaxShared + SharedOfSystem || lanes < 1) return 0;
    const int byWarps = LanesOfMultiprocessor / ((lanes + WarpLanes - 1) / WarpLanes * WarpLanes);
    return static_cast<int>(std::min({static_cast<long>(byWarps), static_cast<long>(BlocksOfMultiprocessor), SharedOfMultiprocessor / shared}));
}

std::shared_ptr<Launch> prepareLaunch(const std::shared_ptr<Module>& module, Kernel* kernel, const LaunchRequest& request, void** values, void** extra)
{
    checkShape(*kernel, request);
    checkShared(*kernel, request);
    checkCluster(*kernel, request);
    checkCooperative(*kernel, request);
    return std::make_shared<Launch>(Launch{module, kernel, request, parametersOf(*kernel, values, extra)});
}

int runLaunch(const Launch& launch)
{
    prepareMachine(launch);
    fault = {};
    {
        const Watchdog watchdog(*launch.module);
        runBlocks(launch);
    }
    countLaunch(launch.kernel->name);
    if (fault.code == 0) return Success;
    lastFault = describeFault(launch, fault);
    reportFault(format("FAULT %d %s %s", fault.code, resultName(fault.code), lastFault.c_str()));
    return fault.code;
}

void setKernelAttribute(Kernel& kernel, int attribute, int value)
{
    constexpr int PreferredCarveout = 9; // a hint
    if (attribute == PreferredCarveout) return;
    if (attribute == NonPortableClusterAttribute)
    {
        kernel.wideClusters = value != 0;
        return;
    }
    if (attribute != MaxDynamicSharedAttribute) refuse(InvalidValue, format("attribute %d of a kernel cannot be set", attribute));
    // CUDA C++ Programming Guide, compute capability 9.0: at most 227 KB for a block, fixed part included.
    if (value < 0 || value + kernel.fixedShared > MaxShared)
        refuse(InvalidValue, format("%d bytes of dynamic shared memory for kernel %s: at most %d beside its fixed %d",
            value, kernel.name.c_str(), MaxShared - kernel.fixedShared, kernel.fixedShared));
    kernel.maxDynamicShared = value;
}

int kernelAttribute(const Kernel& kernel, int attribute)
{
    enum
    {
        MaxThreadsPerBlock, SharedSize, ConstSize, LocalSize, Registers, PtxVersion, BinaryVersion, CacheModeCa,
        MaxDynamicShared, PreferredCarveout, ClusterMustBeSet, ClusterWidth, ClusterHeight, ClusterDepth, NonPortableClusterAllowed,
    };
    switch (attribute)
    {
        case MaxThreadsPerBlock: return kernel.maxLanes;
        case SharedSize: return kernel.fixedShared;
        case PtxVersion: case BinaryVersion: return static_cast<int>(numberSetting("EMU_CAPABILITY"));
        case MaxDynamicShared: return kernel.maxDynamicShared >= 0 ? kernel.maxDynamicShared : PlainShared - kernel.fixedShared;
        case PreferredCarveout: return -1;
        case NonPortableClusterAllowed: return kernel.wideClusters;
        // What this processor needs of registers and local memory says nothing of a GPU.
        case ConstSize: case LocalSize: case Registers: case CacheModeCa:
        case ClusterMustBeSet: case ClusterWidth: case ClusterHeight: case ClusterDepth: return 0;
        default: refuse(InvalidValue, format("attribute %d of a kernel is not known", attribute));
    }
}

std::string describeFault(const Launch& launch, const Fault& fault)
{
    std::string text = fault.what + " at " + describePlace(*launch.module, fault.place) + " by " + fault.lane;
    if (!fault.otherLane.empty())
        text += ", and " + (fault.otherWhat.empty() ? "" : fault.otherWhat + " ") + "at " + describePlace(*launch.module, fault.other) +
            " by " + fault.otherLane;
    return "kernel " + launch.kernel->name + ": " + text;
}

std::string describeLaunch(const Launch& launch)
{
    const LaunchRequest& request = launch.request;
    std::string text = format("%s grid %u %u %u block %u %u %u shared %u", launch.kernel->name.c_str(), request.grid[0], request.grid[1],
        request.grid[2], request.block[0], request.block[1], request.block[2], request.dynamicShared);
    if (request.cooperative) text += " cooperative";
    if (request.clustered) text += format(" cluster %u %u %u", request.cluster[0], request.cluster[1], request.cluster[2]);
    for (const KernelParameter& parameter : launch.kernel->parameters)
    {
        const unsigned char* value = &launch.parameters[parameter.offset];
        uintptr_t address = 0;
        memcpy(&address, value, std::min<size_t>(parameter.size, sizeof address));
        const bool isPointer = parameter.elementSize != 0 || (parameter.size == 8 && findAllocation(reinterpret_cast<void*>(address)));
        text += ", ";
        if (isPointer) text += nameAddress(reinterpret_cast<void*>(address));
        else for (int i = parameter.size; i-- > 0;) text += format("%02x", value[i]);
    }
    return text;
}
}
