using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>
/// Three densely connected LSTM layers of 32 units over [4, batch, 32]: each reads the input and all layers below.
/// </summary>
sealed record DenseStack(int Batch, bool ByViews) : IImplementation
{
    const int Layers = 3, Steps = 4, Size = 32;

    public string Name => ByViews ? "views of one buffer" : "copied together";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var x = inputs.Numbers("x", Steps, Batch, Size);
        RecurrentWeights<T>[] layers =
        [
            .. Enumerable.Range(0, Layers).Select(layer => RecurrentWeights<T>.Of(RecurrentUnit.Lstm,
                Size * (layer + 1), Size, (name, shape) => inputs.Numbers($"{name}.{layer}", [.. shape.Sizes]))),
        ];
        return ByViews
            ? () => [x.DenseRecurrent(layers, new()).Output.View]
            : () =>
            [
                layers.Aggregate(x, (below, layer) =>
                    RowOperations.Concatenate(below, below.Recurrent(layer).Hidden)).View,
            ];
    }
}
