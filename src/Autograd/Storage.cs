using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// The memory behind a tensor and its views, its gradient of the same layout, and a counter of in-place changes.
/// </summary>
sealed class Storage<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly DeviceBuffer<T> buffer;
    bool isDisposed, isReleased;

    public Storage(DeviceBackend<T> backend, DeviceBuffer<T> buffer, bool scoped)
    {
        (Backend, this.buffer) = (backend, buffer);
        if (scoped) TensorScope.Current?.Own(this);
    }

    public DeviceBackend<T> Backend { get; }

    /// <exception cref="InvalidOperationException">The values are kept otherwise.</exception>
    public DeviceBuffer<T> Buffer => !isReleased ? buffer : throw new InvalidOperationException(
        "The values are kept in bfloat16 (Parameter.KeepInBfloat16): look-ups and recurrent products read them, "
        + "nothing else does.");

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

    /// <summary>Gives the values' memory back; the shape stays.</summary>
    public void ReleaseValues()
    {
        isReleased = true;
        buffer.Dispose();
    }

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
        if (!isReleased) buffer.Dispose();
    }
}
