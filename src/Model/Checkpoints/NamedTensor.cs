using System.Runtime.InteropServices;
using LdNetGpu.Devices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>A tensor to be written: its name, shape, and where its values are, row-major without gaps.</summary>
public abstract class NamedTensor
{
    private protected NamedTensor(string name, TensorType type, IReadOnlyList<long> shape, long length)
    {
        Name = name;
        Type = type;
        Shape = shape;
        var elements = shape.Aggregate(1L, (product, size) => checked(product * size));
        if (elements != length)
            throw new ShapeException("safetensors",
                $"{name}: shape [{string.Join(", ", shape)}] for {length} elements.");
        Bytes = checked(elements * type.Size());
    }

    /// <summary>As the file will call it.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public TensorType Type { get; }

    /// <summary>Sizes of the dimensions; none for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Bytes of all elements.</summary>
    public long Bytes { get; }

    /// <summary>Values in the process's memory.</summary>
    /// <param name="name">As the file will call it.</param>
    /// <param name="shape">Sizes of the dimensions.</param>
    /// <param name="values">Row-major; read when the file is written, not copied before.</param>
    /// <exception cref="ShapeException">There is another number of values.</exception>
    /// <exception cref="NotSupportedException">The format has no type for T.</exception>
    public static NamedTensor Of<T>(string name, IReadOnlyList<long> shape, ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        return new InMemory<T>(name, shape, values);
    }

    /// <summary>Values on a device, from element <paramref name="offset"/> of a buffer on.</summary>
    /// <param name="name">As the file will call it.</param>
    /// <param name="shape">Sizes of the dimensions.</param>
    /// <param name="buffer">Row-major without gaps; read when the file is written.</param>
    /// <param name="offset">The first element.</param>
    /// <exception cref="NotSupportedException">The format has no type for T.</exception>
    public static NamedTensor Of<T>(string name, IReadOnlyList<long> shape, DeviceBuffer<T> buffer, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(buffer);
        return new OnDevice<T>(name, shape, buffer, offset);
    }

    /// <summary>Hands the bytes to <paramref name="take"/> piece by piece, in order.</summary>
    internal abstract void Read(ReadOnlySpanAction take);

    /// <summary>Receives a piece of a tensor's bytes.</summary>
    internal delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);

    sealed class InMemory<T>(string name, IReadOnlyList<long> shape, ReadOnlyMemory<T> values)
        : NamedTensor(name, TensorTypes.Of<T>(), shape, values.Length) where T : unmanaged
    {
        const int Piece = 1 << 16;

        internal override void Read(ReadOnlySpanAction take)
        {
            for (var start = 0; start < values.Length; start += Piece)
                take(MemoryMarshal.AsBytes(values.Span.Slice(start, Math.Min(Piece, values.Length - start))));
        }
    }

    sealed class OnDevice<T>(string name, IReadOnlyList<long> shape, DeviceBuffer<T> buffer, long offset)
        : NamedTensor(name, TensorTypes.Of<T>(), shape, shape.Aggregate(1L, (product, size) => product * size))
        where T : unmanaged
    {
        const int Piece = 1 << 16;

        internal override void Read(ReadOnlySpanAction take)
        {
            var piece = new T[Piece];
            var elements = Bytes / Type.Size();
            for (long start = 0; start < elements; start += Piece)
            {
                var part = piece.AsSpan(0, (int)Math.Min(Piece, elements - start));
                buffer.CopyTo(part, offset + start);
                take(MemoryMarshal.AsBytes(part));
            }
        }
    }
}
