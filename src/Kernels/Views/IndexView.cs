using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>A contiguous run of int indices on a device: token ids, row numbers, lengths.</summary>
public readonly struct IndexView
{
    public IndexView(DeviceBuffer<int> buffer, long offset, int count)
    {
        if (offset < 0 || count < 0 || offset + count > buffer.Length)
            throw new ShapeException("index view", $"{offset}..{offset + count} of {buffer.Length}.");
        (Buffer, Offset, Count) = (buffer, offset, count);
    }

    public DeviceBuffer<int> Buffer { get; }

    public long Offset { get; }

    public int Count { get; }

    /// <summary>Whether the default value was passed: an optional operand that is not there.</summary>
    public bool IsNone => Buffer is null;

    /// <summary>The indices, on the CPU.</summary>
    public Span<int> Span => ((HostBuffer<int>)Buffer).Slice(Offset, Count);

    public IndexView Slice(int start, int count) => new(Buffer, Offset + start, count);
}
