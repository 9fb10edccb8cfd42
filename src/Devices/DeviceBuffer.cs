using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices;

/// <summary>
/// A run of elements on a device. Disposing it gives the memory back to the device's cache; using it afterwards throws.
/// </summary>
/// <param name="device">The device that the memory is on, and to which it goes back.</param>
/// <param name="length">Elements, not bytes.</param>
public abstract class DeviceBuffer<T>(ComputeDevice device, long length) : IDisposable where T : unmanaged
{
    /// <summary>
    /// The device that allocated the buffer; only its operations reach the memory, but for two devices on the CPU
    /// (<see cref="ComputeDevice.Reaches"/>).
    /// </summary>
    public ComputeDevice Device { get; } = device;

    /// <summary>Elements, not bytes.</summary>
    public long Length { get; } = length;

    /// <summary>The buffer as a launch takes it.</summary>
    public ArrayView<T> View => ViewOf(0, Length);

    /// <summary>
    /// Elements <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/>, as a launch takes
    /// them.
    /// </summary>
    /// <param name="offset">The first element.</param>
    /// <param name="length">Elements of the view; 0 is allowed.</param>
    /// <exception cref="ShapeException">They are not all in the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public ArrayView<T> ViewOf(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ShapeException("array view", $"{length} elements from {offset} on, of a buffer of {Length}.");
        return new(Memory, First + offset, length);
    }

    /// <summary>Throws where the buffer went back to its device.</summary>
    /// <exception cref="ObjectDisposedException">It did: its scope has ended.</exception>
    public virtual void ThrowIfDisposed() => _ = Memory;

    /// <summary>Says that a buffer went back, in the words of who wrote <c>DeviceBuffer&lt;float&gt;</c>.</summary>
    [DoesNotReturn]
    internal static void ThrowGone() => throw new ObjectDisposedException($"DeviceBuffer<{typeof(T).Name}>",
        "The buffer went back to its device: its scope has ended.");

    /// <summary>What ILGPU's views of this buffer refer to.</summary>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device: its scope has ended.</exception>
    private protected abstract MemoryBuffer Memory { get; }

    /// <summary>Where this buffer starts there, in elements.</summary>
    private protected virtual long First => 0;

    /// <summary>Copies host values to this buffer from element <paramref name="offset"/> on.</summary>
    /// <param name="source">All of it is copied; it may be reused as soon as this returns.</param>
    /// <param name="offset">The first element that is written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The values would end behind the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public abstract void CopyFrom(ReadOnlySpan<T> source, long offset = 0);

    /// <summary>
    /// Copies elements from <paramref name="offset"/> on to host memory, after all work queued before has finished.
    /// </summary>
    /// <param name="destination">Its length says how many elements are copied.</param>
    /// <param name="offset">The first element that is read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The buffer has not so many elements from there on.</exception>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public abstract void CopyTo(Span<T> destination, long offset = 0);

    /// <summary>
    /// Gives the memory back to the device's cache; a second call does nothing. Work that is queued already still finds
    /// it.
    /// </summary>
    public abstract void Dispose();

    /// <summary>The whole buffer as a launch takes it.</summary>
    /// <param name="buffer">On the device of the launch.</param>
    /// <exception cref="ObjectDisposedException">The buffer went back to its device.</exception>
    public static implicit operator ArrayView<T>(DeviceBuffer<T> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer.View;
    }
}
