using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>
/// Copies of another device's views in the host's memory. Their buffers are the caller's to dispose of.
/// </summary>
static class HostCopies
{
    public static MatrixView<T> CopyTo<T>(this MatrixView<T> view, CpuDevice host) where T : unmanaged
    {
        var copy = (HostBuffer<T>)host.Allocate<T>(view.Count);
        for (var row = 0; row < view.Rows; row++)
            view.Buffer.CopyTo(copy.Slice((long)row * view.Columns, view.Columns),
                view.Offset + (long)row * view.RowStride);
        return new(copy, 0, view.Rows, view.Columns, view.Columns);
    }

    public static IndexView CopyTo(this IndexView view, CpuDevice host)
    {
        var copy = host.Allocate<int>(view.Count);
        copy.CopyFrom(view.ToHost());
        return new(copy, 0, view.Count);
    }
}
