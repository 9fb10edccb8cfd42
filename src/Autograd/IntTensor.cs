using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// Indices on a device: token ids, tags, lengths. Belongs to the innermost <see cref="TensorScope"/>; without one,
/// dispose of it.
/// </summary>
public sealed class IntTensor : IDisposable
{
    const int FilledAtOnce = 1 << 16;

    readonly DeviceBuffer<int> buffer;
    readonly int[]? known;
    readonly int? promised;
    bool isDisposed;

    /// <summary>
    /// The given values, kept on the host too: reading and checking them never waits for the device. Not for operations
    /// to write to.
    /// </summary>
    /// <param name="device">Where operations read them.</param>
    /// <param name="values">Copied.</param>
    public IntTensor(ComputeDevice device, ReadOnlySpan<int> values) : this(device, values.Length)
    {
        buffer.CopyFrom(values);
        known = values.ToArray();
    }

    IntTensor(ComputeDevice device, int count, int? promised = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        this.promised = promised;
        buffer = device.Allocate<int>(count);
        Count = count;
        TensorScope.Current?.Own(this);
    }

    /// <summary>How many indices.</summary>
    public int Count { get; }

    /// <summary>The indices for operations to read.</summary>
    public IndexView View => new(buffer, 0, Count, known, promised);

    /// <summary>Undefined content, for an operation to write.</summary>
    /// <param name="device">Where the memory is.</param>
    /// <param name="count">How many indices.</param>
    public static IntTensor Empty(ComputeDevice device, int count) => new(device, count);

    /// <summary>
    /// Values that change between replays of recorded work (<see cref="Devices.Gpu.GpuDevice.Record"/>), each -1 to
    /// <paramref name="bound"/> - 1: -1 everywhere, until <see cref="Set"/> writes them. Operations check the bound and
    /// read nothing. Make it outside the recording's scope.
    /// </summary>
    /// <param name="device">Where operations read them.</param>
    /// <param name="count">How many indices.</param>
    /// <param name="bound">One more than the largest value that there may be, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the bound is negative.</exception>
    public static IntTensor Changing(ComputeDevice device, int count, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        var tensor = new IntTensor(device, count, bound);
        var none = new int[Math.Min(count, FilledAtOnce)];
        Array.Fill(none, -1);
        for (var start = 0L; start < count; start += none.Length)
            tensor.buffer.CopyFrom(none.AsSpan(0, (int)Math.Min(none.Length, count - start)), start);
        return tensor;
    }

    /// <summary>Overwrites the values of a <see cref="Changing"/> tensor.</summary>
    /// <param name="values">As many as there are indices; copied.</param>
    /// <exception cref="ShapeException">Not as many, or one outside the bound.</exception>
    /// <exception cref="InvalidOperationException">The tensor was not made by <see cref="Changing"/>.</exception>
    public void Set(ReadOnlySpan<int> values)
    {
        if (promised is not { } bound)
            throw new InvalidOperationException("IntTensor.Set: operations may rely on these values; " +
                "make the tensor with IntTensor.Changing to write others later.");
        if (values.Length != Count) throw new ShapeException("IntTensor.Set", $"{values.Length} values for {Count}.");
        for (var i = 0; i < values.Length; i++)
            if (values[i] < -1 || values[i] >= bound)
                throw new ShapeException("IntTensor.Set", $"values[{i}] = {values[i]} lies outside -1..{bound - 1}.");
        buffer.CopyFrom(values);
    }

    /// <summary>The values on the host; where they are not known there, this waits for the device.</summary>
    /// <exception cref="ObjectDisposedException">The tensor's scope has ended.</exception>
    /// <exception cref="ShapeException">They are more than an array holds.</exception>
    public int[] ToArray()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (known is not null) return [.. known];
        if (Count > Array.MaxLength)
            throw new ShapeException("IntTensor.ToArray", $"{Count} indices are more than an array holds.");
        var values = new int[Count];
        buffer.CopyTo(values);
        return values;
    }

    /// <summary>Gives the memory back; a scope that owns the tensor does so itself.</summary>
    public void Dispose()
    {
        isDisposed = true;
        buffer.Dispose();
    }
}
