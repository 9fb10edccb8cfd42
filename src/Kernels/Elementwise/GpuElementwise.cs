using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>Element-by-element work on a device that runs kernels: one lane an element.</summary>
sealed class GpuElementwise<T>(GpuDevice device) : IElementwise<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Fill(MatrixView<T> output, T value)
    {
        ElementwiseChecks.Fill(device, output);
        var (count, columns) = Elements.Of(output, output.IsContiguous);
        ElementwiseKernels.LaunchFill<T>(device, count, output, columns, value);
    }

    public void Copy(MatrixView<T> input, MatrixView<T> output)
    {
        ElementwiseChecks.Copy(device, input, output);
        var (count, columns) = Elements.Of(output, input.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchCopy<T>(device, count, input, output, columns);
    }

    public void Add(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
    {
        ElementwiseChecks.Add(device, a, b, output);
        var (count, columns) = Elements.Of(output, a.IsContiguous && b.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchAdd<T>(device, count, a, b, output, columns);
    }

    public void Multiply(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Multiply(device, a, b, output);
        var (count, columns) = Elements.Of(output, a.IsContiguous && b.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchMultiply<T>(device, count, a, b, output, columns, accumulate);
    }

    public void Scale(T factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Scale(device, input, output);
        var (count, columns) = Elements.Of(output, input.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchScale<T>(device, count, factor, input, output, columns, accumulate);
    }

    public void Scale(MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ElementwiseChecks.Scale(device, factor, input, output);
        var (count, columns) = Elements.Of(output, input.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchScaleBy<T>(device, count, factor.Array, input, output, columns, accumulate);
    }

    public void AddRow(MatrixView<T> input, MatrixView<T> row, MatrixView<T> output)
    {
        ElementwiseChecks.AddRow(device, input, row, output);
        var (count, columns) = Elements.Of(output, contiguous: false);
        ElementwiseKernels.LaunchAddRow<T>(device, count, input, row.Array, output, columns);
    }

    public void Map(Unary function, MatrixView<T> input, MatrixView<T> output)
    {
        ElementwiseChecks.Map(device, function, input, output);
        var (count, columns) = Elements.Of(output, input.IsContiguous && output.IsContiguous);
        ElementwiseKernels.LaunchMap<T>(device, count, (int)function, input, output, columns);
    }

    public void MapBackward(Unary function, MatrixView<T> input, MatrixView<T> output,
        MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate)
    {
        var saved = ElementwiseChecks.MapBackward(device, function, input, output, outputGradient, inputGradient);
        var (count, columns) =
            Elements.Of(inputGradient, saved.IsContiguous && outputGradient.IsContiguous && inputGradient.IsContiguous);
        ElementwiseKernels.LaunchMapBackward<T>(device, count, (int)function, saved, outputGradient, inputGradient,
            columns, accumulate);
    }
}
