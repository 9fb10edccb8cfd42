namespace LdNetGpu.Devices.Managed;

/// <summary>What the lanes of a kernel did at one line of its C#.</summary>
/// <param name="File">Relative to its project.</param>
/// <param name="Line">From 1.</param>
/// <param name="Code">The expressions there that access memory or wait, as written.</param>
public sealed record ProfiledLine(string File, int Line, string Code)
{
    /// <summary>Reads of global memory.</summary>
    public AccessCounts GlobalLoads { get; init; }

    /// <summary>Writes of global memory.</summary>
    public AccessCounts GlobalStores { get; init; }

    /// <summary>Atomic operations on global memory.</summary>
    public AccessCounts GlobalAtomics { get; init; }

    /// <summary>Reads of shared memory.</summary>
    public AccessCounts SharedLoads { get; init; }

    /// <summary>Writes of shared memory.</summary>
    public AccessCounts SharedStores { get; init; }

    /// <summary>Atomic operations on shared memory: each lane's is a pass of its own where they meet in a bank.
    /// </summary>
    public AccessCounts SharedAtomics { get; init; }

    /// <summary>Reads and writes of arrays that a lane has to itself, which a compiler may keep in registers.</summary>
    public AccessCounts Local { get; init; }

    /// <summary>Barriers and collectives of a group.</summary>
    public BarrierCounts GroupBarriers { get; init; }

    /// <summary>Barriers and collectives of a warp.</summary>
    public BarrierCounts WarpBarriers { get; init; }

    /// <summary>Barriers of the whole grid.</summary>
    public BarrierCounts GridBarriers { get; init; }

    /// <summary>All of global memory.</summary>
    public AccessCounts Global => GlobalLoads + GlobalStores + GlobalAtomics;

    /// <summary>All of shared memory.</summary>
    public AccessCounts Shared => SharedLoads + SharedStores + SharedAtomics;

    /// <summary>
    /// An order of lines, and no time: a sector of global memory is 1, one that an atomic operation reads and writes 2,
    /// a pass of shared memory 1, a warp that waits for its group or the grid 1.
    /// </summary>
    public long Cost => Global.Transactions + GlobalAtomics.Transactions + Shared.Transactions + GroupBarriers.Warps
        + GridBarriers.Warps;

    /// <summary>The counts of both; place and code are this one's.</summary>
    internal ProfiledLine Plus(ProfiledLine other) => this with
    {
        GlobalLoads = GlobalLoads + other.GlobalLoads,
        GlobalStores = GlobalStores + other.GlobalStores,
        GlobalAtomics = GlobalAtomics + other.GlobalAtomics,
        SharedLoads = SharedLoads + other.SharedLoads,
        SharedStores = SharedStores + other.SharedStores,
        SharedAtomics = SharedAtomics + other.SharedAtomics,
        Local = Local + other.Local,
        GroupBarriers = GroupBarriers + other.GroupBarriers,
        WarpBarriers = WarpBarriers + other.WarpBarriers,
        GridBarriers = GridBarriers + other.GridBarriers,
    };
}
