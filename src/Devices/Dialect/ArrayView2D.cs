namespace LdNetGpu.Dialect;

/// <summary>How a two-dimensional view lies in memory.</summary>
public static class Stride2D
{
    /// <summary>Elements along X are neighbours; one step in Y is <paramref name="YStride"/> elements.</summary>
    public readonly record struct DenseX(int YStride);
}

/// <summary>A view of width x height elements; TStride says how they lie.</summary>
public readonly struct ArrayView2D<T, TStride>(ArrayView<T> baseView, Index2D extent, TStride stride) where T : unmanaged where TStride : unmanaged
{
    /// <summary>All elements, in memory's order.</summary>
    public ArrayView<T> BaseView { get; } = baseView;

    /// <summary>Width (X) and height (Y).</summary>
    public Index2D Extent { get; } = extent;

    public TStride Stride { get; } = stride;

    /// <summary>One element, for kernels: column x of row y.</summary>
    public ref T this[int x, int y] => ref BaseView[x + (long)y * ((Stride2D.DenseX)(object)Stride).YStride];
}
