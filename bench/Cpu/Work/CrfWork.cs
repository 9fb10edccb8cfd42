using LdNetGpu.Autograd;
using LdNetGpu.Kernels;

namespace LdNetGpu.Bench;

/// <summary>The linear-chain CRF: loss with gradients, and decoding.</summary>
static class CrfWork
{
    const int Steps = 40, Batch = 128, Tags = 19;

    public static IReadOnlyList<Work> Rows { get; } =
    [
        // Forward, backward and expected transitions: three sums over all pairs of tags at each step.
        new($"crf.nll.fwdbwd.T{Steps}B{Batch}K{Tags}", 3 * 2.0 * Steps * Batch * Tags * Tags, 0.03, backend =>
        {
            var (emissions, transitions, sequences) = Sentences(backend);
            var tags = new IntTensor(backend.Device, Operands.Integers(Steps * Batch, Tags - 2, 2));
            emissions.RequiresGradient = transitions.RequiresGradient = true;
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = new Tape<float>();
                tape.Backward(emissions.CrfLoss(transitions, sequences, tags).Mean());
                emissions.ClearGradient();
                transitions.ClearGradient();
            };
        }),
        new($"crf.viterbi.T{Steps}B{Batch}K{Tags}", 2.0 * Steps * Batch * Tags * Tags, 0.2, backend =>
        {
            var (emissions, transitions, sequences) = Sentences(backend);
            var tags = new IntTensor(backend.Device, new int[Steps * Batch]);
            var scores = Tensor.Empty(backend, new Shape(Batch, 1));
            return () => backend.Crf.Viterbi(sequences.AsBatch(emissions, transitions), tags.View, scores.View);
        }),
    ];

    static (Tensor<float> Emissions, Tensor<float> Transitions, CrfSequences Sequences) Sentences(
        CpuBackend<float> backend)
    {
        var lengths = new int[Batch];
        Array.Fill(lengths, Steps);
        return (Tensor.From<float>(backend, Operands.Values(Steps * Batch * Tags, 0), new Shape(Steps, Batch, Tags)),
            Tensor.From<float>(backend, Operands.Values(Tags * Tags, 1), new Shape(Tags, Tags)),
            new CrfSequences(Steps, Batch, new IntTensor(backend.Device, lengths), StartTag: Tags - 2,
                EndTag: Tags - 1));
    }
}
