using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>The checks that every operation makes before it touches memory. Each failure names the operation and both shapes.</summary>
static class Shapes
{
    /// <summary>Both views have the same rows and columns.</summary>
    public static void Same<T>(string operation, string firstName, MatrixView<T> first, string secondName, MatrixView<T> second) where T : unmanaged
    {
        Present(operation, firstName, first);
        Present(operation, secondName, second);
        if (first.Rows != second.Rows || first.Columns != second.Columns)
            throw new ShapeException(operation, $"{firstName} {first} and {secondName} {second} must have the same shape.");
    }

    /// <summary>The view has exactly this shape, which <paramref name="because"/> explains.</summary>
    public static void Is<T>(string operation, string name, MatrixView<T> view, int rows, int columns, string because) where T : unmanaged
    {
        Present(operation, name, view);
        if (view.Rows != rows || view.Columns != columns)
            throw new ShapeException(operation, $"{name} {view} must be [{rows} x {columns}]: {because}.");
    }

    /// <summary>The index view has exactly this many entries, which <paramref name="because"/> explains.</summary>
    public static void Count(string operation, string name, IndexView view, int count, string because)
    {
        if (view.IsNone) throw new ShapeException(operation, $"{name} is missing: [{count}] needed, {because}.");
        if (view.Count != count) throw new ShapeException(operation, $"{name} [{view.Count}] must be [{count}]: {because}.");
    }

    /// <summary>Every index lies in <paramref name="lowest"/> to <paramref name="bound"/> - 1.</summary>
    public static void InRange(string operation, string name, IndexView indices, int lowest, int bound, string ofWhat)
    {
        if (indices.Promised is { } promised)
        {
            if (lowest <= -1 && promised <= bound) return;
            throw new ShapeException(operation, $"{name} may hold -1..{promised - 1}, and must lie in {lowest}..{bound - 1}, {ofWhat}.");
        }
        var span = indices.ToHost();
        for (var i = 0; i < span.Length; i++)
            if (span[i] < lowest || span[i] >= bound)
                throw new ShapeException(operation, $"{name}[{i}] = {span[i]} lies outside {lowest}..{bound - 1}, {ofWhat}.");
    }

    public static void Present<T>(string operation, string name, MatrixView<T> view) where T : unmanaged
    {
        if (view.IsNone) throw new ShapeException(operation, $"{name} is missing.");
    }
}
