using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuRows<T>(CpuDevice device) : IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output) => throw new NotSupportedException();
    public void ScatterAdd(MatrixView<T> rows, IndexView indices, MatrixView<T> table) => throw new NotSupportedException();
}
