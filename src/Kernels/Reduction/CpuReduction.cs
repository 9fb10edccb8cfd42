using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuReduction<T>(CpuDevice device) : IReduction<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Sum(MatrixView<T> input, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public void SumRows(MatrixView<T> input, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public void Dot(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false) => throw new NotSupportedException();
    public double SquaredNorm(MatrixView<T> input) => throw new NotSupportedException();
}
