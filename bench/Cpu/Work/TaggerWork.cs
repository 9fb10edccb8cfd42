using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Bench;

/// <summary>
/// The whole tagger of the paper with both language models, ten layers each (origin) or one (pruned): 400,000 words,
/// 200,000 words in each language model, 90 characters, 19 tags; sentences of 20 words of six characters (the sixth a
/// space), dropout 0.5 in training.
/// </summary>
static class TaggerWork
{
    const int Steps = 20, CharactersPerWord = 6, Words = 400_000, LanguageModelWords = 200_000, Characters = 90,
        Tags = 19;

    public static IReadOnlyList<Work> Inference { get; } = [Infer("origin", 10, 0.72), Infer("pruned", 1, 0.45)];

    public static IReadOnlyList<Work> Training { get; } =
    [
        Train("origin", 10, 0.45, cached: false),
        Train("origin", 10, null, cached: true),
        Train("pruned", 1, 0.35, cached: false),
    ];

    static Work Infer(string name, int layers, double target)
    {
        const int batch = 128;
        return new($"infer.{name}.B{batch}", Steps * batch * Parts(layers).Sum(part => 2 * part.MultiplyAdds), target,
            backend =>
        {
            var tagger = Tagger(backend, layers);
            var sentences = Batch(batch);
            return () => tagger.Decode(sentences);
        });
    }

    // Cached: the frozen language models' output is computed once a sentence and kept, as the project's own trainer
    // does.
    static Work Train(string name, int layers, double? target, bool cached)
    {
        const int batch = 10;
        var row = $"train.{name}.B{batch}";
        // Backward costs the same again twice, except for what is frozen, and for the projection, whose input wants no
        // gradient.
        var perWord = Parts(layers)
            .Sum(part => 2 * part.MultiplyAdds * (part.Part.EndsWith("language model", StringComparison.Ordinal)
                ? cached ? 0 : 1
            : part.Part == "language model projection" ? 2 : 3));
        return new(cached ? row + ".cached" : row, Steps * batch * perWord, target, backend =>
        {
            var tagger = Tagger(backend, layers);
            var sentences = Batch(batch);
            var optimizer = new Sgd<float>(tagger.Trainable(), learningRate: 0.015, momentum: 0.9);
            var kept = cached ? tagger.Representation(sentences) : null;
            return () =>
            {
                using var scope = new TensorScope();
                using var tape = new Tape<float>();
                tape.Backward(tagger.Loss(sentences, ForwardContext.Training(1, optimizer.StepsTaken), kept));
                optimizer.Step(clipNorm: 5);
            };
        })
        { PeerName = row };
    }

    static IReadOnlyList<PartFlops> Parts(int layers)
    {
        var model = new LanguageModelOptions { Layers = layers }.StackShape();
        return TaggerFlops.PerWord(new TaggerOptions(), model, model, Tags, CharactersPerWord - 1);
    }

    static Tagger<float> Tagger(CpuBackend<float> backend, int layers)
    {
        var stack = new LanguageModelOptions { Layers = layers }.StackShape();
        var encoder = new EncoderShape(LanguageModelWords, stack);
        string[] tags =
        [
            "O",
            .. Enumerable.Range(0, 4)
                .SelectMany(type => new[] { $"B-T{type}", $"I-T{type}", $"E-T{type}", $"S-T{type}" }),
            "<start>", "<end>",
        ];
        var tagger =
            new Tagger<float>(backend, new TaggerOptions(), new TaggerShape(Characters, Words, tags, encoder, encoder));
        uint site = 0;
        foreach (var (_, parameter) in tagger.Parameters())
            if (!parameter.ByRows)
                parameter.CopyFrom(Operands.Values(parameter.Shape.Count, site++, 1 / MathF.Sqrt(300)));
            else FillTable(parameter);
        return tagger;
    }

    // Tables of up to 60 million numbers: one row, drawn once, for every word.
    static void FillTable(Parameter<float> table)
    {
        var row = Operands.Values(table.Shape.Columns, 99);
        var view = table.Mutate();
        for (var i = 0; i < view.Rows; i++) row.CopyTo(view.Row(i));
    }

    static TaggerBatch Batch(int size) => new([.. Enumerable.Range(0, size).Select(sentence => new EncodedSentence
    {
        Words = Operands.Words(Steps, Words, (uint)sentence),
        ForwardIds = Operands.Words(Steps, LanguageModelWords, (uint)(sentence + 1000)),
        BackwardIds = Operands.Words(Steps, LanguageModelWords, (uint)(sentence + 1000)),
        Characters = Operands.Integers(Steps * CharactersPerWord, Characters, (uint)sentence),
        WordStarts = [.. Enumerable.Range(0, Steps).Select(word => word * CharactersPerWord)],
        WordEnds = [.. Enumerable.Range(0, Steps).Select(word => (word + 1) * CharactersPerWord - 1)],
        Tags = Operands.Integers(Steps, Tags - 2, (uint)sentence + 2000),
    })]);
}
