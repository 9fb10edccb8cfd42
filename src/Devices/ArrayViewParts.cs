using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices;

/// <summary>What ILGPU's views show by interface only, without boxing them.</summary>
static class ArrayViewParts
{
    /// <summary>What holds the elements; null for an empty view.</summary>
    public static MemoryBuffer? Memory<T>(this ArrayView<T> view) where T : unmanaged => BufferOf(view);

    /// <summary>Elements of type T before the first one of this view.</summary>
    public static long Offset<T>(this ArrayView<T> view) where T : unmanaged => IndexOf(view);

    static MemoryBuffer? BufferOf<TView>(TView view) where TView : IContiguousArrayView => view.Buffer;

    static long IndexOf<TView>(TView view) where TView : IContiguousArrayView => view.Index;
}
