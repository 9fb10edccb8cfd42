using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Managed;

// Each access: within bounds, of defined content, and ordered after what other lanes did to the element.
public sealed partial class Lane
{
    /// <summary>An element that is read.</summary>
    /// <param name="view">Where it lies.</param>
    /// <param name="index">Its place in the view.</param>
    /// <param name="site">
    /// The number of this access among <see cref="Gpu.KernelInstance.Sites"/>, for the error.
    /// </param>
    /// <exception cref="KernelFaultException">Out of bounds, never written, or in a race.</exception>
    public T Load<T>(ArrayView<T> view, long index, int site) where T : unmanaged =>
        Load<T>(Locate(view, index, site), index, site);

    /// <summary>A field of an element that is read.</summary>
    /// <param name="view">Where the element lies.</param>
    /// <param name="index">Its place in the view.</param>
    /// <param name="part">The field, of the element.</param>
    /// <param name="site">
    /// The number of this access among <see cref="Gpu.KernelInstance.Sites"/>, for the error.
    /// </param>
    /// <exception cref="KernelFaultException">Out of bounds, never written, or in a race.</exception>
    public TPart Load<T, TPart>(ArrayView<T> view, long index, ElementPart<T, TPart> part, int site)
        where T : unmanaged where TPart : unmanaged
    {
        ArgumentNullException.ThrowIfNull(part);
        return Load<TPart>(Locate(view, index, part, site), index, site);
    }

    /// <summary>Writes an element, and gives the value back as an assignment does.</summary>
    /// <inheritdoc cref="Load{T}(ArrayView{T}, long, int)"/>
    public T Store<T>(ArrayView<T> view, long index, T value, int site)
        where T : unmanaged => Reference(view, index, site) = value;

    /// <summary>An element that is read and then written.</summary>
    /// <inheritdoc cref="Load{T}(ArrayView{T}, long, int)"/>
    public ref T Update<T>(ArrayView<T> view, long index, int site) where T : unmanaged =>
        ref Update<T>(Locate(view, index, site), index, site);

    /// <summary>A field of an element that is read and then written.</summary>
    /// <inheritdoc cref="Load{T, TPart}(ArrayView{T}, long, ElementPart{T, TPart}, int)"/>
    public ref TPart Update<T, TPart>(ArrayView<T> view, long index, ElementPart<T, TPart> part, int site)
        where T : unmanaged where TPart : unmanaged
    {
        ArgumentNullException.ThrowIfNull(part);
        return ref Update<TPart>(Locate(view, index, part, site), index, site);
    }

    /// <summary>An element that is written.</summary>
    /// <inheritdoc cref="Load{T}(ArrayView{T}, long, int)"/>
    public ref T Reference<T>(ArrayView<T> view, long index, int site) where T : unmanaged =>
        ref Reference<T>(Locate(view, index, site), index, site);

    /// <summary>A field of an element that is written.</summary>
    /// <inheritdoc cref="Load{T, TPart}(ArrayView{T}, long, ElementPart{T, TPart}, int)"/>
    public ref TPart Reference<T, TPart>(ArrayView<T> view, long index, ElementPart<T, TPart> part, int site)
        where T : unmanaged where TPart : unmanaged
    {
        ArgumentNullException.ThrowIfNull(part);
        return ref Reference<TPart>(Locate(view, index, part, site), index, site);
    }

    /// <summary>An element that an atomic operation changes.</summary>
    /// <inheritdoc cref="Load{T}(ArrayView{T}, long, int)"/>
    public ref T AtomicTarget<T>(ArrayView<T> view, long index, int site) where T : unmanaged =>
        ref AtomicTarget<T>(Locate(view, index, site), index, site);

