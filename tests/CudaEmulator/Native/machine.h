// What a compiled kernel and the driver know of each other. The driver includes this file; the compilers put its text
// before both preludes (CUDA C++ and PTX), so it needs no other header.
#pragma once

/// Where a lane is; read by threadIdx, blockIdx, ... and by %tid, %ctaid, ...
struct EmuLane
{
    unsigned thread[3], block[3], blockSize[3], gridSize[3];
    unsigned clusterSize[3]; // blocks; 1, 1, 1 without clusters
};

/// A place in the kernel's source: a C# line as #line gave it, or, where file is null, a line of the PTX text.
struct EmuSite
{
    const char* file;
    int line;
};

/// What an access does. Combined by |.
enum EmuAccess
{
    EmuRead = 0,
    EmuWrite = 1,
    EmuAtomic = 2,
    EmuUnaligned = 4, // of no particular alignment, as memcpy's
};

/// Kinds of barrier: of the block, bar.sync, bar.red.popc, bar.red.and, bar.red.or; of the cluster,
/// barrier.cluster.arrive and .wait.
enum EmuBarrier
{
    EmuBarrierPlain,
    EmuBarrierCount,
    EmuBarrierAnd,
    EmuBarrierOr,
    EmuBarrierClusterArrive, // does not wait
    EmuBarrierClusterWait,
};

/// Warp operations that lanes meet in. Lanes that meet must name the same one; the preludes make shuffles, votes, ...
/// from what was met.
enum EmuWarp
{
    EmuWarpSync,      // __syncwarp, bar.warp.sync
    EmuWarpShuffle,   // + 0 to 3: idx, up, down, bfly
    EmuWarpVote = 8,
    EmuWarpMatch,
    EmuWarpReduce = 16, // + operation
};

/// Shapes of mma.sync.
enum EmuMma
{
    EmuMmaTf32, // m16n8k8, A and B tf32
    EmuMmaBf16, // m16n8k16, A and B bf16
};

/// The machine as the running lane sees it.
struct Emu
{
    EmuLane* lane;
    /// Shared memory of the running block: for PTX the fixed part, then the dynamic one; for CUDA C++ the dynamic one
    /// alone (its fixed part is the section emu_shared of the kernel's own library).
    char* shared;
    unsigned sharedBytes; // from shared on
    char* dynamicShared;
    unsigned dynamicBytes;
    int approximate; // PTX's approximations are off by as much as its manual allows

    int (*barrier)(int kind, int predicate, EmuSite site);
    /// Waits for all lanes of the mask. values[i] is what lane i brought. Returns the lanes that took part.
    unsigned (*meet)(int operation, unsigned mask, unsigned long long value, unsigned long long* values, EmuSite site);
    /// D = A·B + C on the whole warp, fragments as the PTX ISA lays them out; c is C, then D.
    void (*multiply)(int shape, const unsigned* a, const unsigned* b, float* c, EmuSite site);
    /// cp.async: size bytes of shared memory, the first of them (bytes) from global memory, the rest zeros; done as
    /// late as a wait allows.
    void (*copyAsync)(void* to, const void* from, int size, int bytes, EmuSite site);
    void (*commitCopies)();
    void (*waitCopies)(int pending, EmuSite site);
    /// The lane waits for what another one writes (__nanosleep), or has run for long (a branch backwards).
    void (*yield)();
    /// The lane ends here (PTX's exit; a return of the entry does the same).
    void (*leave)();
    /// A branch that the text calls uniform goes this way.
    void (*uniform)(unsigned long long way, EmuSite site);
    /// Null unless accesses are checked. pc: where the kernel's library made the access, for its C# line; null where
    /// site tells it.
    void (*access)(const void* address, int bytes, int kind, const void* pc, EmuSite site);
    /// Ends the launch with a CUresult; error 0 only notes a warning.
    void (*fault)(int error, const char* what, EmuSite site);
};
