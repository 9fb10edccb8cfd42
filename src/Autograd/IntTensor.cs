using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>Indices on a device: token ids, tags, lengths. Belongs to the innermost <see cref="TensorScope"/>; without one, dispose of it.</summary>
public sealed class IntTensor : IDisposable
{
    readonly DeviceBuffer<int> buffer;
    readonly int[]? known;

    /// <summary>The given values, kept on the host too: reading and checking them never waits for the device. Not for operations to write to.</summary>
    public IntTensor(Device device, ReadOnlySpan<int> values) : this(device, values.Length)
    {
        buffer.CopyFrom(values);
        known = values.ToArray();
    }

    IntTensor(Device device, int count)
    {
        buffer = device.Allocate<int>(count);
        Count = count;
        TensorScope.Current?.Own(this);
    }

    public int Count { get; }

    public IndexView View => new(buffer, 0, Count, known);

    /// <summary>Undefined content, for an operation to write.</summary>
    public static IntTensor Empty(Device device, int count) => new(device, count);

    public int[] ToArray()
    {
        if (known is not null) return [.. known];
        var values = new int[Count];
        buffer.CopyTo(values);
        return values;
    }

    public void Dispose() => buffer.Dispose();
}
