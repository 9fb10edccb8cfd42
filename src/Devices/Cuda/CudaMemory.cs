using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// A piece of the device's memory in its accelerator, where ILGPU copies and fills it as any buffer of its own.
/// </summary>
sealed class CudaMemory(NvidiaDevice device, nint handle, long length, int elementSize)
    : DriverMemoryBuffer(device, device.Accelerator, handle, length, elementSize)
{
    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaMemSet(stream as CudaStream, value, targetView);

    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView,
        in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy(stream as CudaStream, sourceView, targetView);

    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView,
        in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy(stream as CudaStream, sourceView, targetView);
}
