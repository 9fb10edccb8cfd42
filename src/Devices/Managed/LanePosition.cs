using ILGPU;

namespace LdNetGpu.Devices.Managed;

/// <summary>What ILGPU's <see cref="ILGPU.Grid"/> says, for one lane of the managed device.</summary>
public readonly struct GridPosition(Lane lane)
{
    public int IdxX => Index.X;
    public int IdxY => Index.Y;
    public int IdxZ => Index.Z;
    public int DimX => Dimension.X;
    public int DimY => Dimension.Y;
    public int DimZ => Dimension.Z;
    public Index3D Index => lane.GridIndex;
    public Index3D Dimension => lane.GridDim;

    /// <summary>The group's number in the grid, X fastest.</summary>
    public int LinearIndex => IdxX + DimX * (IdxY + DimY * IdxZ);

    /// <summary>The lane's position among all lanes of the grid.</summary>
    public Index3D GlobalIndex => Index * lane.GroupDim + lane.GroupIndex;

    /// <summary>The lane's number in the grid: groups one after the other.</summary>
    public int GlobalLinearIndex => LinearIndex * lane.GroupDim.Size + lane.Number;
}

/// <summary>What ILGPU's <see cref="ILGPU.Group"/> says, for one lane of the managed device.</summary>
public readonly struct GroupPosition(Lane lane)
{
    public int IdxX => Index.X;
    public int IdxY => Index.Y;
    public int IdxZ => Index.Z;
    public int DimX => Dimension.X;
    public int DimY => Dimension.Y;
    public int DimZ => Dimension.Z;
    public Index3D Index => lane.GroupIndex;
    public Index3D Dimension => lane.GroupDim;

    /// <summary>The lane's number in the group, X fastest.</summary>
    public int LinearIndex => lane.Number;
    public bool IsFirstThread => LinearIndex == 0;
    public bool IsLastThread => LinearIndex == Dimension.Size - 1;
}

/// <summary>What ILGPU's <see cref="ILGPU.Warp"/> says, for one lane of the managed device.</summary>
public readonly struct WarpPosition(Lane lane)
{
    public int WarpSize => Lane.WarpSize;
    public int LaneIdx => lane.Number % WarpSize;
    public int WarpIdx => lane.Number / WarpSize;
    public bool IsFirstLane => LaneIdx == 0;
    public bool IsLastLane => LaneIdx == WarpSize - 1;
}
