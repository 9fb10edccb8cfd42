using System.Runtime.CompilerServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Dialect;

/// <summary>
/// A run of elements in a device's memory. On the host it is what a launch takes; in a kernel its indexer reads and writes. Elements are reached by a
/// kernel only: the host copies them with <see cref="DeviceBuffer{T}.CopyTo"/>.
/// </summary>
public readonly struct ArrayView<T> where T : unmanaged
{
    /// <summary>The whole buffer.</summary>
    public ArrayView(DeviceBuffer<T> buffer) : this(buffer, 0, buffer.Length) { }

    /// <summary>Elements <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/> of the buffer.</summary>
    /// <exception cref="ShapeException">They are not all in the buffer.</exception>
    public ArrayView(DeviceBuffer<T> buffer, long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > buffer.Length - length)
            throw new ShapeException("array view", $"elements {offset}..{offset + length} of a buffer of {buffer.Length}.");
        (Memory, Offset, Length) = (buffer, offset, length);
    }

    internal ArrayView(object? memory, long offset, long length) => (Memory, Offset, Length) = (memory, offset, length);

    /// <summary>
    /// What holds the elements: a <see cref="DeviceBuffer{T}"/> (of another element type after <see cref="Cast{TOther}"/>), null for an empty view.
    /// </summary>
    public object? Memory { get; }

    /// <summary>Elements of type T before the first one of this view.</summary>
    public long Offset { get; }

    public long Length { get; }

    public int IntLength => checked((int)Length);

    /// <summary>Whether there is nothing in it; an absent operand is the default view.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>One element, for kernels.</summary>
    /// <exception cref="InvalidOperationException">Called on the host.</exception>
    public ref T this[int index] => ref Lane.Current.Element(this, index);

    /// <inheritdoc cref="this[int]"/>
    public ref T this[long index] => ref Lane.Current.Element(this, index);

    /// <summary>Elements <paramref name="index"/> to <paramref name="index"/> + <paramref name="length"/> as a view of their own.</summary>
    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index > Length - length)
            throw new ShapeException("sub-view", $"elements {index}..{index + length} of a view of {Length}.");
        return new(Memory, Offset + index, length);
    }

    /// <summary>The elements from <paramref name="index"/> on.</summary>
    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    /// <summary>The same bytes as elements of another type; a rest that fills no element is left out.</summary>
    /// <exception cref="ShapeException">The view does not start on a multiple of the other type's size.</exception>
    public ArrayView<TOther> Cast<TOther>() where TOther : unmanaged
    {
        var (size, other) = (Unsafe.SizeOf<T>(), Unsafe.SizeOf<TOther>());
        if (Offset * size % other != 0)
            throw new ShapeException("cast", $"a view that starts at byte {Offset * size} cannot be seen as {typeof(TOther).Name} of {other} bytes.");
        return new(Memory, Offset * size / other, Length * size / other);
    }

    public static implicit operator ArrayView<T>(DeviceBuffer<T> buffer) => new(buffer);
}
