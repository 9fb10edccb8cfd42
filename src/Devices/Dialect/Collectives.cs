using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>
/// Reductions and scans over the lanes of a group, in the order of <see cref="Group.LinearIndex"/>:
/// the same bits on every launch of one device. For kernels only.
/// </summary>
public static class GroupExtensions
{
    /// <summary>The reduction of every lane's value; defined in lane 0 only.</summary>
    public static T Reduce<T, TReduction>(T value) where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <summary>The reduction of every lane's value, in every lane.</summary>
    public static T AllReduce<T, TReduction>(T value) where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <summary>The reduction of the values of the lanes before this one.</summary>
    public static T ExclusiveScan<T, TScanOperation>(T value)
        where T : unmanaged where TScanOperation : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <summary>The reduction of the values of the lanes up to this one.</summary>
    public static T InclusiveScan<T, TScanOperation>(T value)
        where T : unmanaged where TScanOperation : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();
}

/// <summary>Reductions and scans over the lanes of a warp, in the order of <see cref="Warp.LaneIdx"/>. For kernels that may use warp operations.</summary>
public static class WarpExtensions
{
    /// <inheritdoc cref="GroupExtensions.Reduce{T, TReduction}"/>
    public static T Reduce<T, TReduction>(T value) where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="GroupExtensions.AllReduce{T, TReduction}"/>
    public static T AllReduce<T, TReduction>(T value) where T : unmanaged where TReduction : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="GroupExtensions.ExclusiveScan{T, TScanOperation}"/>
    public static T ExclusiveScan<T, TScanOperation>(T value)
        where T : unmanaged where TScanOperation : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();

    /// <inheritdoc cref="GroupExtensions.InclusiveScan{T, TScanOperation}"/>
    public static T InclusiveScan<T, TScanOperation>(T value)
        where T : unmanaged where TScanOperation : struct, IScanReduceOperation<T> => throw KernelOnly.Rendezvous();
}
