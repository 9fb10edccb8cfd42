using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>Element-by-element work: spans of contiguous elements, divided over the device's threads.</summary>
sealed class CpuElementwise<T>(CpuDevice device) : IElementwise<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Fill(MatrixView<T> output, T value)
    {
        ElementwiseChecks.Fill(device, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, output.IsContiguous,
            (row, column, n) => output.Run(row, column, n).Fill(value));
    }

    public void Copy(MatrixView<T> input, MatrixView<T> output)
    {
        ElementwiseChecks.Copy(device, input, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, input.IsContiguous && output.IsContiguous,
            (row, column, n) => input.Run(row, column, n).CopyTo(output.Run(row, column, n)));
    }

    public void Add(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
    {
        ElementwiseChecks.Add(device, a, b, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, a.IsContiguous && b.IsContiguous && output.IsContiguous,
            (row, column,
                n) => TensorPrimitives.Add(a.Run(row, column, n), b.Run(row, column, n), output.Run(row, column, n)));
    }

    public void Multiply(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Multiply(device, a, b, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, a.IsContiguous && b.IsContiguous && output.IsContiguous,
            (row, column, n) =>
        {
            Span<T> x = a.Run(row, column, n), y = b.Run(row, column, n), result = output.Run(row, column, n);
            if (accumulate) TensorPrimitives.MultiplyAdd<T>(x, y, result, result);
            else TensorPrimitives.Multiply<T>(x, y, result);
        });
    }

    public void Scale(T factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Scale(device, input, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, input.IsContiguous && output.IsContiguous,
            (row, column, n) =>
        {
            Span<T> x = input.Run(row, column, n), result = output.Run(row, column, n);
            if (accumulate) TensorPrimitives.MultiplyAdd(x, factor, result, result);
            else TensorPrimitives.Multiply(x, factor, result);
        });
    }

    public void Scale(MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Scale(device, factor, input, output);
        Scale(factor.Row(0)[0], input, output, accumulate);
    }

    public void AddRow(MatrixView<T> input, MatrixView<T> row, MatrixView<T> output)
    {
        ElementwiseChecks.AddRow(device, input, row, output);
        CpuLoops.OverRows(device, output.Rows, output.Columns, (first, count) =>
        {
            for (var r = first; r < first + count; r++) TensorPrimitives.Add(input.Row(r), row.Row(0), output.Row(r));
        });
    }

    public void Map(Unary function, MatrixView<T> input, MatrixView<T> output)
    {
        ElementwiseChecks.Map(device, function, input, output);
        CpuLoops.OverSpans(device, output.Rows, output.Columns, input.IsContiguous && output.IsContiguous,
            (row, column, n) => UnaryFunctions<T>.Map(function, input.Run(row, column, n), output.Run(row, column, n)));
    }

    public void MapBackward(Unary function, MatrixView<T> input, MatrixView<T> output,
        MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate)
    {
        var saved = ElementwiseChecks.MapBackward(device, function, input, output, outputGradient, inputGradient);
        CpuLoops.OverSpans(device, saved.Rows, saved.Columns,
            saved.IsContiguous && outputGradient.IsContiguous && inputGradient.IsContiguous,
            (row, column, n) =>
                UnaryFunctions<T>.MapBackward(function, saved.Run(row, column, n), outputGradient.Run(row, column, n),
                    inputGradient.Run(row, column, n), accumulate));
    }
}
