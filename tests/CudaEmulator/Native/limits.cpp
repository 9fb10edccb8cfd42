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
constexpr int LanesOfMultiprocessor = 2048, BlocksOfMultiprocessor = 32;
constexpr int SharedOfMultiprocessor = 228 << 10, SharedOfSystem = 1 << 10; // the system's: of each block

/// CUfunction_attribute of cuda.h.
enum FunctionAttribute
{
    MaxThreadsPerBlock,
    SharedSize,
    ConstSize,
    LocalSize,
    Registers,
    PtxVersion,
    BinaryVersion,
    CacheModeCa,
    MaxDynamicShared,
    PreferredCarveout,
    ClusterSizeMustBeSet,
    ClusterWidth,
    ClusterHeight,
    ClusterDepth,
    NonPortableClusterAllowed,
};

void checkSizes(const char* what, const unsigned* sizes, const unsigned* most, const std::string& kernel)
{
    for (int axis = 0; axis < 3; axis++)
        if (sizes[axis] < 1 || sizes[axis] > most[axis])
            refuse(InvalidValue,
                format("%s %u along %c for kernel %s: 1 to %u", what, sizes[axis], "xyz"[axis], kernel.c_str(),
                    most[axis]));
}

void checkShape(const Kernel& kernel, const LaunchRequest& request)
{
    checkSizes("a grid of", request.grid, MaxGrid, kernel.name);
    checkSizes("a block of", request.block, MaxBlock, kernel.name);
    const unsigned lanes = request.block[0] * request.block[1] * request.block[2];
    if (lanes > MaxLanes)
        refuse(InvalidValue,
            format("a block of %u lanes for kernel %s: at most %u", lanes, kernel.name.c_str(), MaxLanes));
    // PTX ISA, .maxntid: a launch with more lanes fails.
    if (static_cast<int>(lanes) > kernel.maxLanes)
        refuse(LaunchOutOfResources,
            format("a block of %u lanes for kernel %s, which is made for %d", lanes, kernel.name.c_str(),
                kernel.maxLanes));
}

// CUDA C++ Programming Guide, shared memory: fixed and dynamic are at most 48 KB together, unless the kernel opts in to
// more.
void checkShared(const Kernel& kernel, const LaunchRequest& request)
{
    const long limit = kernelAttribute(kernel, MaxDynamicShared);
    if (static_cast<long>(request.dynamicShared) <= limit) return;
    refuse(InvalidValue,
        format("%u bytes of dynamic shared memory for kernel %s, which may have %ld beside its fixed %d",
            request.dynamicShared, kernel.name.c_str(), limit, kernel.fixedShared));
}

// CUDA C++ Programming Guide, thread block clusters: of compute capability 9.0; 8 blocks are the portable most; the
// grid is a multiple.
void checkCluster(const Kernel& kernel, const LaunchRequest& request)
{
    if (!request.clustered) return;
    const unsigned* size = request.cluster;
    const std::string& name = kernel.name;
    if (numberSetting("EMU_CAPABILITY") < 90)
        refuse(NotSupported, "clusters for kernel " + name + " on a device before compute capability 9.0");
    const unsigned long blocks = static_cast<unsigned long>(size[0]) * size[1] * size[2];
    const unsigned long most = kernel.wideClusters ? MaxCluster : MaxPortableCluster;
    if (blocks < 1) refuse(InvalidValue, "a cluster without blocks for kernel " + name);
    if (blocks > most)
        refuse(InvalidClusterSize,
            format("a cluster of %lu blocks for kernel %s: at most %lu", blocks, name.c_str(), most));
    for (int axis = 0; axis < 3; axis++)
        if (request.grid[axis] % size[axis] != 0)
            refuse(InvalidValue,
                format("a grid of %u along %c in clusters of %u for kernel %s", request.grid[axis], "xyz"[axis],
                    size[axis], name.c_str()));
}

// CUDA C++ Programming Guide, cooperative groups, grid synchronization: all blocks must be resident at once.
void checkCooperative(const Kernel& kernel, const LaunchRequest& request)
{
    if (!request.cooperative) return;
    const int lanes = request.block[0] * request.block[1] * request.block[2];
    const long resident = numberSetting("EMU_SMS", 1) * residentBlocks(kernel, lanes, request.dynamicShared);
    const uint64_t blocks = static_cast<uint64_t>(request.grid[0]) * request.grid[1] * request.grid[2];
    if (blocks > static_cast<uint64_t>(resident))
        refuse(CooperativeLaunchTooLarge,
            format("a cooperative launch of %lu blocks of kernel %s: the device holds %ld at once",
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
    return static_cast<int>(std::min(
        {static_cast<long>(byWarps), static_cast<long>(BlocksOfMultiprocessor), SharedOfMultiprocessor / shared}));
}

void setKernelAttribute(Kernel& kernel, int attribute, int value)
{
    if (attribute == PreferredCarveout) return; // a hint
    if (attribute == NonPortableClusterAllowed)
    {
        kernel.wideClusters = value != 0;
        return;
    }
    if (attribute != MaxDynamicShared)
        refuse(InvalidValue, format("attribute %d of a kernel cannot be set", attribute));
    // CUDA C++ Programming Guide, compute capability 9.0: at most 227 KB for a block, fixed part included.
    if (value < 0 || value + kernel.fixedShared > MaxShared)
        refuse(InvalidValue,
            format("%d bytes of dynamic shared memory for kernel %s: at most %d beside its fixed %d", value,
                kernel.name.c_str(), MaxShared - kernel.fixedShared, kernel.fixedShared));
    kernel.maxDynamicShared = value;
}

int kernelAttribute(const Kernel& kernel, int attribute)
{
    switch (attribute)
    {
        case MaxThreadsPerBlock: return kernel.maxLanes;
        case SharedSize: return kernel.fixedShared;
        case PtxVersion:
        case BinaryVersion: return static_cast<int>(numberSetting("EMU_CAPABILITY"));
        case MaxDynamicShared:
            return kernel.maxDynamicShared >= 0 ? kernel.maxDynamicShared : PlainShared - kernel.fixedShared;
        case PreferredCarveout: return -1; // the driver's choice
        case NonPortableClusterAllowed: return kernel.wideClusters;
        // What this processor needs of registers and local memory says nothing of a GPU.
        case ConstSize:
        case LocalSize:
        case Registers:
        case CacheModeCa:
        case ClusterSizeMustBeSet:
        case ClusterWidth:
        case ClusterHeight:
        case ClusterDepth: return 0;
        default: refuse(InvalidValue, format("attribute %d of a kernel is not known", attribute));
    }
}
}
