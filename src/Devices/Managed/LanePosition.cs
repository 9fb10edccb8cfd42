using ILGPU;

namespace LdNetGpu.Devices.Managed;

/// <summary>What ILGPU's <see cref="ILGPU.Grid"/> says, for one lane of the managed device.</summary>
/// <param name="lane">The lane that asks.</param>
public readonly struct GridPosition(Lane lane)
{
    /// <summary>The group's place along x.</summary>
    public int IdxX => Index.X;

    /// <summary>The group's place along y.</summary>
    public int IdxY => Index.Y;

    /// <summary>The group's place along z.</summary>
    public int IdxZ => Index.Z;

    /// <summary>Groups along x.</summary>
    public int DimX => Dimension.X;

    /// <summary>Groups along y.</summary>
    public int DimY => Dimension.Y;

    /// <summary>Groups along z.</summary>
    public int DimZ => Dimension.Z;

    /// <summary>The group's place along each axis.</summary>
    public Index3D Index => lane.GridIndex;

    /// <summary>Groups along each axis.</summary>
    public Index3D Dimension => lane.GridDim;

    /// <summary>The group's number in the grid, X fastest.</summary>
    public int LinearIndex => IdxX + DimX * (IdxY + DimY * IdxZ);

    /// <summary>The lane's position among all lanes of the grid.</summary>
    public Index3D GlobalIndex => Index * lane.GroupDim + lane.GroupIndex;

    /// <summary>The lane's number in the grid: groups one after the other.</summary>
    public int GlobalLinearIndex => LinearIndex * lane.GroupDim.Size + lane.Number;
}

/// <summary>What ILGPU's <see cref="ILGPU.Group"/> says, for one lane of the managed device.</summary>
/// <param name="lane">The lane that asks.</param>
public readonly struct GroupPosition(Lane lane)
{
    /// <summary>The lane's place in its group along x.</summary>
    public int IdxX => Index.X;

    /// <summary>The lane's place along y.</summary>
    public int IdxY => Index.Y;

    /// <summary>The lane's place along z.</summary>
    public int IdxZ => Index.Z;

    /// <summary>Lanes of a group along x.</summary>
    public int DimX => Dimension.X;

    /// <summary>Lanes of a group along y.</summary>
    public int DimY => Dimension.Y;

    /// <summary>Lanes of a group along z.</summary>
    public int DimZ => Dimension.Z;

    /// <summary>The lane's place along each axis.</summary>
    public Index3D Index => lane.GroupIndex;

    /// <summary>Lanes of a group along each axis.</summary>
    public Index3D Dimension => lane.GroupDim;

    /// <summary>The lane's number in the group, X fastest.</summary>
    public int LinearIndex => lane.Number;

    /// <summary>Whether it is lane 0 of its group.</summary>
    public bool IsFirstThread => LinearIndex == 0;

    /// <summary>Whether it is the last lane of its group.</summary>
    public bool IsLastThread => LinearIndex == Dimension.Size - 1;
}

/// <summary>What ILGPU's <see cref="ILGPU.Warp"/> says, for one lane of the managed device.</summary>
/// <param name="lane">The lane that asks.</param>
public readonly struct WarpPosition(Lane lane)
{
    /// <summary>32, as on NVIDIA's GPUs.</summary>
    public int WarpSize => Lane.WarpSize;

    /// <summary>The lane's number in its warp, 0 to 31.</summary>
    public int LaneIdx => lane.Number % WarpSize;

    /// <summary>The warp's number in its group.</summary>
    public int WarpIdx => lane.Number / WarpSize;

    /// <summary>Whether it is lane 0 of its warp.</summary>
    public bool IsFirstLane => LaneIdx == 0;

    /// <summary>Whether it is lane 31 of its warp; a part-filled warp has none.</summary>
    public bool IsLastLane => LaneIdx == WarpSize - 1;
}
