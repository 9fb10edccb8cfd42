using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>Where the running group is in the grid of groups. For kernels only.</summary>
public static class Grid
{
    public static int IdxX => Lane.Current.GridIndex.X;
    public static int IdxY => Lane.Current.GridIndex.Y;
    public static int IdxZ => Lane.Current.GridIndex.Z;
    public static int DimX => Lane.Current.GridDim.X;
    public static int DimY => Lane.Current.GridDim.Y;
    public static int DimZ => Lane.Current.GridDim.Z;

    public static Index3D Index => Lane.Current.GridIndex;

    public static Index3D Dimension => Lane.Current.GridDim;

    /// <summary>This group's number in the grid, X fastest.</summary>
    public static int LinearIndex => IdxX + DimX * (IdxY + DimY * IdxZ);

    /// <summary>This lane's position among all lanes of the grid.</summary>
    public static Index3D GlobalIndex => new(IdxX * Group.DimX + Group.IdxX, IdxY * Group.DimY + Group.IdxY, IdxZ * Group.DimZ + Group.IdxZ);

    /// <summary>This lane's number in the grid: groups one after the other.</summary>
    public static long GlobalLinearIndex => (long)LinearIndex * Group.Size + Group.LinearIndex;
}
