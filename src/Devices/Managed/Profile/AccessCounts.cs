namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Accesses of one kind (loads, stores or atomic operations) to one memory, as warps of 32 lanes make them.
/// </summary>
/// <param name="Warps">How often a warp accessed: its lanes' n-th uses of a place since they last met are one.</param>
/// <param name="PartialWarps">How many of those not all lanes of the warp took part in: it had diverged.</param>
/// <param name="Lanes">Accesses of single lanes.</param>
/// <param name="Bytes">What the lanes asked for, a byte that two ask for twice.</param>
/// <param name="Transactions">
/// Of global memory the sectors of 32 bytes that the warps touched; of shared memory the passes over its 32 banks of
/// 4 bytes; 0 of local memory.
/// </param>
/// <param name="LeastTransactions">
/// As many as the same bytes would take lying side by side, and in shared memory in different banks.
/// </param>
/// <param name="CacheLines">Of global memory the lines of 128 bytes that the warps touched; 0 of the others.</param>
public readonly record struct AccessCounts(long Warps, long PartialWarps, long Lanes, long Bytes, long Transactions,
    long LeastTransactions, long CacheLines)
{
    /// <summary>Transactions that another order of the same bytes would save; of shared memory: conflicts of banks.
    /// </summary>
    public long Excess => Transactions - LeastTransactions;

    /// <summary>Transactions of one access of a warp; 0 where there was none.</summary>
    public double TransactionsPerWarp => Warps == 0 ? 0 : (double)Transactions / Warps;

    /// <summary>Both together.</summary>
    /// <param name="left">Some accesses.</param>
    /// <param name="right">Others.</param>
    public static AccessCounts operator +(AccessCounts left, AccessCounts right) => left.Add(right);

    /// <summary>Both together.</summary>
    /// <param name="other">Other accesses.</param>
    public AccessCounts Add(AccessCounts other) =>
        new(Warps + other.Warps, PartialWarps + other.PartialWarps, Lanes + other.Lanes, Bytes + other.Bytes,
            Transactions + other.Transactions, LeastTransactions + other.LeastTransactions,
            CacheLines + other.CacheLines);
}
