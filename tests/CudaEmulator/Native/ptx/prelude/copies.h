// cp.async. The machine checks both addresses: the source is not read where nothing is copied from it.

INLINE void copyAsync(u64 to, u64 from, int size, u32 bytes, int line)
{
    FENCE;
    emu->copyAsync((void*)sharedToGeneric(to), (const void*)from, size, (int)bytes, at(line));
    FENCE;
}

INLINE void waitCopies(int pending, int line)
{
    FENCE;
    emu->waitCopies(pending, at(line));
    FENCE;
}

INLINE void waitAllCopies(int line)
{
    emu->commitCopies();
    waitCopies(0, line);
}
