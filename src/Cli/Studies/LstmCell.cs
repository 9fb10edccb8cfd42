using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>A step of an LSTM of 64 inputs and 64 units, [batch, 64] to the next hidden and cell state.</summary>
sealed record LstmCell(int Batch, bool IsFused) : IImplementation
{
    const int Size = 64;

    public string Name => IsFused ? "fused cell" : "operation by operation";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var x = inputs.Numbers("x", 1, Batch, Size);
        var (hidden, cell) = (inputs.Numbers("hidden", Batch, Size), inputs.Numbers("cell", Batch, Size));
        var weights = RecurrentWeights<T>.Of(RecurrentUnit.Lstm, Size, Size,
            (name, shape) => inputs.Numbers(name, [.. shape.Sizes]));
        return IsFused
            ? () =>
            {
                var next = x.Recurrent(weights, initial: new(hidden, cell)).Final;
                return [next.Hidden.View, next.Cell!.View];
            }
            : () => ByOperations(x.Reshape(Batch, Size), hidden, cell, weights);
    }

    // PyTorch's order of gates: input, forget, candidate, output.
    static MatrixView<T>[] ByOperations<T>(Tensor<T> x, Tensor<T> hidden, Tensor<T> cell, RecurrentWeights<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gates = x.Linear(weights.InputWeight, weights.InputBias)
            .Add(hidden.Linear(weights.RecurrentWeight, weights.RecurrentBias));
        Tensor<T> Gate(int number, Unary function) => gates.Columns(number * Size, Size).Map(function);
        var next = Gate(1, Unary.Sigmoid).Multiply(cell)
            .Add(Gate(0, Unary.Sigmoid).Multiply(Gate(2, Unary.Tanh)));
        return [Gate(3, Unary.Sigmoid).Multiply(next.Map(Unary.Tanh)).View, next.View];
    }
}
