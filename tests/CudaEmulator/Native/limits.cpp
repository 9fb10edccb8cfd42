#include "limits.h"
#include "blocks.h"
#include "launches.h"
#include "report.h"
#include "results.h"
#include "settings.h"
#include <algorithm>

namespace emu
{
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
}

void checkLimits(const Kernel& kernel, const LaunchRequest& request)
{
    checkShape(kernel, request);
    checkShared(kernel, request);
    checkCluster(kernel, request);
    checkCooperative(kernel, request);
}

int residentBlocks(const Kernel& kernel, int lanes, size_t dynamicShared)
{
    const long shared = kernel.fixedShared + static_cast<long>(dynamicShared) + SharedOfSystem;
    if (shared > MaxShared + SharedOfSystem || lanes < 1) return 0;
    const int byWarps = LanesOfMultiprocessor / ((lanes + WarpLanes - 1) / WarpLanes * WarpLanes);
    return static_cast<int>(std::min({static_cast<long>(byWarps), static_cast<long>(BlocksOfMultiprocessor), SharedOfMultiprocessor / shared}));
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
}
