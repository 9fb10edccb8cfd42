namespace LdNetGpu.Dialect;

/// <summary>A position along one axis, or an extent; an int in all but name.</summary>
public readonly record struct Index1D(int X)
{
    public int Size => X;

    public static implicit operator int(Index1D index) => index.X;

    public static implicit operator Index1D(int x) => new(x);
}

/// <summary>A position in two dimensions, or an extent. X runs fastest.</summary>
public readonly record struct Index2D(int X, int Y)
{
    public int Size => X * Y;

    public static implicit operator Index2D((int X, int Y) index) => new(index.X, index.Y);
}

/// <summary>A position in three dimensions, or an extent. X runs fastest.</summary>
public readonly record struct Index3D(int X, int Y, int Z)
{
    public int Size => X * Y * Z;

    public static implicit operator Index3D((int X, int Y, int Z) index) => new(index.X, index.Y, index.Z);
}
