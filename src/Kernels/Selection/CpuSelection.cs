using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuSelection<T>(CpuDevice device) : ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Clamp(MatrixView<T> values, T low, T high) => throw new NotSupportedException();
    public void SoftThreshold(MatrixView<T> values, T threshold) => throw new NotSupportedException();
    public double BlockSoftThreshold(MatrixView<T> block, T threshold) => throw new NotSupportedException();
}
