using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Storage;

/// <summary>
/// A matrix of floats rounded to bfloat16, in half the memory, on the CPU: widened where and when it is read.
/// </summary>
sealed unsafe class Bfloat16Matrix : IDisposable
{
    readonly CpuDevice device;
    readonly HostBuffer<ushort> buffer;

    /// <summary>Rounds a matrix.</summary>
    /// <param name="device">Where it is.</param>
    /// <param name="matrix">[rows x columns]; read, and no longer needed then.</param>
    public Bfloat16Matrix(CpuDevice device, MatrixView<float> matrix)
    {
        Shapes.Present(device, "bfloat16 matrix", nameof(matrix), matrix);
        (this.device, Rows, Columns) = (device, matrix.Rows, matrix.Columns);
        buffer = (HostBuffer<ushort>)device.Allocate<ushort>(matrix.Count);
        CpuLoops.OverSpans(device, Rows, Columns, contiguous: false, (row, column, n) =>
            Bfloat16.Round(matrix.Run(row, column, n), Run(row, column, n)));
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Bytes that it takes.</summary>
    public long Bytes => buffer.Length * sizeof(ushort);

    /// <summary>Some columns as floats.</summary>
    /// <param name="firstColumn">Where they begin.</param>
    /// <param name="output">[rows x as many columns].</param>
    public void Widen(int firstColumn, MatrixView<float> output)
    {
        if (output.Rows != Rows || firstColumn < 0 || firstColumn > Columns - output.Columns)
            throw new ShapeException("bfloat16 matrix",
                $"columns {firstColumn} and on of {Rows} x {Columns} to {output}.");
        CpuLoops.OverSpans(device, output.Rows, output.Columns, contiguous: false, (row, column, n) =>
            Bfloat16.Widen(Run(row, firstColumn + column, n), output.Run(row, column, n)));
    }

    /// <summary>output[i] = row indices[i], zeros for -1.</summary>
    /// <param name="indices">Each -1 to rows - 1.</param>
    /// <param name="output">[indices x columns].</param>
    /// <exception cref="ShapeException">An index is no row, or the shapes do not fit.</exception>
    public void Gather(IndexView indices, MatrixView<float> output)
    {
        if (output.Rows != indices.Count || output.Columns != Columns)
            throw new ShapeException("gather", $"{indices.Count} rows of {Rows} x {Columns} to {output}.");
        foreach (var row in indices.Span)
            if (row < -1 || row >= Rows) throw new ShapeException("gather", $"row {row} of a table of {Rows}.");
        CpuLoops.OverRows(device, output.Rows, output.Columns, (first, count) =>
        {
            for (var i = first; i < first + count; i++)
                if (indices.Span[i] is >= 0 and var row) Bfloat16.Widen(Run(row, 0, Columns), output.Row(i));
                else output.Row(i).Clear();
        });
    }

    /// <summary>Gives the memory back to the device.</summary>
    public void Dispose() => buffer.Dispose();

    Span<ushort> Run(int row, long column, int count) => buffer.Slice((long)row * Columns + column, count);
}
