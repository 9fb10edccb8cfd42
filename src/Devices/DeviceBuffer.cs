namespace LdNetGpu.Devices;

/// <summary>A run of elements on a device. Disposing it gives the memory back to the device's cache; using it afterwards throws.</summary>
public abstract class DeviceBuffer<T>(Device device, long length) : IDisposable where T : unmanaged
{
    public Device Device { get; } = device;

    /// <summary>Elements, not bytes.</summary>
    public long Length { get; } = length;

    /// <summary>Copies host values to this buffer from element <paramref name="offset"/> on.</summary>
    public abstract void CopyFrom(ReadOnlySpan<T> source, long offset = 0);

    /// <summary>Copies elements from <paramref name="offset"/> on to host memory, after all work queued before has finished.</summary>
    public abstract void CopyTo(Span<T> destination, long offset = 0);

    public abstract void Dispose();
}