    /// <summary>A field of an element that an atomic operation changes.</summary>
    /// <inheritdoc cref="Load{T, TPart}(ArrayView{T}, long, ElementPart{T, TPart}, int)"/>
    public ref TPart AtomicTarget<T, TPart>(ArrayView<T> view, long index, ElementPart<T, TPart> part, int site)
        where T : unmanaged where TPart : unmanaged
    {
        ArgumentNullException.ThrowIfNull(part);
        return ref AtomicTarget<TPart>(Locate(view, index, part, site), index, site);
    }

    /// <summary>The view of one element that a ref local stands for.</summary>
    /// <inheritdoc cref="Load{T}(ArrayView{T}, long, int)"/>
    public ArrayView<T> OneElement<T>(ArrayView<T> view, long index, int site) where T : unmanaged
    {
        Locate(view, index, site);
        return view.SubView(index, 1);
    }

    /// <summary>The group's memory of one allocation in the kernel: the first lane that comes makes it.</summary>
    /// <param name="length">Elements.</param>
    /// <param name="key">Names the place in the source that allocates.</param>
    /// <exception cref="KernelFaultException">More than a group may have.</exception>
    public ArrayView<T> Shared<T>(int length, string key) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(group.Shared(key + typeof(T).Name, (long)length * Unsafe.SizeOf<T>(), ManagedMemory.Granule<T>(),
            Where), 0, length);
    }

    /// <summary>The launch's dynamic shared memory.</summary>
    /// <typeparam name="T">What its bytes are seen as.</typeparam>
    public ArrayView<T> DynamicShared<T>() where T : unmanaged
    {
        var bytes = run.Config.DynamicSharedBytes;
        return new(group.Shared(LaneGroup.Dynamic, bytes, Math.Min(4, ManagedMemory.Granule<T>()), Where), 0,
            bytes / Unsafe.SizeOf<T>());
    }

    /// <summary>Memory of this lane.</summary>
    /// <param name="length">Elements, undefined until written.</param>
    public ArrayView<T> Local<T>(int length) where T : unmanaged =>
        new(new ManagedMemory(MemoryKind.Local, (long)length * Unsafe.SizeOf<T>(), ManagedMemory.Granule<T>(),
            run.IsChecked), 0, length);

    /// <summary>
    /// Elements <paramref name="index"/> to <paramref name="index"/> + <paramref name="length"/> of a view as one of
    /// their own.
    /// </summary>
    /// <param name="view">The whole.</param>
    /// <param name="index">Its first element that belongs to the part.</param>
    /// <param name="length">Elements of the part.</param>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">The part is not all in the view.</exception>
    public ArrayView<T> SubView<T>(ArrayView<T> view, long index, long length, int site) where T : unmanaged
    {
        if (index < 0 || length < 0 || index > view.Length - length)
            throw run.Fault(KernelFault.OutOfBounds, site, Where(),
                $"elements {index}..{index + length} of a view of {view.Length} elements.");
        return length == 0 ? default : view.SubView(index, length);
    }

    /// <summary>The elements from <paramref name="index"/> on.</summary>
    /// <inheritdoc cref="SubView{T}(ArrayView{T}, long, long, int)"/>
    public ArrayView<T> SubView<T>(ArrayView<T> view, long index, int site)
        where T : unmanaged => SubView(view, index, view.Length - index, site);

    /// <summary>The same bytes as elements of another type; a rest that fills no element is left out.</summary>
    /// <param name="view">The bytes.</param>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">The view starts within an element of the other type.</exception>
    public ArrayView<TOther> Cast<T, TOther>(ArrayView<T> view, int site) where T : unmanaged where TOther : unmanaged
    {
        var (first, other) = (view.Offset() * Unsafe.SizeOf<T>(), Unsafe.SizeOf<TOther>());
        if (first % other != 0)
            throw run.Fault(KernelFault.Misaligned, site, Where(),
                $"a view that starts at byte {first} cannot be seen as {typeof(TOther).Name} of {other} bytes.");
        return view.Length == 0
            ? default : new(view.Memory()!, first / other, view.Length * Unsafe.SizeOf<T>() / other);
    }

    /// <summary>Where in its memory an element of a view with strides lies.</summary>
    /// <param name="view">The view, whose extent the index is held against along each axis.</param>
    /// <param name="index">The element.</param>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">The index lies outside of the extent.</exception>
    public long Place<T, TStride>(ArrayView1D<T, TStride> view, LongIndex1D index, int site)
        where T : unmanaged where TStride : struct, IStride1D
    {
        if (!IsWithin(index, view.Extent)) throw OutOfBounds(index, view.Extent, site);
        return view.Stride.ComputeElementIndex(index);
    }

    /// <inheritdoc cref="Place{T, TStride}(ArrayView1D{T, TStride}, LongIndex1D, int)"/>
    public long Place<T, TStride>(ArrayView2D<T, TStride> view, LongIndex2D index, int site)
        where T : unmanaged where TStride : struct, IStride2D
    {
        if (!IsWithin(index.X, view.Extent.X) || !IsWithin(index.Y, view.Extent.Y))
            throw run.Fault(KernelFault.OutOfBounds, site, Where(),
                $"index ({index.X}, {index.Y}) of a view of {view.Extent.X} x {view.Extent.Y} elements.");
        return view.Stride.ComputeElementIndex(index);
    }

    /// <inheritdoc cref="Place{T, TStride}(ArrayView1D{T, TStride}, LongIndex1D, int)"/>
    public long Place<T, TStride>(ArrayView3D<T, TStride> view, LongIndex3D index, int site)
        where T : unmanaged where TStride : struct, IStride3D
    {
        if (!IsWithin(index.X, view.Extent.X) || !IsWithin(index.Y, view.Extent.Y)
            || !IsWithin(index.Z, view.Extent.Z))
            throw run.Fault(KernelFault.OutOfBounds, site, Where(),
                $"index ({index.X}, {index.Y}, {index.Z}) of a view of "
                + $"{view.Extent.X} x {view.Extent.Y} x {view.Extent.Z} elements.");
        return view.Stride.ComputeElementIndex(index);
    }

    static bool IsWithin(long index, long extent) => (ulong)index < (ulong)extent;

    (ManagedMemory Memory, long Offset) Locate<T>(ArrayView<T> view, long index, int site) where T : unmanaged
    {
        if ((ulong)index >= (ulong)view.Length) throw OutOfBounds(index, view.Length, site);
        return (Unsafe.As<ManagedMemory>(view.Memory()!), (view.Offset() + index) * Unsafe.SizeOf<T>());
    }

    (ManagedMemory Memory, long Offset) Locate<T, TPart>(ArrayView<T> view, long index, ElementPart<T, TPart> part,
        int site) where T : unmanaged
    {
        var (memory, offset) = Locate(view, index, site);
        ref var whole = ref memory.At<T>(offset);
        ref var inner = ref Unsafe.AsRef(in part(ref whole));
        return (memory, offset + Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref whole),
            ref Unsafe.As<TPart, byte>(ref inner)));
    }

    T Load<T>((ManagedMemory Memory, long Offset) place, long index, int site) where T : unmanaged
    {
        var (memory, offset) = place;
        if (trace is not null) Trace(AccessKind.Load, memory, offset, Unsafe.SizeOf<T>(), site);
        if (memory.IsChecked)
            foreach (ref var record in memory.Records<T>(offset))
                Read(ref record, memory, index, site);
        return memory.At<T>(offset);
    }

    ref T Update<T>((ManagedMemory Memory, long Offset) place, long index, int site) where T : unmanaged
    {
        Load<T>(place, index, site);
        return ref Reference<T>(place, index, site);
    }

    ref T Reference<T>((ManagedMemory Memory, long Offset) place, long index, int site) where T : unmanaged
    {
        var (memory, offset) = place;
        if (trace is not null) Trace(AccessKind.Store, memory, offset, Unsafe.SizeOf<T>(), site);
        if (memory.IsChecked)
            foreach (ref var record in memory.Records<T>(offset))
                Write(ref record, memory, index, site, isAtomic: false);
        return ref memory.At<T>(offset);
    }

    ref T AtomicTarget<T>((ManagedMemory Memory, long Offset) place, long index, int site) where T : unmanaged
    {
        var (memory, offset) = place;
        if (trace is not null) Trace(AccessKind.Atomic, memory, offset, Unsafe.SizeOf<T>(), site);
        if (memory.IsChecked)
            foreach (ref var record in memory.Records<T>(offset))
            {
                if (!record.IsInitialised) throw Uninitialised(memory, index, site);
                Write(ref record, memory, index, site, isAtomic: true);
            }
        return ref memory.At<T>(offset);
    }

    // Not inlined: what launches without a profile run stays as short as it can be.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Trace(AccessKind kind, ManagedMemory memory, long offset, int bytes, int site) =>
        trace!.Add(Number % WarpSize, site, kind, memory, offset, bytes);

    void Read(ref AccessRecord record, ManagedMemory memory, long index, int site)
    {
        if (record.IsInFlight) throw InFlight(record.Write, memory, index, site);
        if (!record.IsInitialised) throw Uninitialised(memory, index, site);
        if (IsUnordered(record.Write)) throw Race("read", "written", record.Write, memory, index, site);
        var read = new Access(globalNumber, KernelRun.Now, site);
        if (record.FirstRead.Lane == read.Lane || !IsUnordered(record.FirstRead)) record.FirstRead = read;
        else record.SecondRead = read;
    }

    void Write(ref AccessRecord record, ManagedMemory memory, long index, int site, bool isAtomic)
    {
        if (record.IsInFlight) throw InFlight(record.Write, memory, index, site);
        if (!(isAtomic && record.WriteIsAtomic) && IsUnordered(record.Write))
            throw Race("written", "written", record.Write, memory, index, site);
        if (IsUnordered(record.FirstRead)) throw Race("written", "read", record.FirstRead, memory, index, site);
        if (IsUnordered(record.SecondRead)) throw Race("written", "read", record.SecondRead, memory, index, site);
        record.Write = new Access(globalNumber, KernelRun.Now, site);
        (record.IsInitialised, record.WriteIsAtomic) = (true, isAtomic);
    }

    /// <summary>
    /// Whether nothing orders another lane's access before this one: no barrier that both took part in since.
    /// </summary>
    bool IsUnordered(Access access)
    {
        if (access.Tick < run.LastGridBarrier || access.Lane == globalNumber) return false;
        var other = (uint)(access.Lane - globalNumber + Number);
        if (other >= group.Lanes.Length) return true;
        var own = (uint)Number / WarpSize;
        return access.Tick >= (other / WarpSize == own
            ? Math.Max(group.LastBarrier, group.WarpBarrier[own]) : group.LastBarrier);
    }

    KernelFaultException OutOfBounds(long index, long length, int site) =>
        run.Fault(KernelFault.OutOfBounds, site, Where(), $"index {index} of a view of {length} elements.");

    KernelFaultException Uninitialised(ManagedMemory memory, long index, int site) =>
        run.Fault(KernelFault.UninitialisedRead, site, Where(),
            $"element {index} in {memory.Name} is read before anything was written to it.");

    KernelFaultException Race(string now, string before, Access access, ManagedMemory memory, long index, int site)
    {
        var size = run.Config.GroupDim.Size;
        var (otherGroup, otherLane) = ((access.Lane - 1) / size, (access.Lane - 1) % size);
        var same = otherGroup == group.LinearIndex;
        return run.Fault(KernelFault.Race, site, Where(),
            $"element {index} in {memory.Name} is {now} here and {before} by lane {otherLane} "
            + $"of {(same ? "the same group" : $"group number {otherGroup}")} at {run.Site(access.Site)}, with no "
            + "barrier between. "
            + (same ? "Put a Group.Barrier() between the two."
                : "Groups of one launch are not ordered: use two launches, or Atomic."));
    }
}
