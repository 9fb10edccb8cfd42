using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuRecurrence<T>(CpuDevice device, CpuGemm<T> gemm) : IRecurrence<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Forward(in RecurrenceForward<T> pass) => throw new NotSupportedException();
    public void Backward(in RecurrenceBackward<T> pass) => throw new NotSupportedException();
}
