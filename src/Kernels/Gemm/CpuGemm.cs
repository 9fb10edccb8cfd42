using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuGemm<T>(CpuDevice device) : IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false, MatrixView<T> bias = default, Activation activation = Activation.None) => throw new NotSupportedException();
}
