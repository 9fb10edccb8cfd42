using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Tuning;

/// <summary>op(a)·op(b), m x k times k x n.</summary>
sealed record ProductToTune(GemmKind Kind, int M, int N, int K) : IImplementation
{
    public string Name => $"gemm.{Kind} {M}x{N}x{K}";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = Kind == GemmKind.TN ? inputs.Numbers("a", K, M) : inputs.Numbers("a", M, K);
        var b = Kind == GemmKind.NT ? inputs.Numbers("b", N, K) : inputs.Numbers("b", K, N);
        var c = inputs.Zeros("c", M, N).View;
        return () =>
        {
            backend.Gemm.Multiply(Kind, a.View, b.View, c);
            return [c];
        };
    }
}
