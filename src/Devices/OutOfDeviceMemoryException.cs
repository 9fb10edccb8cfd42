namespace LdNetGpu.Devices;

/// <summary>Buffers of one element type and length that are held when memory runs out.</summary>
/// <param name="Element">Type of the elements.</param>
/// <param name="Length">Elements of one such buffer.</param>
/// <param name="Count">Such buffers.</param>
/// <param name="Bytes">All of them together.</param>
public sealed record MemoryHolder(Type Element, long Length, int Count, long Bytes);

/// <summary>
/// The device has no more memory, its cache already given back. The work needs less at once, or another device.
/// </summary>
/// <param name="device">Name of the device: <c>cpu</c>, <c>cuda</c>, ...</param>
/// <param name="message">What was asked for and what is held, for people.</param>
/// <param name="inner">The system's own error, where there is one.</param>
public sealed class OutOfDeviceMemoryException(string device, string message, Exception? inner = null)
    : UserException(message, inner)
{
    /// <summary>Name of the device.</summary>
    public string Device { get; } = device;

    /// <summary>Bytes of the buffer that was asked for; null where an operation of the driver's own ran out.</summary>
    public long? AskedBytes { get; init; }

    /// <summary>Free bytes of the device as its driver counts them; null where it does not say.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Bytes in live buffers.</summary>
    public long LiveBytes { get; init; }

    /// <summary>What holds the most, largest first.</summary>
    public IReadOnlyList<MemoryHolder> Largest { get; init; } = [];
}
