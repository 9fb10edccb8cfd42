using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>Row moves: gathers are copies in parallel; a scatter sorts its positions by row first, so that each row has one writer.</summary>
public sealed class CpuRows<T>(CpuDevice device) : IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output)
    {
        Shapes.Present(nameof(Gather), nameof(table), table);
        Shapes.Present(nameof(Gather), nameof(output), output);
        Shapes.Count(nameof(Gather), nameof(indices), indices, output.Rows, $"one for each row of output {output}");
        Shapes.Is(nameof(Gather), nameof(output), output, output.Rows, table.Columns, $"its rows are rows of table {table}");
        Shapes.InRange(nameof(Gather), nameof(indices), indices, -1, table.Rows, $"the rows of table {table} (-1: a row of zeros)");
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
        Shapes.Present(nameof(ScatterAdd), nameof(rows), rows);
        Shapes.Present(nameof(ScatterAdd), nameof(table), table);
        Shapes.Count(nameof(ScatterAdd), nameof(indices), indices, rows.Rows, $"one for each row of rows {rows}");
        Shapes.Is(nameof(ScatterAdd), nameof(rows), rows, rows.Rows, table.Columns, $"they are added to rows of table {table}");
        Shapes.InRange(nameof(ScatterAdd), nameof(indices), indices, -1, table.Rows, $"the rows of table {table} (-1: passed over)");
        var places = ArrayPool<long>.Shared.Rent(rows.Rows);
        var starts = ArrayPool<int>.Shared.Rent(rows.Rows + 1);
        var targets = Group(indices.Span, places, starts);
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

    /// <summary>
    /// Sorts (index, position) pairs, packed into one number: neighbours share an index, in order of position. starts gets the first pair of
    /// each index, and the end.
    /// </summary>
    static int Group(ReadOnlySpan<int> indices, long[] places, int[] starts)
    {
        var used = 0;
        for (var i = 0; i < indices.Length; i++)
            if (indices[i] >= 0)
                places[used++] = (long)indices[i] << 32 | (uint)i;
        Array.Sort(places, 0, used);
        var groups = 0;
        for (var i = 0; i < used; i++)
            if (i == 0 || places[i] >> 32 != places[i - 1] >> 32)
                starts[groups++] = i;
        starts[groups] = used;
        return groups;
    }
}
