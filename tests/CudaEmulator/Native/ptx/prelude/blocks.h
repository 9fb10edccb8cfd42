// Barriers of a block, and what ends a lane or a launch.

INLINE int blockBarrier(int kind, int predicate, int line)
{
    FENCE;
    int result = emu->barrier(kind, predicate, at(line));
    FENCE;
    return result;
}

// bar.sync a, b: b lanes take part; here always all of the block.
INLINE void blockBarrierOf(u32 lanes, int line)
{
    if (lanes != (blockLanes() + 31) / 32 * 32 && lanes != blockLanes())
        emu->fault(NotSupported, "a barrier of a part of the block: the emulator does not take it", at(line));
    blockBarrier(EmuBarrierPlain, 0, line);
}

// bra.uni, brx.idx.uni: all lanes of the warp go this way.
INLINE void uniform(u64 way, int line)
{
    if (emu->uniform) emu->uniform(way, at(line));
}

INLINE void trap(int line) { emu->fault(LaunchFailed, "trap", at(line)); }
INLINE void outsideOfTargets(int line) { emu->fault(LaunchFailed, "brx.idx outside of its targets", at(line)); }
INLINE void assertion(u64 message, int line) { emu->fault(Assertion, (const char*)message, at(line)); }

INLINE void sleep()
{
    FENCE;
    emu->yield();
    FENCE;
}
