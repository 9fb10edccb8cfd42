using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace LdNetGpu.Devices.Drivers;

/// <summary>A buffer in the memory of a device behind a driver.</summary>
sealed class DriverBuffer<T> : DeviceBuffer<T> where T : unmanaged
{
    readonly DriverDevice driver;
    readonly DriverMemoryBuffer memory;

    internal unsafe DriverBuffer(DriverDevice device, nint memory, long length) : base(device, length) =>
        (driver, this.memory) = (device, device.NewMemory(memory, length, sizeof(T)));

    /// <summary>The driver's name for the memory: a device address on CUDA, a memory object on OpenCL.</summary>
    /// <exception cref="ObjectDisposedException">The buffer went back to the allocator: its scope has
    /// ended.</exception>
    public nint Handle => memory.Handle;

    private protected override MemoryBuffer Memory => memory;

    public override void CopyFrom(ReadOnlySpan<T> source, long offset = 0)
    {
        var first = FirstByte(offset, source.Length);
        if (source.Length > 0) driver.Write(Handle, first, MemoryMarshal.AsBytes(source));
    }

    public override void CopyTo(Span<T> destination, long offset = 0)
    {
        var first = FirstByte(offset, destination.Length);
        if (destination.Length > 0) driver.Read(Handle, first, MemoryMarshal.AsBytes(destination));
    }

    public override void Dispose()
    {
        if (memory.Detach() is not 0 and var handle) driver.Return(handle);
    }

    unsafe long FirstByte(long offset, int count)
    {
        driver.ThrowIfDisposed();
        _ = Handle;
        if (offset < 0 || offset > Length - count)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{count} elements from {offset} on, of a buffer of {Length}.");
        return offset * sizeof(T);
    }
}

/// <summary>A driver's memory as ILGPU's views know it.</summary>
class DriverMemoryBuffer : DeviceMemory
{
    public DriverMemoryBuffer(DriverDevice device, Accelerator? accelerator, nint handle, long length, int elementSize)
        : base(accelerator, length, elementSize) => (Device, NativePtr) = (device, handle);

    public DriverDevice Device { get; }

    /// <exception cref="ObjectDisposedException">The buffer went back to the allocator: its scope has
    /// ended.</exception>
    public nint Handle
    {
        get
        {
            if (NativePtr == 0)
                throw new ObjectDisposedException("DeviceBuffer",
                    "The buffer went back to its device: its scope has ended.");
            return NativePtr;
        }
    }

    /// <summary>The same memory for recorded work, which may dispose of the buffer.</summary>
    public DriverMemoryBuffer Held => Device.NewMemory(Handle, Length, ElementSize);

    /// <summary>The handle, once; 0 afterwards.</summary>
    public nint Detach()
    {
        var handle = NativePtr;
        NativePtr = 0;
        return handle;
    }
}
