using ILGPU;
using ILGPU.Runtime;

namespace LdNetGpu.Devices;

/// <summary>
/// The memory behind a <see cref="DeviceBuffer{T}"/> as ILGPU's views know it. Its device owns the memory: where ILGPU
/// disposes of this object, nothing is freed.
/// </summary>
/// <param name="accelerator">ILGPU's accelerator that reaches the memory; null where none does.</param>
/// <param name="length">In elements.</param>
/// <param name="elementSize">In bytes.</param>
abstract class DeviceMemory(Accelerator? accelerator, long length, int elementSize)
    : MemoryBuffer(accelerator!, length, elementSize)
{
    const string ByBuffer =
        "ILGPU does not reach the memory of this device: copy it by its buffer's CopyTo and CopyFrom.";

    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        throw new NotSupportedException(ByBuffer);

    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView,
        in ArrayView<byte> targetView) =>
        throw new NotSupportedException(ByBuffer);

    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView,
        in ArrayView<byte> targetView) =>
        throw new NotSupportedException(ByBuffer);

    protected override void DisposeAcceleratorObject(bool disposing) { }
}
