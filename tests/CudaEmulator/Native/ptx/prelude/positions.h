// Special registers: where a lane is.

INLINE u32 linear()
{
    const EmuLane& l = *emu->lane;
    return l.thread[0] + l.blockSize[0] * (l.thread[1] + l.blockSize[1] * l.thread[2]);
}

INLINE u32 blockLanes() { return emu->lane->blockSize[0] * emu->lane->blockSize[1] * emu->lane->blockSize[2]; }
INLINE u32 laneId() { return linear() & 31; }
INLINE u32 warpId() { return linear() >> 5; }
INLINE u32 warps() { return (blockLanes() + 31) >> 5; }
INLINE u32 lanesEqual() { return 1u << laneId(); }
INLINE u32 lanesLess() { return (1u << laneId()) - 1; }
INLINE u32 lanesLessOrEqual() { return (2u << laneId()) - 1; }

INLINE u32 blockOfCluster(int axis) { return emu->lane->block[axis] % emu->lane->clusterSize[axis]; }
INLINE u32 cluster(int axis) { return emu->lane->block[axis] / emu->lane->clusterSize[axis]; }
INLINE u32 clusters(int axis) { return emu->lane->gridSize[axis] / emu->lane->clusterSize[axis]; }
INLINE u32 clusterBlocks() { return emu->lane->clusterSize[0] * emu->lane->clusterSize[1] * emu->lane->clusterSize[2]; }
INLINE u32 rankInCluster()
{
    const u32* size = emu->lane->clusterSize;
    return blockOfCluster(0) + size[0] * (blockOfCluster(1) + size[1] * blockOfCluster(2));
}

// The lanes of a warp need not run together, and here none does: a lane sees itself alone, as the PTX ISA allows.
INLINE u32 activeMask() { return lanesEqual(); }

// .reqntid: the launch's block must be the one that the text asks for.
INLINE void requireBlock(u32 x, u32 y, u32 z, int line)
{
    const u32* size = emu->lane->blockSize;
    if (size[0] != x || size[1] != y || size[2] != z)
        emu->fault(1, "the block is not the one that .reqntid asks for", at(line));
}

// A counter that grows from one reading to the next, for %clock and %globaltimer.
static u64 readings;
INLINE u64 clock() { return readings += 32; }
