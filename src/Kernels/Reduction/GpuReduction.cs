using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>Sums on a device that runs kernels: blocks first, then the blocks' sums.</summary>
sealed class GpuReduction<T>(GpuDevice device) : IReduction<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const int FewColumns = 1024;

    public void Sum(MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.Sum(device, input, output);
        if (SumsInDouble) Sum<double>(input, output.Array, accumulate);
        else Sum<T>(input, output.Array, accumulate);
    }

    public void Dot(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.Dot(device, a, b, output);
        if (SumsInDouble) Dot<double, T>(a, b, output.Array, accumulate);
        else Dot<T, T>(a, b, output.Array, accumulate);
    }

    // Dual numbers keep their tangents.
    static bool SumsInDouble => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    public double SquaredNorm(MatrixView<T> input) => SquaredNorms([input])[0];

    public double[] SquaredNorms(ReadOnlySpan<MatrixView<T>> inputs)
    {
        var norms = new double[inputs.Length];
        if (inputs.IsEmpty) return norms;
        using var results = device.Allocate<double>(inputs.Length);
        for (var i = 0; i < inputs.Length; i++)
        {
            ReductionChecks.SquaredNorm(device, inputs[i]);
            Dot<double, double>(inputs[i], inputs[i], results.ViewOf(i, 1), accumulate: false);
        }
        results.CopyTo(norms);
        return norms;
    }

    public void SumRows(MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.SumRows(device, input, output);
        var rowBlock = ReductionKernels.TunedSumRowBlocks<T>(device, SizesOf(input), ReductionKernels.RowBlock);
        var blocks = (int)(((long)input.Rows + rowBlock - 1) / rowBlock);
        using var buffer = device.Allocate<T>(Math.Max(1, (long)blocks * input.Columns));
        var partial = new Matrix<T>(buffer, input.Columns);
        ReductionKernels.LaunchSumRowBlocks(device, checked(blocks * input.Columns), rowBlock, input, input.Rows,
            input.Columns, partial);
        ReductionKernels.LaunchSumColumnPartials(device, input.Columns, partial, blocks, output.Array, accumulate);
    }

    // Blocks are what fills a device where columns are few.
    static string SizesOf(MatrixView<T> input) => input.Columns <= FewColumns ? "few columns" : "many columns";

    void Sum<TSum>(MatrixView<T> input, ArrayView<T> output, bool accumulate)
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        var (count, columns) = Elements.Of(input, input.IsContiguous);
        using var partial = device.Allocate<TSum>(Math.Max(1, Blocks(count)));
        ReductionKernels.LaunchSumBlocks<T, TSum>(device, (Blocks(count), ReductionKernels.Lanes), input, columns,
            count, partial);
        ReductionKernels.LaunchSumPartials<T, TSum>(device, (1, ReductionKernels.Lanes), partial, Blocks(count),
            output, accumulate);
    }

    void Dot<TSum, TResult>(MatrixView<T> a, MatrixView<T> b, ArrayView<TResult> output, bool accumulate)
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
        where TResult : unmanaged, IFloatingPointIeee754<TResult>
    {
        var (count, columns) = Elements.Of(a, a.IsContiguous && b.IsContiguous);
        using var partial = device.Allocate<TSum>(Math.Max(1, Blocks(count)));
        ReductionKernels.LaunchDotBlocks<T, TSum>(device, (Blocks(count), ReductionKernels.Lanes), a, b, columns,
            count, partial);
        ReductionKernels.LaunchSumPartials<TResult, TSum>(device, (1, ReductionKernels.Lanes), partial, Blocks(count),
            output, accumulate);
    }

    static int Blocks(int count) => (int)(((long)count + ReductionKernels.Block - 1) / ReductionKernels.Block);
}
