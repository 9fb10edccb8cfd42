using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>
/// Operations over sequences, as differentiable operations run them: LSTM layers, the dense stack, the CRF.
/// </summary>
static class SequenceWork
{
    const RecurrentUnit Unit = RecurrentUnit.Lstm;

    public static IEnumerable<DeviceWork<T>> Rows<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var (steps, batch, inputs, hidden) in sizes.Layers)
            foreach (var backward in (bool[])[false, true])
                yield return Layer<T>(steps, batch, inputs, hidden, backward);
        foreach (var (dropped, backward) in ((bool, bool)[])[(false, false), (false, true),
            (true, true)]) yield return Stack<T>(sizes, dropped, backward);
        foreach (var (steps, batch, tags) in sizes.Sentences)
        {
            yield return CrfLoss<T>(steps, batch, tags);
            yield return Viterbi<T>(steps, batch, tags);
        }
    }

    static DeviceWork<T> Layer<T>(int steps, int batch, int inputs, int hidden, bool backward)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var weightCount = (double)RecurrentFlops.PerStep(Unit, inputs, hidden);
        var flops = 2 * steps * batch * weightCount;
        // Forward reads x and W and writes h; backward reads x, W, h and dh, and writes dx and dW.
        var elements = (double)steps * batch * (inputs + hidden) + weightCount;
        if (backward) elements += (double)steps * batch * (2 * inputs + 2 * hidden) + 2 * weightCount;
        return new($"lstm.{(backward ? "fwdbwd" : "fwd")}.T{steps}B{batch}I{inputs}H{hidden}",
            elements * MemoryWork.Size<T>(), backward ? 3 * flops : flops, backend =>
        {
            var input = Operands.Of(backend, new(steps, batch, inputs));
            var cotangent = Operands.Of(backend, new(steps, batch, hidden));
            var weights = Weights(backend, inputs, hidden);
            input.RequiresGradient = backward;
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = backward ? new Tape<T>() : null;
                var output = input.Recurrent(weights).Hidden;
                tape?.Backward((output, cotangent));
                Clear([input, .. weights.All]);
            };
        });
    }

    // With dropped layers every second one is: as many as on average, and the same work in each call.
    static DeviceWork<T> Stack<T>(BenchSizes sizes, bool dropped, bool backward)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (steps, batch, inputs, hidden) = sizes.Layers[0];
        var drops = dropped ? Enumerable.Range(0, sizes.StackLayers).Select(layer => layer % 2 == 1).ToArray() : null;
        var readBelow = Enumerable.Range(0, sizes.StackLayers)
            .Select(layer => inputs + hidden * Enumerable.Range(0, layer).Count(below => drops?[below] != true))
            .ToArray();
        var weightCount = readBelow.Sum(width => (double)RecurrentFlops.PerStep(Unit, width, hidden));
        var flops = 2 * steps * batch * weightCount;
        // The stack's own input wants no gradient.
        var unneeded = 2.0 * steps * batch * Unit.Traits().Gates * hidden * inputs * sizes.StackLayers;
        var output = inputs + hidden * sizes.StackLayers;
        var elements = (double)steps * batch * (inputs + output) + weightCount;
        return new($"dense.{(backward ? "fwdbwd" : "fwd")}.drop{(dropped ? "0.5" : "0.0")}",
            (backward ? 3 : 1) * elements * MemoryWork.Size<T>(), backward ? 3 * flops - unneeded : flops, backend =>
        {
            var input = Operands.Of(backend, new(steps, batch, inputs));
            var cotangent = Operands.Of(backend, new(steps, batch, output));
            var layers = Enumerable.Range(0, sizes.StackLayers)
                .Select(layer => Weights(backend, inputs + hidden * layer, hidden)).ToArray();
            var options = new DenseRecurrentOptions<T> { Dropped = drops };
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = backward ? new Tape<T>() : null;
                var result = input.DenseRecurrent(layers, options).Output;
                tape?.Backward((result, cotangent));
                foreach (var layer in layers) Clear(layer.All);
            };
        });
    }

    static DeviceWork<T> CrfLoss<T>(int steps, int batch, int tags) where T : unmanaged, IFloatingPointIeee754<T> =>
        new($"crf.nll.fwdbwd.T{steps}B{batch}K{tags}",
            (2.0 * steps * batch * tags + 2 * tags * tags) * MemoryWork.Size<T>(), 0, backend =>
        {
            var (emissions, transitions, sequences) = Sentences(backend, steps, batch, tags);
            var gold = new IntTensor(backend.Device, Operands.Integers(steps * batch, tags - 2));
            emissions.RequiresGradient = transitions.RequiresGradient = true;
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = new Tape<T>();
                tape.Backward(emissions.CrfLoss(transitions, sequences, gold).Mean());
                Clear([emissions, transitions]);
            };
        });

    static DeviceWork<T> Viterbi<T>(int steps, int batch, int tags) where T : unmanaged, IFloatingPointIeee754<T> =>
        new($"crf.viterbi.T{steps}B{batch}K{tags}",
            ((double)steps * batch * tags + tags * tags) * MemoryWork.Size<T>() + steps * batch * sizeof(int), 0,
            backend =>
        {
            var (emissions, transitions, sequences) = Sentences(backend, steps, batch, tags);
            var best = IntTensor.Empty(backend.Device, steps * batch);
            var scores = Tensor.Empty(backend, new(batch, 1));
            return () => backend.Crf.Viterbi(sequences.AsBatch(emissions, transitions), best.View, scores.View);
        });

    static (Tensor<T> Emissions, Tensor<T> Transitions, CrfSequences Sequences) Sentences<T>(DeviceBackend<T> backend,
        int steps, int batch, int tags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lengths = new int[batch];
        Array.Fill(lengths, steps);
        return (Operands.Of(backend, new(steps, batch, tags)), Operands.Of(backend, new(tags, tags)),
            new CrfSequences(steps, batch, new IntTensor(backend.Device, lengths), StartTag: tags - 2,
                EndTag: tags - 1));
    }

    static RecurrentWeights<T> Weights<T>(DeviceBackend<T> backend, int inputs, int hidden)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var scale = 1 / Math.Sqrt(hidden);
        var weights = RecurrentWeights<T>.Of(Unit, inputs, hidden, (_, shape) => Operands.Of(backend, shape, scale));
        foreach (var weight in weights.All) weight.RequiresGradient = true;
        return weights;
    }

    static void Clear<T>(IReadOnlyList<Tensor<T>> leaves) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var leaf in leaves) leaf.ClearGradient();
    }
}
