using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Managed;

/// <summary>A buffer whose every element knows who used it last.</summary>
sealed class ManagedBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    ManagedMemory? memory;

    internal ManagedBuffer(ManagedDevice device, ManagedMemory memory, long length)
        : base(device, length) => this.memory = memory;

    private protected override MemoryBuffer Memory => Bytes;

    ManagedMemory Bytes
    {
        get
        {
            if (memory is null) ThrowGone();
            return memory;
        }
    }

    public override void CopyFrom(ReadOnlySpan<T> source, long offset = 0)
    {
        Check(offset, source.Length);
        ((ManagedDevice)Device).RefuseWhileRecording("a copy from the host");
        MemoryMarshal.AsBytes(source)
            .CopyTo(Bytes.Span(offset * Unsafe.SizeOf<T>(), (long)source.Length * Unsafe.SizeOf<T>()));
        Bytes.Initialise(offset * Unsafe.SizeOf<T>(), (long)source.Length * Unsafe.SizeOf<T>());
    }

    public override void CopyTo(Span<T> destination, long offset = 0)
    {
        Check(offset, destination.Length);
        ((ManagedDevice)Device).RefuseWhileRecording("a copy to the host");
        Bytes.Span(offset * Unsafe.SizeOf<T>(), (long)destination.Length * Unsafe.SizeOf<T>())
            .CopyTo(MemoryMarshal.AsBytes(destination));
    }

    public override void Dispose()
    {
        if (memory is not { } released) return;
        memory = null;
        ((ManagedDevice)Device).Return(released);
    }

    void Check(long offset, int count)
    {
        if (offset < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"Elements {offset}..{offset + count} of a buffer of {Length}.");
    }
}
