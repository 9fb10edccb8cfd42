#include "checker.h"
#include "faults.h"
#include "launches.h"
#include "memory.h"
#include "races.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include "watchdog.h"
#include <algorithm>
#include <cstring>

namespace emu
{
bool checking;

namespace
{
/// Memory that a parameter gives the kernel.
struct View
{
    const char *begin, *end;
    Allocation* allocation;
    int parameter, elementSize;
};

const Launch* launch;
std::vector<View> views;
Allocation* lastAllocation; // of PTX, which has no views

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

bool within(const void* address, int bytes, const void* begin, size_t size)
{
    return number(address) >= number(begin) && number(address) + bytes <= number(begin) + size;
}

template <typename T> T valueOf(const KernelParameter& parameter)
{
    T value;
    memcpy(&value, &launch->parameters[parameter.offset], sizeof value);
    return value;
}

/// A pointer followed by its length in elements is a view; a pointer without one gives its whole allocation.
void addView(size_t index)
{
    const auto& parameters = launch->kernel->parameters;
    const KernelParameter& parameter = parameters[index];
    if (parameter.elementSize == 0) return;
    const char* begin = valueOf<const char*>(parameter);
    Allocation* allocation = findAllocation(begin);
    if (!allocation) return;
    const char* end = allocation->start + allocation->bytes;
    const bool hasNext = index + 1 < parameters.size();
    if (hasNext && parameters[index + 1].size == 8 && parameters[index + 1].elementSize == 0)
        end = std::min(end, begin + std::max(0LL, valueOf<long long>(parameters[index + 1])) * parameter.elementSize);
    views.push_back({begin, end, allocation, static_cast<int>(index), parameter.elementSize});
}

/// The view that a stray access probably meant, in words; else where in memory it went.
std::string describeStray(const void* address)
{
    const auto* at = static_cast<const char*>(address);
    const auto distance = [&](const View& view) { return at < view.begin ? view.begin - at : at - view.end; };
    const Allocation* allocation = findAllocation(address);
    const View* nearest = nullptr;
    for (const View& view : views)
        if (view.allocation == allocation && (!nearest || distance(view) < distance(*nearest))) nearest = &view;
    if (!nearest) return describeAddress(address);
    const long size = nearest->elementSize, offset = at - nearest->begin;
    const long element = (offset < 0 ? offset - size + 1 : offset) / size,
               elements = (nearest->end - nearest->begin) / size;
    return format(
        "element %ld of the view of %ld elements that parameter %d gives", element, elements, nearest->parameter);
}

std::string describe(const Access& access)
{
    return std::string(describeAccess(access.kind)) + " of " + plural(access.bytes, "byte");
}

/// What the emulator keeps for a kernel and compiled kernels read: their stack, the machine, the lane's place, the
/// parameters.
bool isEmulators(const void* address, int bytes)
{
    return within(address, bytes, running->fibre->stack, StackBytes) ||
        within(address, bytes, &machine, sizeof machine) ||
        within(address, bytes, &running->position, sizeof running->position) ||
        within(address, bytes, launch->parameters.data(), launch->parameters.size()) || isParameterPointer(address);
}

bool isModules(const Access& access)
{
    const Module& module = *launch->module;
    return within(access.address, access.bytes, module.low, module.high - module.low);
}

/// The allocation that holds the bytes, if the launch may reach them there.
Allocation* reachable(const Access& access)
{
    if (launch->kernel->isPtx)
    {
        if (lastAllocation && within(access.address, access.bytes, lastAllocation->start, lastAllocation->bytes))
            return lastAllocation;
        return lastAllocation = findAllocation(access.address, access.bytes);
    }
    for (const View& view : views)
        if (within(access.address, access.bytes, view.begin, view.end - view.begin)) return view.allocation;
    return nullptr;
}

/// A CUDA C++ text has no variables but those that barriers of the grid count in; its library's others are constant.
void checkModules(const Access& access)
{
    const bool plainWrite = access.kind & EmuWrite && !(access.kind & EmuAtomic);
    if (plainWrite && !launch->kernel->isPtx)
        failLane(IllegalAddress, describe(access) + " to the module's own data", access.place);
}

void checkBounds(const Access& access)
{
    if (isShared(access.address, access.bytes)) return;
    if (isModules(access)) return checkModules(access);
    if (reachable(access) || isPinned(access.address, access.bytes)) return;
    failLane(IllegalAddress, describe(access) + " out of bounds: " + describeStray(access.address), access.place);
}

void judge(const Access& access)
{
    if (isShared(access.address, access.bytes)) return touchShared(access);
    if (isModules(access))
    {
        const bool isVariable = launch->kernel->isPtx || access.kind & EmuAtomic;
        if (isVariable) touchVariable(access);
        return;
    }
    if (Allocation* allocation = reachable(access)) touchAllocation(*allocation, access);
}

/// Whether the access is the atomic change that verifies a lane's guess: a loop of compare-and-swaps begins with a
/// plain read of what it is going to change, and whatever another lane made of it meanwhile, the swap finds out.
bool verifies(const Access& access, const Access& guess)
{
    const int change = EmuAtomic | EmuWrite;
    return (access.kind & change) == change && access.address == guess.address && access.bytes == guess.bytes;
}
}

void prepareChecker(const Launch& what)
{
    checking = flagSetting("EMU_CHECK");
    machine.access = checking ? checkAccess : nullptr;
    launch = &what;
    views.clear();
    lastAllocation = nullptr;
    if (!checking) return;
    for (size_t i = 0; i < what.kernel->parameters.size(); i++) addView(i);
    prepareRaces(what);
}

void checkAccess(const void* address, int bytes, int kind, const void* pc, EmuSite site)
{
    if (!running || isEmulators(address, bytes)) return;
    const Access access = {address, bytes, kind, {pc, site}};
    if (timeIsUp()) failLane(LaunchTimeout, timeoutText(), access.place);
    // CUDA C++ Programming Guide, device memory accesses: an access of 1, 2, 4, 8 or 16 bytes is at a multiple of its
    // size.
    if (!(kind & EmuUnaligned) && number(address) % bytes != 0)
        failLane(
            MisalignedAddress, describe(access) + " at no multiple of that: " + describeStray(address), access.place);
    checkBounds(access);
    counts.accesses++;
    Lane& lane = *running;
    if (lane.guess.address && verifies(access, lane.guess)) lane.guess = {};
    settleGuess(lane);
    // CUDA C++ has its loops in the prelude, as one atomic change.
    if (launch->kernel->isPtx && kind == EmuRead) lane.guess = access;
    else judge(access);
}

void settleGuess(Lane& lane)
{
    if (!lane.guess.address) return;
    const Access guess = lane.guess;
    lane.guess = {};
    judge(guess);
}

bool isShared(const void* address, int bytes)
{
    const Kernel& kernel = *launch->kernel;
    return within(address, bytes, machine.shared, machine.sharedBytes) ||
        (kernel.sharedBegin && within(address, bytes, kernel.sharedBegin, kernel.fixedShared));
}

const char* describeAccess(int kind)
{
    if (!(kind & EmuWrite)) return "a read";
    return kind & EmuAtomic ? "an atomic change" : "a write";
}
}
