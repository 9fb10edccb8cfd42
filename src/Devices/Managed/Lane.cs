using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>One lane of a kernel that runs on the managed device: its place in the grid and its checked access to memory. Generated code calls it.</summary>
public sealed class Lane
{
    [ThreadStatic] static Lane? running;

    internal Lane(Index3D gridIndex, Index3D gridDim, Index3D groupIndex, Index3D groupDim) =>
        (GridIndex, GridDim, GroupIndex, GroupDim) = (gridIndex, gridDim, groupIndex, groupDim);

    /// <summary>The lane that this thread runs.</summary>
    /// <exception cref="InvalidOperationException">None: host code called what only kernels may.</exception>
    public static Lane Current => running ?? throw KernelOnly.Lane();

    internal static void Enter(Lane? lane) => running = lane;

    public Index3D GridIndex { get; }
    public Index3D GridDim { get; }
    public Index3D GroupIndex { get; }
    public Index3D GroupDim { get; }
    public int WarpSize => 32;

    internal ref T Element<T>(ArrayView<T> view, long index) where T : unmanaged => throw KernelOnly.Lane();

    internal ArrayView<T> DynamicShared<T>() where T : unmanaged => throw KernelOnly.Lane();

    internal ArrayView<T> Local<T>(int length) where T : unmanaged => throw KernelOnly.Lane();
}
