using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// The memory behind a tensor and its views, its gradient of the same layout, and a counter of in-place changes.
/// </summary>
sealed class Storage<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    bool isDisposed;

    public Storage(DeviceBackend<T> backend, DeviceBuffer<T> buffer, bool scoped)
    {
        (Backend, Buffer) = (backend, buffer);
        if (scoped) TensorScope.Current?.Own(this);
    }

    public DeviceBackend<T> Backend { get; }

    public DeviceBuffer<T> Buffer { get; }

    public int Version { get; set; }

    /// <summary>Whether a recorded operation made it: it is no leaf.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>The tape that holds that operation; null after its backward pass, or when disposed of.</summary>
    public Tape<T>? Tape { get; set; }

    /// <summary>Null until a backward pass reaches the tensor for the first time.</summary>
    public DeviceBuffer<T>? Gradient { get; private set; }

    /// <summary>
    /// Whether <see cref="Gradient"/> holds values of this backward pass; false means its content is stale.
    /// </summary>
    public bool HasGradient { get; set; }

    public DeviceBuffer<T> GradientBuffer() => Gradient ??= Backend.Device.Allocate<T>(Buffer.Length);

    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(isDisposed, typeof(Tensor));

    public void ReleaseGradient()
    {
        Gradient?.Dispose();
        Gradient = null;
        HasGradient = false;
    }

    public void Dispose()
    {
        isDisposed = true;
        ReleaseGradient();
        Buffer.Dispose();
    }
}
