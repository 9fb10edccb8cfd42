using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Indices on a device: token ids, tags, lengths. Belongs to the innermost <see cref="TensorScope"/>; without one, dispose of it.</summary>
public sealed class IntTensor : IDisposable
{
    readonly DeviceBuffer<int> buffer;
    readonly int[]? known;
    readonly int? promised;

    /// <summary>The given values, kept on the host too: reading and checking them never waits for the device. Not for operations to write to.</summary>
    public IntTensor(ComputeDevice device, ReadOnlySpan<int> values) : this(device, values.Length)
    {
        buffer.CopyFrom(values);
        known = values.ToArray();
    }

    IntTensor(ComputeDevice device, int count, int? promised = null)
    {
        this.promised = promised;
        buffer = device.Allocate<int>(count);
        Count = count;
        TensorScope.Current?.Own(this);
    }

    public int Count { get; }

    public IndexView View => new(buffer, 0, Count, known, promised);

    /// <summary>Undefined content, for an operation to write.</summary>
    public static IntTensor Empty(ComputeDevice device, int count) => new(device, count);

    /// <summary>
    /// Values that change between replays of recorded work (<see cref="Devices.Gpu.GpuDevice.Record"/>), each -1 to <paramref name="bound"/> - 1: -1
    /// everywhere, until <see cref="Set"/> writes them. Operations check the bound and read nothing. Make it outside the recording's scope.
    /// </summary>
    public static IntTensor Changing(ComputeDevice device, int count, int bound)
    {
        var tensor = new IntTensor(device, count, bound);
        tensor.Set(Enumerable.Repeat(-1, count).ToArray());
        return tensor;
    }

    /// <summary>Overwrites the values of a <see cref="Changing"/> tensor.</summary>
    /// <exception cref="ShapeException">Not as many, or one outside the bound.</exception>
    public void Set(ReadOnlySpan<int> values)
    {
        if (promised is not { } bound)
            throw new InvalidOperationException("IntTensor.Set: operations may rely on these values; " +
                "make the tensor with IntTensor.Changing to write others later.");
        if (values.Length != Count) throw new ShapeException("IntTensor.Set", $"{values.Length} values for {Count}.");
        for (var i = 0; i < values.Length; i++)
            if (values[i] < -1 || values[i] >= bound) throw new ShapeException("IntTensor.Set", $"values[{i}] = {values[i]} lies outside -1..{bound - 1}.");
        buffer.CopyFrom(values);
    }

    public int[] ToArray()
    {
        if (known is not null) return [.. known];
        var values = new int[Count];
        buffer.CopyTo(values);
        return values;
    }

    public void Dispose() => buffer.Dispose();
}
