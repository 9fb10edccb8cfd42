using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>
/// Sums of fixed blocks, combined in their order. Blocks are summed in T, their sums in double, so that the error of a
/// long float sum does not grow with its length.
/// </summary>
sealed class CpuReduction<T>(CpuDevice device) : IReduction<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Sum(MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.Sum(device, input, output);
        Put(output, T.CreateTruncating(Blocks(input, input.IsContiguous,
            (row, column, n) => double.CreateTruncating(SpanSums.Sum<T>(input.Run(row, column, n))))), accumulate);
    }

    public void Dot(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.Dot(device, a, b, output);
        var sum = Blocks(a, a.IsContiguous && b.IsContiguous,
            (row, column, n) => double.CreateTruncating(SpanSums.Dot<T>(a.Run(row, column, n), b.Run(row, column, n))));
        Put(output, T.CreateTruncating(sum), accumulate);
    }

    public double SquaredNorm(MatrixView<T> input)
    {
        ReductionChecks.SquaredNorm(device, input);
        return Blocks(input, input.IsContiguous,
            (row, column, n) => SpanSums.SquaredNorm<T>(input.Run(row, column, n)));
    }

    public void SumRows(MatrixView<T> input, MatrixView<T> output, bool accumulate = false)
    {
        ReductionChecks.SumRows(device, input, output);
        var (rows, columns) = (input.Rows, input.Columns);
        if (columns == 0) return;
        var total = output.Row(0);
        if (!accumulate) total.Clear();
        if (rows == 0) return;

        var block = Math.Max(64, CpuLoops.ParallelGrain / columns);
        var blocks = (rows + block - 1) / block;
        var partial = ArrayPool<T>.Shared.Rent(checked(blocks * columns));
        device.Workers.Run(blocks, i =>
        {
            var sum = partial.AsSpan(i * columns, columns);
            input.Row(i * block).CopyTo(sum);
            var end = Math.Min(rows, (i + 1) * block);
            for (var r = i * block + 1; r < end; r++) TensorPrimitives.Add(sum, input.Row(r), sum);
        });
        for (var i = 0; i < blocks; i++) TensorPrimitives.Add(total, partial.AsSpan(i * columns, columns), total);
        ArrayPool<T>.Shared.Return(partial);
    }

    /// <summary>The sum of a function of runs: blocks of a contiguous view, else its rows.</summary>
    double Blocks(MatrixView<T> view, bool contiguous, Func<int, long, int, double> part)
    {
        if (view.Count == 0) return 0;
        var count = contiguous ? CpuLoops.Blocks(view.Count) : view.Rows;
        var partial = ArrayPool<double>.Shared.Rent(count);
        if (contiguous)
            CpuLoops.OverBlocks(device, view.Count, (block, start, n) => partial[block] = part(0, start, n));
        else
            CpuLoops.OverSpans(device, view.Rows, view.Columns, false,
                (row, column, n) => partial[row] = part(row, column, n));
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += partial[i];
        ArrayPool<double>.Shared.Return(partial);
        return sum;
    }

    static void Put(MatrixView<T> output, T value, bool accumulate)
    {
        ref var target = ref output.Row(0)[0];
        target = accumulate ? target + value : value;
    }
}
