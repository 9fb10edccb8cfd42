using ILGPU.Runtime;

namespace LdNetGpu.Devices;

/// <summary>A buffer in the process's own memory, 64-byte aligned, outside the garbage-collected heap.</summary>
public sealed unsafe class HostBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    readonly long sizeClass;
    T* memory;
    HostMemoryBuffer? viewed;

    internal HostBuffer(CpuDevice device, T* memory, long length, long sizeClass) : base(device, length)
    {
        this.memory = memory;
        this.sizeClass = sizeClass;
    }

    /// <summary>First element.</summary>
    /// <exception cref="ObjectDisposedException">The buffer went back to the allocator: its scope has
    /// ended.</exception>
    public T* Pointer
    {
        get
        {
            if (memory == null) ThrowGone();
            return memory;
        }
    }

    /// <inheritdoc/>
    public override void ThrowIfDisposed() => _ = Pointer;

    private protected override MemoryBuffer Memory => viewed ??= new((nint)Pointer, Length, sizeof(T));

    /// <summary>
    /// Elements <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="count"/>, bounds-checked.
    /// </summary>
    /// <param name="offset">The first element.</param>
    /// <param name="count">How many; 0 is allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all in the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to the allocator.</exception>
    public Span<T> Slice(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{count} elements from {offset} on, of a buffer of {Length}.");
        return new Span<T>(Pointer + offset, count);
    }

    /// <inheritdoc/>
    public override void CopyFrom(ReadOnlySpan<T> source, long offset = 0) =>
        source.CopyTo(Slice(offset, source.Length));

    /// <inheritdoc/>
    public override void CopyTo(Span<T> destination, long offset = 0) =>
        Slice(offset, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void Dispose()
    {
        var returned = memory;
        if (returned == null) return;
        memory = null;
        ((CpuDevice)Device).Return((nint)returned, Length * sizeof(T), sizeClass);
    }
}

/// <summary>The process's own memory as ILGPU's views know it.</summary>
sealed class HostMemoryBuffer : DeviceMemory
{
    public HostMemoryBuffer(nint memory, long length, int elementSize)
        : base(null, length, elementSize) => NativePtr = memory;
}
