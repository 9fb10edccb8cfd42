using System.Diagnostics.CodeAnalysis;
using ILGPU;
using LdNetGpu.Devices;

namespace LdNetGpu.Dialect;

/// <summary>
/// How a kernel is launched: groups in the grid, lanes in a group, dynamic shared memory, and what ILGPU's
/// <see cref="KernelConfig"/> lacks: cooperative launches and clusters.
/// </summary>
public readonly record struct LaunchConfig
{
    /// <summary>A launch in three dimensions.</summary>
    /// <param name="gridDim">Groups along each axis; with a 0 nothing runs.</param>
    /// <param name="groupDim">Lanes of a group along each axis, 1 or more.</param>
    /// <param name="sharedMemory">Dynamic shared memory of each group.</param>
    /// <exception cref="ShapeException">A grid of less than 0 groups, groups of less than 1 lane, or more dynamic
    /// shared memory than an int counts.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public LaunchConfig(Index3D gridDim, Index3D groupDim, SharedMemoryConfig sharedMemory = default)
    {
        if (gridDim.X < 0 || gridDim.Y < 0 || gridDim.Z < 0)
            throw new ShapeException("launch", $"a grid of {gridDim.X} x {gridDim.Y} x {gridDim.Z} groups.");
        if (groupDim.X < 1 || groupDim.Y < 1 || groupDim.Z < 1)
            throw new ShapeException("launch", $"groups of {groupDim.X} x {groupDim.Y} x {groupDim.Z} lanes.");
        (GridDim, GroupDim) = (gridDim, groupDim);
        DynamicSharedBytes = ShapeException.RequireSize("launch", "bytes of dynamic shared memory",
            (long)sharedMemory.NumElements * sharedMemory.ElementSize);
    }

    /// <summary>A launch in two dimensions.</summary>
    /// <inheritdoc cref="LaunchConfig(Index3D, Index3D, SharedMemoryConfig)"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public LaunchConfig(Index2D gridDim, Index2D groupDim, SharedMemoryConfig sharedMemory = default)
        : this(new Index3D(gridDim.X, gridDim.Y, 1), new Index3D(groupDim.X, groupDim.Y, 1), sharedMemory) { }

    /// <summary>A launch in one dimension.</summary>
    /// <inheritdoc cref="LaunchConfig(Index3D, Index3D, SharedMemoryConfig)"/>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public LaunchConfig(int gridDim, int groupDim, SharedMemoryConfig sharedMemory = default)
        : this(new Index3D(gridDim, 1, 1), new Index3D(groupDim, 1, 1), sharedMemory) { }

    /// <summary>Groups along each axis.</summary>
    public Index3D GridDim { get; }

    /// <summary>Lanes of a group along each axis.</summary>
    public Index3D GroupDim { get; }

    /// <summary>Bytes of dynamic shared memory a group.</summary>
    public int DynamicSharedBytes { get; }

    /// <summary>
    /// All groups run at once, so that the grid may have barriers. Needs a device with cooperative launch.
    /// </summary>
    public bool Cooperative { get; init; }

    /// <summary>
    /// Groups of a cluster along each axis, which reach each other's shared memory; zero for no clusters. Needs compute
    /// capability 9.0.
    /// </summary>
    public Index3D Cluster { get; init; }

    /// <summary>Whether there is nothing to run.</summary>
    public bool IsEmpty => GridDim.X == 0 || GridDim.Y == 0 || GridDim.Z == 0;

    /// <summary>
    /// A lane for each index: groups of 256 lanes, of as many as the device's hold where they hold fewer.
    /// </summary>
    /// <param name="extent">Indices along each axis; with a 0 nothing runs.</param>
    /// <exception cref="ShapeException">An extent of less than 0.</exception>
    public static LaunchConfig ForExtent(Index1D extent) => Over(new(extent.X, 1, 1), new(256, 1, 1));

    /// <summary>A lane for each index: groups of 32 x 8 lanes, of fewer where the device's hold fewer.</summary>
    /// <inheritdoc cref="ForExtent(Index1D)"/>
    public static LaunchConfig ForExtent(Index2D extent) => Over(new(extent.X, extent.Y, 1), new(32, 8, 1));

    /// <summary>A lane for each index: groups of 32 x 4 x 2 lanes, of fewer where the device's hold fewer.</summary>
    /// <inheritdoc cref="ForExtent(Index1D)"/>
    public static LaunchConfig ForExtent(Index3D extent) => Over(extent, new(32, 4, 2));

    static LaunchConfig Over(Index3D extent, Index3D group)
    {
        if (extent.X < 0 || extent.Y < 0 || extent.Z < 0)
            throw new ShapeException("launch", $"an extent of {extent.X} x {extent.Y} x {extent.Z} indices.");
        var grid = new Index3D(Groups(extent.X, group.X), Groups(extent.Y, group.Y), Groups(extent.Z, group.Z));
        return new(grid, group) { Extent = extent };
    }

    /// <summary>The indices that have a lane each; all 0 where groups were asked for.</summary>
    internal Index3D Extent { get; private init; }

    /// <summary>
    /// The same over the extent, in groups that hold no more lanes; itself where groups were asked for.
    /// </summary>
    /// <param name="lanes">Most lanes in a group, 1 or more.</param>
    /// <param name="along">Most along each axis, 1 or more.</param>
    internal LaunchConfig Within(int lanes, Index3D along)
    {
        if (Extent == default) return this;
        var (x, y, z) = (Math.Min(GroupDim.X, along.X), Math.Min(GroupDim.Y, along.Y), Math.Min(GroupDim.Z, along.Z));
        // The first axis is the one that memory runs along.
        while (x * y * z > lanes)
            if (z > 1) z /= 2;
            else if (y > 1) y /= 2;
            else x = lanes;
        return GroupDim == new Index3D(x, y, z) ? this : Over(Extent, new(x, y, z));
    }

    static int Groups(int extent, int size) => (int)(((long)extent + size - 1) / size);

    /// <summary>ILGPU's configuration of a launch, as its own launchers take it.</summary>
    /// <param name="config">Groups of the grid, 0 or more, and lanes of a group, 1 or more.</param>
    /// <exception cref="ShapeException">A grid of less than 0 groups, or groups of less than 1 lane.</exception>
    public static implicit operator LaunchConfig(KernelConfig config) =>
        new(config.GridDim, config.GroupDim, config.SharedMemoryConfig);

    /// <summary>Groups in the grid and lanes in a group, in one dimension.</summary>
    /// <inheritdoc cref="op_Implicit(KernelConfig)"/>
    public static implicit operator LaunchConfig((int Grid, int Group) config) => new(config.Grid, config.Group);

    /// <summary>Groups in the grid and lanes in a group, in two dimensions.</summary>
    /// <inheritdoc cref="op_Implicit(KernelConfig)"/>
    public static implicit operator LaunchConfig((Index2D Grid, Index2D Group) config) =>
        new(config.Grid, config.Group);

    /// <summary>Groups in the grid and lanes in a group, in three dimensions.</summary>
    /// <inheritdoc cref="op_Implicit(KernelConfig)"/>
    public static implicit operator LaunchConfig((Index3D Grid, Index3D Group) config) =>
        new(config.Grid, config.Group);
}
