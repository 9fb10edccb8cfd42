using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>Indices on a device: token ids, tags, lengths. Belongs to the innermost <see cref="TensorScope"/>; without one, dispose of it.</summary>
public sealed class IntTensor : IDisposable
{
    readonly DeviceBuffer<int> buffer;

    public IntTensor(Device device, ReadOnlySpan<int> values)
    {
        buffer = device.Allocate<int>(values.Length);
        buffer.CopyFrom(values);
        Count = values.Length;
        TensorScope.Current?.Own(this);
    }

    public int Count { get; }

    public IndexView View => new(buffer, 0, Count);

    public int[] ToArray()
    {
        var values = new int[Count];
        buffer.CopyTo(values);
        return values;
    }

    public void Dispose() => buffer.Dispose();
}
