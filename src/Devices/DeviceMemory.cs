using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices;

/// <summary>The memory behind a <see cref="DeviceBuffer{T}"/> as ILGPU's views know it. No accelerator of ILGPU's owns it: its device does.</summary>
/// <param name="length">In elements.</param>
/// <param name="elementSize">In bytes.</param>
public abstract class DeviceMemory(long length, int elementSize) : MemoryBuffer(null!, length, elementSize)
{
    const string ByBuffer = "This memory belongs to a device of LdNetGpu: copy it by its buffer's CopyTo and CopyFrom.";

    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) => throw new NotSupportedException(ByBuffer);

    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        throw new NotSupportedException(ByBuffer);

    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        throw new NotSupportedException(ByBuffer);

    protected override void DisposeAcceleratorObject(bool disposing) { }
}
