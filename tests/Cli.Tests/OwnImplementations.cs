using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>log(1 + e^x) of [batch, 64], by the library's operations: -log σ(-x).</summary>
public sealed record ComposedSoftplus(int Batch) : IImplementation
{
    public string Name => "by operations";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var x = inputs.Numbers("x", Batch, 64);
        return () => [x.Map(Unary.Negate).Map(Unary.Sigmoid).Map(Unary.Log).Map(Unary.Negate).View];
    }
}

/// <summary>The same by a kernel of this project.</summary>
public sealed record FusedSoftplus(int Batch) : IImplementation
{
    public string Name => "softplus in one";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var x = inputs.Numbers("x", Batch, 64);
        return () => [OwnKernels.ApplySoftplus(x).View];
    }
}
