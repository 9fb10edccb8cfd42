using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

// 16 bytes at once: every element of them is checked as if accessed alone.
public sealed partial class Lane
{
    const int VectorBytes = 16;

    /// <summary><see cref="Dialect.Cuda.Vector.Load(ArrayView{float}, long)"/>, all four elements checked.</summary>
    /// <param name="view">In global or shared memory.</param>
    /// <param name="index">Of the first element.</param>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">Off its boundary, out of bounds, never written, or in a race.</exception>
    public FloatQuad VectorLoad(ArrayView<float> view, long index, int site) =>
        LoadVector<float, FloatQuad>(view, index, site);

    /// <summary><see cref="Dialect.Cuda.Vector.Load(ArrayView{double}, long)"/>, both elements checked.</summary>
    /// <inheritdoc cref="VectorLoad(ArrayView{float}, long, int)"/>
    public DoublePair VectorLoad(ArrayView<double> view, long index, int site) =>
        LoadVector<double, DoublePair>(view, index, site);

    /// <summary>
    /// <see cref="Dialect.Cuda.Vector.Store(ArrayView{float}, long, FloatQuad)"/>, all four elements checked.
    /// </summary>
    /// <inheritdoc cref="VectorLoad(ArrayView{float}, long, int)"/>
    public void VectorStore(ArrayView<float> view, long index, FloatQuad value, int site) =>
        StoreVector(view, index, value, site);

    /// <summary>
    /// <see cref="Dialect.Cuda.Vector.Store(ArrayView{double}, long, DoublePair)"/>, both elements checked.
    /// </summary>
    /// <inheritdoc cref="VectorLoad(ArrayView{float}, long, int)"/>
    public void VectorStore(ArrayView<double> view, long index, DoublePair value, int site) =>
        StoreVector(view, index, value, site);

    TVector LoadVector<T, TVector>(ArrayView<T> view, long index, int site) where T : unmanaged
        where TVector : unmanaged
    {
        var (memory, offset) = Wide(view, index, VectorBytes, VectorBytes / Unsafe.SizeOf<T>(), site);
        if (trace is not null) Trace(AccessKind.Load, memory, offset, VectorBytes, site);
        if (memory.IsChecked)
            foreach (ref var record in memory.Records(offset, VectorBytes)) Read(ref record, memory, index, site);
        return memory.At<TVector>(offset);
    }

    void StoreVector<T, TVector>(ArrayView<T> view, long index, TVector value, int site) where T : unmanaged
        where TVector : unmanaged
    {
        var (memory, offset) = Wide(view, index, VectorBytes, VectorBytes / Unsafe.SizeOf<T>(), site);
        if (trace is not null) Trace(AccessKind.Store, memory, offset, VectorBytes, site);
        if (memory.IsChecked)
            foreach (ref var record in memory.Records(offset, VectorBytes))
                Write(ref record, memory, index, site, isAtomic: false);
        memory.At<TVector>(offset) = value;
    }

    (ManagedMemory Memory, long Offset) Wide<T>(ArrayView<T> view, long index, int bytes, int elements, int site)
        where T : unmanaged
    {
        var place = Locate(view, index, site);
        Locate(view, index + elements - 1, site);
        return place.Offset % bytes == 0 ? place : throw Misaligned(place.Offset, bytes, site);
    }

    KernelFaultException Misaligned(long offset, int bytes, int site) =>
        run.Fault(KernelFault.Misaligned, site, Where(),
            $"an access of {bytes} bytes at byte {offset} of the buffer: it must lie on a multiple of {bytes}.");
}
