using System.Buffers;
using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>
/// Row moves on a device that runs kernels. A scatter's positions are sorted by row on the host, which knows them, and
/// travel with the call; where the host is not to know them, equal ones find each other on the device. The sums are the
/// same to the bit. ILGPU.Algorithms' radix sort would take several launches for each digit where the search takes one,
/// and is on ILGPU's accelerators alone.
/// </summary>
sealed class GpuRows<T>(GpuDevice device) : IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output)
    {
        RowsChecks.Gather(device, table, indices, output);
        var (count, columns) = Elements.Of(output, contiguous: false);
        RowsKernels.LaunchGather<T>(device, count, table, indices.Array, output, columns);
    }

    public void ScatterAdd(MatrixView<T> rows, IndexView indices, MatrixView<T> table)
    {
        RowsChecks.ScatterAdd(device, rows, indices, table);
        if (rows.Count == 0) return;
        if (indices.Promised is not null)
        {
            ScatterAddLinked(rows, indices, table);
            return;
        }
        var places = ArrayPool<long>.Shared.Rent(rows.Rows);
        var starts = ArrayPool<int>.Shared.Rent(rows.Rows + 1);
        var segments = RowSegments.Group(indices.ToHost(), places, starts);
        var used = starts[segments];
        // One copy to the device: positions, then the segments' starts and the end, then their rows of the table.
        var plan = new int[used + segments + 1 + segments];
        for (var i = 0; i < used; i++) plan[i] = (int)places[i];
        starts.AsSpan(0, segments + 1).CopyTo(plan.AsSpan(used));
        for (var segment = 0; segment < segments; segment++)
            plan[used + segments + 1 + segment] = (int)(places[starts[segment]] >> 32);
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<long>.Shared.Return(places);
        if (segments == 0) return;
        using var buffer = device.Allocate<int>(plan.Length);
        buffer.CopyFrom(plan);
        var view = buffer.View;
        RowsKernels.LaunchScatterAdd<T>(device, checked(segments * rows.Columns), rows,
            view.SubView(0, used), view.SubView(used, segments + 1), view.SubView(used + segments + 1, segments),
            table, rows.Columns);
    }

    void ScatterAddLinked(MatrixView<T> rows, IndexView indices, MatrixView<T> table)
    {
        using var buffer = device.Allocate<int>(2L * rows.Rows);
        var links = buffer.View;
        var (isFirst, next) = (links.SubView(0, rows.Rows), links.SubView(rows.Rows, rows.Rows));
        RowsKernels.LaunchLink(device, rows.Rows, indices.Array, isFirst, next);
        RowsKernels.LaunchScatterAddLinked<T>(device, Elements.Of(rows, contiguous: false).Count, rows,
            indices.Array, isFirst, next, table, rows.Columns);
    }
}
