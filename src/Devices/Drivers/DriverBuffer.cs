using System.Runtime.InteropServices;

namespace LdNetGpu.Devices.Drivers;

/// <summary>A buffer in the memory of a device behind a driver.</summary>
public sealed class DriverBuffer<T> : DeviceBuffer<T>, IDriverBuffer where T : unmanaged
{
    readonly DriverDevice driver;
    nint memory;

    internal DriverBuffer(DriverDevice device, nint memory, long length) : base(device, length) => (driver, this.memory) = (device, memory);

    /// <summary>The driver's name for the memory: a device address on CUDA, a memory object on OpenCL.</summary>
    /// <exception cref="ObjectDisposedException">The buffer went back to the allocator: its scope has ended.</exception>
    public nint Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(memory == 0, this);
            return memory;
        }
    }

    public override void CopyFrom(ReadOnlySpan<T> source, long offset = 0)
    {
        var first = FirstByte(offset, source.Length);
        if (source.Length > 0) driver.Write(Memory, first, MemoryMarshal.AsBytes(source));
    }

    public override void CopyTo(Span<T> destination, long offset = 0)
    {
        var first = FirstByte(offset, destination.Length);
        if (destination.Length > 0) driver.Read(Memory, first, MemoryMarshal.AsBytes(destination));
    }

    public override void Dispose()
    {
        if (memory == 0) return;
        driver.Return(memory);
        memory = 0;
    }

    unsafe long FirstByte(long offset, int count)
    {
        driver.ThrowIfDisposed();
        _ = Memory;
        if (offset < 0 || offset + count > Length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"Elements {offset}..{offset + count} of a buffer of {Length}.");
        return offset * sizeof(T);
    }
}

/// <summary>The memory of a buffer that recorded work may have disposed of.</summary>
sealed record HeldMemory(Device Device, nint Memory) : IDriverBuffer;

/// <summary>A buffer whose element type the launch need not know.</summary>
interface IDriverBuffer
{
    Device Device { get; }

    nint Memory { get; }
}
