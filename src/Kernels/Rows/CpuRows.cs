using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>
/// Row moves: gathers are copies in parallel; a scatter sorts its positions by row first, so that each row has one
/// writer.
/// </summary>
sealed class CpuRows<T>(CpuDevice device) : IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output)
    {
        RowsChecks.Gather(device, table, indices, output);
        CpuLoops.OverRows(device, output.Rows, output.Columns, (first, count) =>
        {
            var index = indices.Span;
            for (var i = first; i < first + count; i++)
                if (index[i] < 0) output.Row(i).Clear();
                else table.Row(index[i]).CopyTo(output.Row(i));
        });
    }

    public void ScatterAdd(MatrixView<T> rows, IndexView indices, MatrixView<T> table)
    {
        RowsChecks.ScatterAdd(device, rows, indices, table);
        var places = ArrayPool<long>.Shared.Rent(rows.Rows);
        var starts = ArrayPool<int>.Shared.Rent(rows.Rows + 1);
        var targets = RowSegments.Group(indices.Span, places, starts);
        CpuLoops.OverRows(device, targets, rows.Columns, (first, count) =>
        {
            for (var group = first; group < first + count; group++)
                for (var i = starts[group]; i < starts[group + 1]; i++)
                {
                    var target = table.Row((int)(places[i] >> 32));
                    TensorPrimitives.Add(target, rows.Row((int)places[i]), target);
                }
        });
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<long>.Shared.Return(places);
    }
}
