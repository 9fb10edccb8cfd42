using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>A buffer over memory of an ILGPU accelerator, copied by ILGPU.</summary>
sealed class AcceleratorBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    readonly GpuDevice device;
    readonly ArrayView<T> view;
    readonly Action? giveBack;
    bool isDisposed;

    /// <param name="device">The device on the memory's accelerator.</param>
    /// <param name="view">All elements of the buffer.</param>
    /// <param name="giveBack">Of memory that the buffer owns; null where it is another's, who disposes of it after the
    /// buffer.</param>
    public AcceleratorBuffer(GpuDevice device, ArrayView<T> view, Action? giveBack = null)
        : base(device, view.Length) =>
        (this.device, this.view, this.giveBack) = (device, view, giveBack);

    private protected override MemoryBuffer Memory => Valid.Memory()!;

    private protected override long First => view.Offset();

    public override void CopyFrom(ReadOnlySpan<T> source, long offset = 0)
    {
        device.RefuseWhileRecording("a copy from the host");
        var target = Part(offset, source.Length);
        if (source.IsEmpty) return;
        target.CopyFromCPU(ref MemoryMarshal.GetReference(source), source.Length);
        device.Synchronize();
    }

    public override void CopyTo(Span<T> destination, long offset = 0)
    {
        device.RefuseWhileRecording("a copy to the host");
        var source = Part(offset, destination.Length);
        if (destination.IsEmpty) return;
        device.Synchronize();
        source.CopyToCPU(ref MemoryMarshal.GetReference(destination), destination.Length);
    }

    public override void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        giveBack?.Invoke();
    }

    ArrayView<T> Valid
    {
        get
        {
            if (isDisposed) ThrowGone();
            if (view.Memory() is { IsDisposed: true } memory)
                throw new ObjectDisposedException(memory.GetType().Name,
                    $"{device.Name}: the ILGPU buffer under this one was disposed of before it.");
            return view;
        }
    }

    ArrayView<T> Part(long offset, int count)
    {
        if (offset < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"Elements {offset}..{offset + count} of a buffer of {Length}.");
        return Valid.SubView(offset, count);
    }
}
