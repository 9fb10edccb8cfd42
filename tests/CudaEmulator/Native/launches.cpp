#include "launches.h"
#include "async_copies.h"
#include "barriers.h"
#include "blocks.h"
#include "checker.h"
#include "faults.h"
#include "limits.h"
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
/// cuda.h, cuLaunchKernel: extra is CU_LAUNCH_PARAM_BUFFER_POINTER, pointer, CU_LAUNCH_PARAM_BUFFER_SIZE, pointer to
/// size, CU_LAUNCH_PARAM_END.
std::vector<unsigned char> parametersOf(const Kernel& kernel, void** extra)
{
    constexpr uintptr_t End = 0, BufferPointer = 1, BufferSize = 2;
    const unsigned char* buffer = nullptr;
    size_t size = 0;
    for (; reinterpret_cast<uintptr_t>(extra[0]) != End; extra += 2)
    {
        const auto key = reinterpret_cast<uintptr_t>(extra[0]);
        if (key == BufferPointer) buffer = static_cast<unsigned char*>(extra[1]);
        else if (key == BufferSize) size = *static_cast<size_t*>(extra[1]);
        else
            refuse(
                InvalidValue, format("an unknown key %zu among the launch's extra options", static_cast<size_t>(key)));
    }
    if (!buffer) refuse(InvalidValue, "no parameter buffer among the launch's extra options");
    // The buffer may be padded to the alignment of its widest member.
    const size_t declared = kernel.parameterBytes;
    if (size < declared || size > (declared + 15) / 16 * 16)
        refuse(LaunchOutOfResources,
            format("%zu bytes of parameters for kernel %s, which takes %zu", size, kernel.name.c_str(), declared));
    return {buffer, buffer + declared};
}

/// Each value is read with its parameter's own size, at once: the program may change it as soon as the call is over.
std::vector<unsigned char> parametersOf(const Kernel& kernel, void** values, void** extra)
{
    if (extra && values) refuse(InvalidValue, "a launch with both kernelParams and extra");
    if (extra) return parametersOf(kernel, extra);
    if (!values && !kernel.parameters.empty())
        refuse(InvalidValue, "kernel " + kernel.name + " takes parameters, and none are given");
    std::vector<unsigned char> block(kernel.parameterBytes);
    for (size_t i = 0; i < kernel.parameters.size(); i++)
    {
        const KernelParameter& parameter = kernel.parameters[i];
        if (!values[i])
            refuse(InvalidValue, format("parameter %zu of kernel %s is a null pointer", i, kernel.name.c_str()));
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

/// A pointer as an allocation and an offset, anything else in hexadecimal.
std::string describeParameter(const KernelParameter& parameter, const unsigned char* value)
{
    void* address = nullptr;
    memcpy(&address, value, std::min<size_t>(parameter.size, sizeof address));
    const bool isPointer = parameter.elementSize != 0 || (parameter.size == sizeof address && findAllocation(address));
    if (isPointer) return nameAddress(address);
    std::string digits;
    for (int i = parameter.size; i-- > 0;) digits += format("%02x", value[i]);
    return digits;
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

std::shared_ptr<Launch> prepareLaunch(
    const std::shared_ptr<Module>& module, Kernel* kernel, const LaunchRequest& request, void** values, void** extra)
{
    checkLimits(*kernel, request);
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

std::string describeFault(const Launch& launch, const Fault& fault)
{
    std::string text = fault.what + " at " + describePlace(*launch.module, fault.place) + " by " + fault.lane;
    if (!fault.otherLane.empty())
        text += ", and " + (fault.otherWhat.empty() ? "" : fault.otherWhat + " ") + "at " +
            describePlace(*launch.module, fault.otherPlace) + " by " + fault.otherLane;
    return "kernel " + launch.kernel->name + ": " + text;
}

std::string describeLaunch(const Launch& launch)
{
    const LaunchRequest& request = launch.request;
    const auto three = [](const char* what, const unsigned* sizes) {
        return format(" %s %u %u %u", what, sizes[0], sizes[1], sizes[2]);
    };
    std::string text = three("grid", request.grid) + three("block", request.block);
    text += " shared " + std::to_string(request.dynamicShared);
    if (request.cooperative) text += " cooperative";
    if (request.clustered) text += three("cluster", request.cluster);
    const char* separator = " parameters ";
    for (const KernelParameter& parameter : launch.kernel->parameters)
    {
        text += separator + describeParameter(parameter, &launch.parameters[parameter.offset]);
        separator = ", ";
    }
    return text;
}
}
