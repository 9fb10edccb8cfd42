using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Views for tests, on any device. Where the row stride exceeds the columns, the elements between rows are NaN: an
/// operation that reads them spoils its result, and <see cref="AssertGapsUntouched"/> finds one that writes them.
/// </summary>
public static class Views
{
    /// <summary>Uniform in [low, high), drawn in float so that float and double tests see equal numbers.</summary>
    public static MatrixView<T> Random<T>(ComputeDevice device, int rows, int columns, int stride = 0, ulong seed = 1,
        float low = -1, float high = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var key = new RandomKey(seed, 0, 0);
        return From(device, rows, columns,
            (r, c) => T.CreateChecked(low + (high - low) * key.Uniform((long)r * columns + c)), stride);
    }

    /// <summary>One value everywhere.</summary>
    public static MatrixView<T> Filled<T>(ComputeDevice device, int rows, int columns, double value = 0, int stride = 0)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        From(device, rows, columns, (_, _) => T.CreateChecked(value), stride);

    /// <summary>The given values, row after row.</summary>
    public static MatrixView<T> Of<T>(ComputeDevice device, int rows, int columns, params double[] values)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        From(device, rows, columns, (r, c) => T.CreateChecked(values[r * columns + c]));

    /// <summary>Element (r, c) = value(r, c); stride 0 means contiguous.</summary>
    public static MatrixView<T> From<T>(ComputeDevice device, int rows, int columns, Func<int, int, T> value,
        int stride = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (stride == 0) stride = columns;
        var elements = new T[rows * (long)stride];
        Array.Fill(elements, T.NaN);
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                elements[(long)r * stride + c] = value(r, c);
        var buffer = device.Allocate<T>(elements.Length);
        buffer.CopyFrom(elements);
        return new MatrixView<T>(buffer, 0, rows, columns, stride);
    }

    /// <summary>The same values in a buffer of their own, contiguous or with another stride.</summary>
    public static MatrixView<T> Clone<T>(this MatrixView<T> view, int stride = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = view.ToArray();
        return From(view.Buffer.Device, view.Rows, view.Columns, (r, c) => values[(long)r * view.Columns + c], stride);
    }

    /// <summary>Indices on a device.</summary>
    public static IndexView Indices(ComputeDevice device, params ReadOnlySpan<int> values)
    {
        var buffer = device.Allocate<int>(values.Length);
        buffer.CopyFrom(values);
        return new IndexView(buffer, 0, values.Length);
    }

    /// <summary>The elements row after row, without gaps.</summary>
    public static T[] ToArray<T>(this MatrixView<T> view) where T : unmanaged
    {
        var result = new T[view.Count];
        for (var r = 0; r < view.Rows; r++)
            view.Buffer.CopyTo(result.AsSpan(r * view.Columns, view.Columns), view.Offset + (long)r * view.RowStride);
        return result;
    }

    public static int[] ToArray(this IndexView view)
    {
        var result = new int[view.Count];
        view.Buffer.CopyTo(result, view.Offset);
        return result;
    }

    /// <summary>The elements in double, row after row: what references are computed from.</summary>
    public static double[] ToDoubles<T>(this MatrixView<T> view) where T : unmanaged, IFloatingPointIeee754<T> =>
        Array.ConvertAll(view.ToArray(), double.CreateChecked);

    /// <summary>Fails where an operation wrote between the rows of a view made here.</summary>
    public static void AssertGapsUntouched<T>(this MatrixView<T> view) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gap = new T[view.RowStride - view.Columns];
        for (var r = 0; r < view.Rows; r++)
        {
            view.Buffer.CopyTo(gap, view.Offset + (long)r * view.RowStride + view.Columns);
            var written = Array.FindIndex(gap, x => !T.IsNaN(x));
            if (written >= 0)
                throw new ToleranceException(
                    $"Row {r} of {view}: element {view.Columns + written}, behind the row's end, was overwritten "
                    + $"with {gap[written]}.");
        }
    }
}
