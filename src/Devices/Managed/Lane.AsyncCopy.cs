using System.Runtime.CompilerServices;
using ILGPU;

namespace LdNetGpu.Devices.Managed;

// Copies arrive when the lane waits for them: until then the destination is undefined, and any use of it a fault.
public sealed partial class Lane
{
    readonly record struct Copy(ManagedMemory Destination, long To, ManagedMemory? Source, long From, int Bytes,
        int Read, int Site);

    readonly Queue<List<Copy>> copyGroups = new();
    List<Copy> copies = [];

    /// <summary>
    /// <see cref="Dialect.Cuda.AsyncCopy.Bytes4"/>: what is copied arrives at <see cref="AsyncCopyWait"/>.
    /// </summary>
    /// <param name="destination">In shared memory.</param>
    /// <param name="to">Its first element that is written.</param>
    /// <param name="source">In global memory.</param>
    /// <param name="from">Its first element that is read.</param>
    /// <param name="count">Elements to read; zeros follow.</param>
    /// <param name="site">The number of this place among <see cref="Gpu.KernelInstance.Sites"/>, for the error.</param>
    /// <exception cref="KernelFaultException">
    /// Out of bounds, off its boundary, or between memories of other kinds.
    /// </exception>
    public void AsyncCopyBytes4<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count,
        int site) where T : unmanaged =>
        Begin(4, destination, to, source, from, count, site);

    /// <summary><see cref="Dialect.Cuda.AsyncCopy.Bytes8"/>.</summary>
    /// <inheritdoc cref="AsyncCopyBytes4"/>
    public void AsyncCopyBytes8<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count,
        int site) where T : unmanaged =>
        Begin(8, destination, to, source, from, count, site);

    /// <summary><see cref="Dialect.Cuda.AsyncCopy.Bytes16"/>.</summary>
    /// <inheritdoc cref="AsyncCopyBytes4"/>
    public void AsyncCopyBytes16<T>(ArrayView<T> destination, int to, ArrayView<T> source, long from, int count,
        int site) where T : unmanaged =>
        Begin(16, destination, to, source, from, count, site);

    /// <summary>
    /// <see cref="Dialect.Cuda.AsyncCopy.Commit"/>: the copies begun since the last call are one group.
    /// </summary>
    /// <param name="site">Unused: every wide access passes its place.</param>
    public void AsyncCopyCommit(int site)
    {
        copyGroups.Enqueue(copies);
        copies = [];
    }

    /// <summary><see cref="Dialect.Cuda.AsyncCopy.Wait"/>: the older groups' copies arrive.</summary>
    /// <param name="pending">Groups that may stay on their way.</param>
    /// <param name="site">Unused: every wide access passes its place.</param>
    public void AsyncCopyWait(int pending, int site)
    {
        while (copyGroups.Count > pending)
            foreach (var copy in copyGroups.Dequeue()) Arrive(copy);
    }

    void ForgetCopies()
    {
        copyGroups.Clear();
        copies.Clear();
    }

    void Begin<T>(int bytes, ArrayView<T> destination, int to, ArrayView<T> source, long from, int count, int site)
        where T : unmanaged
    {
        var elements = bytes / Unsafe.SizeOf<T>();
        if (elements == 0 || count < 0 || count > elements)
            throw run.Fault(KernelFault.AsyncCopy, site, Where(),
                $"{count} elements of {Unsafe.SizeOf<T>()} bytes in a copy of {bytes} bytes.");
        var (target, offset) = Wide(destination, to, bytes, elements, site);
        if (!target.IsShared)
            throw run.Fault(KernelFault.AsyncCopy, site, Where(),
                $"the destination is {target.Name}: asynchronous copies go to shared memory.");
        var origin = source.Memory() as ManagedMemory;
        var start = (source.Offset() + from) * Unsafe.SizeOf<T>();
        if (count > 0)
        {
            Locate(source, from + count - 1, site);
            (origin, start) = Locate(source, from, site);
        }
        if (start % bytes != 0) throw Misaligned(start, bytes, site);
        if (origin is not null && !origin.IsGlobal)
            throw run.Fault(KernelFault.AsyncCopy, site, Where(),
                $"the source is {origin.Name}: asynchronous copies come from global memory.");
        var read = count * Unsafe.SizeOf<T>();
        if (trace is not null && read > 0) Trace(AccessKind.Load, origin!, start, read, site);
        if (trace is not null) Trace(AccessKind.Store, target, offset, bytes, site);
        if (target.IsChecked)
        {
            if (read > 0)
                foreach (ref var record in origin!.Records(start, read)) Read(ref record, origin, from, site);
            foreach (ref var record in target.Records(offset, bytes))
            {
                Write(ref record, target, to, site, isAtomic: false);
                record.IsInFlight = true;
            }
            target.Span(offset, bytes).Fill(0xFF);
        }
        copies.Add(new(target, offset, origin, start, bytes, read, site));
    }

    void Arrive(Copy copy)
    {
        var destination = copy.Destination.Span(copy.To, copy.Bytes);
        destination.Clear();
        if (copy.Read > 0) copy.Source!.Span(copy.From, copy.Read).CopyTo(destination);
        if (!copy.Destination.IsChecked) return;
        foreach (ref var record in copy.Destination.Records(copy.To, copy.Bytes))
        {
            record.IsInFlight = false;
            record.Write = new Access(globalNumber, KernelRun.Now, copy.Site);
        }
    }

    KernelFaultException InFlight(Access copy, ManagedMemory memory, long index, int site) =>
        run.Fault(KernelFault.AsyncCopy, site, Where(),
            $"element {index} in {memory.Name} is used while the copy begun at {run.Site(copy.Site)} may still run: " +
            "the lane that copies must Commit and Wait, then all a Group.Barrier().");
}
