using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Bench;

/// <summary>One LSTM layer, and the densely connected stack of ten.</summary>
static class RecurrentWork
{
    const RecurrentUnit Unit = RecurrentUnit.Lstm;

    const int Steps = 20, Size = 300, StackLayers = 10, StackBatch = 128;

    public static IReadOnlyList<Work> Layers { get; } = [Layer(128, backward: false, 0.75),
        Layer(128, backward: true, 0.8), Layer(10, backward: true, 0.5)];

    public static IReadOnlyList<Work> Stacks { get; } =
        [Stack(dropped: false, backward: false, 0.9), Stack(dropped: false, backward: true, 0.95),
            Stack(dropped: true, backward: true, 0.55)];

    static Work Layer(int batch, bool backward, double target)
    {
        var flops = 2.0 * Steps * batch * RecurrentFlops.PerStep(Unit, Size, Size);
        return new($"lstm.{(backward ? "fwdbwd" : "fwd")}.T{Steps}B{batch}I{Size}H{Size}", backward ? 3 * flops : flops,
            target, backend =>
        {
            var input = Tensor.From<float>(backend, Operands.Values((long)Steps * batch * Size, 0),
                new Shape(Steps, batch, Size));
            var cotangent = Tensor.From<float>(backend, Operands.Values((long)Steps * batch * Size, 1),
                new Shape(Steps, batch, Size));
            var weights = Weights(backend, Size, 2);
            input.RequiresGradient = backward;
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = backward ? new Tape<float>() : null;
                var hidden = input.Recurrent(weights).Hidden;
                tape?.Backward((hidden, cotangent));
                input.ClearGradient();
                foreach (var weight in weights.All) weight.ClearGradient();
            };
        });
    }

    // PyTorch multiplies dropped layers' zeros, so its time does not depend on which are dropped. Ours does: here every
    // second one, half of them as on average.
    static Work Stack(bool dropped, bool backward, double target)
    {
        var drops = dropped ? Enumerable.Range(0, StackLayers).Select(layer => layer % 2 == 1).ToArray() : null;
        var flops = Enumerable.Range(0, StackLayers)
            .Sum(layer => 2.0 * Steps * StackBatch
                * RecurrentFlops.PerStep(Unit,
                    Size + Size * Enumerable.Range(0, layer).Count(below => drops?[below] != true), Size));
        // The stack's own input, read by every layer, wants no gradient.
        var unneeded = backward ? 2.0 * Steps * StackBatch * Unit.Traits().Gates * Size * Size * StackLayers : 0;
        return new($"dense.{(backward ? "fwdbwd" : "fwd")}.drop{(dropped ? "0.5" : "0.0")}",
            backward ? 3 * flops - unneeded : flops, target, backend =>
        {
            var width = Size * (StackLayers + 1);
            var input = Tensor.From<float>(backend, Operands.Values((long)Steps * StackBatch * Size, 0),
                new Shape(Steps, StackBatch, Size));
            var cotangent = Tensor.From<float>(backend, Operands.Values((long)Steps * StackBatch * width, 1),
                new Shape(Steps, StackBatch, width));
            var layers = Enumerable.Range(0, StackLayers)
                .Select(layer => Weights(backend, Size * (layer + 1), (uint)(2 + 4 * layer))).ToArray();
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = backward ? new Tape<float>() : null;
                var output = input.DenseRecurrent(layers, new DenseRecurrentOptions<float> { Dropped = drops }).Output;
                tape?.Backward((output, cotangent));
                foreach (var weight in layers.SelectMany(layer => layer.All)) weight.ClearGradient();
            };
        });
    }

    static RecurrentWeights<float> Weights(CpuBackend<float> backend, int inputs, uint site) =>
        RecurrentWeights<float>.Of(Unit, inputs, Size, (_, shape) => Parameter(backend, shape, site++));

    // PyTorch's initialisation: U(±1/sqrt(hidden)).
    static Parameter<float> Parameter(CpuBackend<float> backend, Shape shape, uint site)
    {
        var parameter = new Parameter<float>(backend, shape);
        parameter.CopyFrom(Operands.Values(shape.Count, site, 1 / MathF.Sqrt(Size)));
        return parameter;
    }
}
