using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>The first step of Adam for eight parameters of [batch, 64].</summary>
sealed record AdamSteps(int Batch, bool AtOnce) : IImplementation
{
    const int Parameters = 8, Columns = 64;

    public string Name => AtOnce ? "all at once" : "one by one";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (Tensor<T> Weight, Tensor<T> Gradient, Tensor<T> First, Tensor<T> Second)[] all =
        [
            .. Enumerable.Range(0, Parameters).Select(i => (inputs.Numbers($"weight.{i}", Batch, Columns),
                inputs.Numbers($"gradient.{i}", Batch, Columns), inputs.Zeros($"first.{i}", Batch, Columns),
                inputs.Zeros($"second.{i}", Batch, Columns))),
        ];
        var step = new AdamStep(1e-3, 1);
        return () =>
        {
            if (AtOnce)
                backend.Optimizers.AdamAll([.. all.Select(one => new AdamParameter<T>(one.Weight.Mutate(),
                    one.Gradient.View, one.First.Mutate(), one.Second.Mutate()))], step);
            else
                foreach (var (weight, gradient, first, second) in all)
                    backend.Optimizers.Adam(weight.Mutate(), gradient.View, first.Mutate(), second.Mutate(), step);
            return [.. all.SelectMany(one => new[] { one.Weight.View, one.First.View, one.Second.View })];
        };
    }
}
