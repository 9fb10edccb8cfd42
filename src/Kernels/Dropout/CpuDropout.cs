using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuDropout<T>(CpuDevice device) : IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability, bool accumulate = false) => throw new NotSupportedException();
}
