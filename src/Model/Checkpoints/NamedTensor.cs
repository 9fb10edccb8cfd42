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
        var elements = ElementsOf(name, type, shape);
        if (elements != length)
            throw new ShapeException("safetensors",
                $"{name}: shape [{string.Join(", ", shape)}] for {length} elements.");
        Bytes = elements * type.Size();
    }

    // So many that their bytes can be counted.
    static long ElementsOf(string name, TensorType type, IReadOnlyList<long> shape)
    {
        var elements = shape.Contains(0) ? 0 : (Int128)1;
        foreach (var size in shape)
        {
            if (size < 0) throw Refused("a negative size");
            elements *= size;
            if (elements > long.MaxValue / type.Size()) throw Refused("more bytes than can be counted");
        }
        return (long)elements;

        ShapeException Refused(string why) =>
            new("safetensors", $"{name}: shape [{string.Join(", ", shape)}] has {why}.");
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
    /// <exception cref="ShapeException">A size is negative, or there is another number of values.</exception>
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
    /// <exception cref="ShapeException">A size is negative, or the buffer has not so many elements.</exception>
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

    sealed class OnDevice<T> : NamedTensor where T : unmanaged
    {
        const int Piece = 1 << 16;

        readonly DeviceBuffer<T> buffer;
        readonly long offset;

        public OnDevice(string name, IReadOnlyList<long> shape, DeviceBuffer<T> buffer, long offset)
            : base(name, TensorTypes.Of<T>(), shape, ElementsOf(name, TensorTypes.Of<T>(), shape))
        {
            var elements = Bytes / Type.Size();
            if (offset < 0 || elements > buffer.Length - offset)
                throw new ShapeException("safetensors",
                    $"{name}: a buffer of {buffer.Length} elements has no {elements} from {offset} on.");
            (this.buffer, this.offset) = (buffer, offset);
        }

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
