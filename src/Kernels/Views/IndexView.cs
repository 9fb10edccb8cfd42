using ILGPU;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels.Views;

/// <summary>A contiguous run of int indices on a device: token ids, row numbers, lengths.</summary>
public readonly struct IndexView
{
    readonly int[]? known;
    readonly int? promised;

    /// <summary>
    /// Indices <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="count"/> of a buffer.
    /// </summary>
    /// <param name="buffer">Holds them; it must outlive the view.</param>
    /// <param name="offset">The first one.</param>
    /// <param name="count">How many; 0 is allowed.</param>
    /// <param name="known">
    /// The whole buffer's values, where the host has them and nothing writes to the buffer alone: checks on other
    /// devices then need not wait to read them back.
    /// </param>
    /// <param name="promised">
    /// The values lie in -1 to promised - 1, whatever the host writes: checks rely on that and read nothing,
    /// so that work on the view can be recorded and replayed.
    /// </param>
    /// <exception cref="ShapeException">
    /// They are not all in the buffer, or the known values are of another length.
    /// </exception>
    public IndexView(DeviceBuffer<int> buffer, long offset, int count, int[]? known = null, int? promised = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (offset < 0 || count < 0 || offset > buffer.Length - count)
            throw new ShapeException("index view",
                $"{count} indices from {offset} on, of a buffer of {buffer.Length}.");
        if (known is not null && known.Length != buffer.Length)
            throw new ShapeException("index view", $"{known.Length} known values of a buffer of {buffer.Length}.");
        (Buffer, Offset, Count, this.known, this.promised) = (buffer, offset, count, known, promised);
    }

    /// <summary>What holds the indices; null in the default value.</summary>
    public DeviceBuffer<int> Buffer { get; }

    /// <summary>Element of the buffer where the view starts.</summary>
    public long Offset { get; }

    /// <summary>How many indices.</summary>
    public int Count { get; }

    /// <summary>Whether the default value was passed: an optional operand that is not there.</summary>
    public bool IsNone => Buffer is null;

    /// <summary>Where not null, the values lie in -1 to Promised - 1 and are not the host's to know.</summary>
    public int? Promised => promised;

    /// <summary>The indices for a launch.</summary>
    public ArrayView<int> Array => IsNone || Count == 0 ? default : Buffer.ViewOf(Offset, Count);

    /// <summary>The indices, on the CPU; empty for the default value.</summary>
    /// <exception cref="InvalidCastException">
    /// The indices are on another device: <see cref="ToHost"/> copies them.
    /// </exception>
    public Span<int> Span => IsNone ? default : ((HostBuffer<int>)Buffer).Slice(Offset, Count);

    /// <summary>
    /// The values for the host to read, from any device: where they lie, or as known,
    /// or copied from the device when its queue has come to them.
    /// </summary>
    public ReadOnlySpan<int> ToHost()
    {
        if (Buffer is HostBuffer<int> host) return host.Slice(Offset, Count);
        if (known is not null) return known.AsSpan((int)Offset, Count);
        var copy = new int[Count];
        if (Count > 0) Buffer.CopyTo(copy, Offset);
        return copy;
    }

    /// <summary>
    /// Indices <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of this view, the same
    /// memory.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">The indices are not all in the view.</exception>
    public IndexView Slice(int start, int count)
    {
        var part = Shapes.Part(start, count, Count);
        return IsNone ? default : new(Buffer, Offset + start, part, known, promised);
    }
}
