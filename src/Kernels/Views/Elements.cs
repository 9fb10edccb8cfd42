using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>
/// How element-by-element kernels see their matrices: lane i works on element (i / columns, i % columns).
/// Where every one is contiguous, all of it counts as one row.
/// </summary>
static class Elements
{
    /// <summary>Number of lanes, and the columns to divide by.</summary>
    /// <exception cref="ShapeException">More elements than one launch numbers.</exception>
    public static (int Count, int Columns) Of<T>(MatrixView<T> view, bool contiguous) where T : unmanaged
    {
        if (view.Count > int.MaxValue)
            throw new ShapeException("launch", $"{view} has more than {int.MaxValue} elements: split it by rows.");
        return ((int)view.Count, contiguous ? (int)view.Count : view.Columns);
    }

    /// <summary>In a kernel: the element that lane <paramref name="index"/> works on.</summary>
    public static (int Row, int Column) At(int index, int columns)
    {
        var row = index / columns;
        return (row, index - row * columns);
    }
}
