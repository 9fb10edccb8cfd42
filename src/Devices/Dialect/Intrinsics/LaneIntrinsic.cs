using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Dialect;

/// <summary>What an intrinsic is to a lane, which decides how a checked body calls the managed device for it.</summary>
enum LaneRole
{
    /// <summary>The lane computes it alone, as C# would: a fence, a change of bits.</summary>
    Alone,

    /// <summary>Changes an element that other lanes may change at the same time.</summary>
    Atomic,

    /// <summary>Says where the lane is.</summary>
    Position,

    /// <summary>The lanes of a group meet in it.</summary>
    GroupCollective,

    /// <summary>The lanes of a warp meet in it.</summary>
    WarpCollective,

    /// <summary>The lanes of the grid meet in it.</summary>
    GridCollective,

    /// <summary>A place in the code that allocates shared memory.</summary>
    SharedAllocation,

    /// <summary>Gives memory of the launch or of the lane.</summary>
    Memory,

    /// <summary>Makes another view of a view's elements.</summary>
    ViewPart,

    /// <summary>Reaches memory by views and indices, so that the managed device must know from where.</summary>
    VectorisedAccess,
}

/// <summary>
/// A member of ILGPU's types or the dialect's that means something beyond its C#, as the generator and its checked
/// bodies read it.
/// </summary>
/// <param name="Type">Name of the class that has it.</param>
/// <param name="Name">Its own.</param>
/// <param name="Role">What it is to a lane.</param>
/// <param name="Lane">The managed device's name for it; null where a checked body calls it as it stands.</param>
/// <param name="Needs">What the device must offer for it.</param>
sealed record LaneIntrinsic(string Type, string Name, LaneRole Role, string? Lane, KernelRequirements Needs)
{
    /// <summary>All of them.</summary>
    public static readonly LaneIntrinsic[] All =
    [
        .. Each("Grid", LaneRole.Position, "Grid.", "IdxX", "IdxY", "IdxZ", "DimX", "DimY", "DimZ", "Index",
            "Dimension"),
        .. Each("Grid", LaneRole.Position, "Grid.", "LinearIndex", "GlobalIndex", "GlobalLinearIndex"),
        .. Each("Group", LaneRole.Position, "Group.", "IdxX", "IdxY", "IdxZ", "DimX", "DimY", "DimZ", "Index",
            "Dimension"),
        .. Each("Group", LaneRole.Position, "Group.", "LinearIndex", "IsFirstThread", "IsLastThread"),
        .. Each("Group", LaneRole.GroupCollective, "Group", "Barrier", "BarrierPopCount", "BarrierAnd", "BarrierOr",
            "Broadcast"),
        .. Each("GroupExtensions", LaneRole.GroupCollective, "Group", "Reduce", "AllReduce", "ExclusiveScan",
            "InclusiveScan"),
        .. Each("Warp", LaneRole.Position, "Warp.", "WarpSize", "LaneIdx", "WarpIdx", "IsFirstLane", "IsLastLane"),
        .. Each("Warp", LaneRole.WarpCollective, "Warp", "Barrier", "Shuffle", "ShuffleDown", "ShuffleUp", "ShuffleXor",
            "Broadcast"),
        .. Each("WarpExtensions", LaneRole.WarpCollective, "Warp", "Reduce", "AllReduce", "ExclusiveScan",
            "InclusiveScan"),
        .. Each("CooperativeGrid", LaneRole.GridCollective, "Grid", "Barrier"),
        .. Each("Mma", LaneRole.WarpCollective, "WarpMma", "Tf32", "Bf16"),
        .. Each("Mma", LaneRole.Alone, null, "ToTf32", "PackBf16"),
        new("SharedMemory", "Allocate", LaneRole.SharedAllocation, "Shared", KernelRequirements.None),
        new("SharedMemory", "GetDynamic", LaneRole.Memory, "DynamicShared", KernelRequirements.None),
        new("LocalMemory", "Allocate", LaneRole.Memory, "Local", KernelRequirements.None),
        .. Each("ArrayView", LaneRole.ViewPart, "", "SubView", "Cast"),
        .. Each("AsyncCopy", LaneRole.VectorisedAccess, "AsyncCopy", "Bytes4", "Bytes8", "Bytes16", "Commit", "Wait"),
        .. Each("Vector", LaneRole.VectorisedAccess, "Vector", "Load", "Store"),
        .. Each("Atomic", LaneRole.Atomic, null, "Add", "Min", "Max", "Exchange", "CompareExchange", "And", "Or",
            "Xor"),
        .. Each("MemoryFence", LaneRole.Alone, null, "GroupLevel", "DeviceLevel", "SystemLevel"),
        .. Each("Interop", LaneRole.Alone, null, "FloatAsInt", "IntAsFloat"),
        .. Each("CudaAsm", LaneRole.Alone, null, "Emit"),
    ];

    /// <summary>Who meets in it, as the managed device calls it; null where nobody does.</summary>
    public string? Scope => Role switch
    {
        LaneRole.GroupCollective => "Group",
        LaneRole.WarpCollective => "Warp",
        LaneRole.GridCollective => "Grid",
        _ => null,
    };

    static IEnumerable<LaneIntrinsic> Each(string type, LaneRole role, string? lane, params string[] names) =>
        names.Select(name => new LaneIntrinsic(type, name, role, lane is null ? null : lane + name, NeedsOf(type)));

    static KernelRequirements NeedsOf(string type) => type switch
    {
        "Warp" or "WarpExtensions" => KernelRequirements.Warp,
        "CooperativeGrid" => KernelRequirements.Cooperative,
        "Mma" => KernelRequirements.Mma,
        "AsyncCopy" => KernelRequirements.AsyncCopy,
        "Vector" => KernelRequirements.Vector,
        "CudaAsm" => KernelRequirements.Ptx,
        _ => KernelRequirements.None,
    };
}
