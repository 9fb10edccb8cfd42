using LdNetGpu.Model;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LdNetGpu.Bench;

/// <summary>An exported tagger in ONNX Runtime.</summary>
sealed class RuntimeTagger : IDisposable
{
    readonly SessionOptions options;
    readonly InferenceSession session;

    public RuntimeTagger(string path, int threads)
    {
        options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        session = new(path, options);
    }

    /// <summary>Tags [B, T], -1 where padded.</summary>
    /// <param name="batch">Of B sentences.</param>
    public long[] Tags(EncodedBatch batch)
    {
        using var results = session.Run(Inputs(batch), ["tags"]);
        return [.. results[0].AsTensor<long>()];
    }

    /// <summary>Tags [B, T], scores [B] and emissions [B, T, K].</summary>
    /// <param name="batch">Of B sentences.</param>
    public (long[] Tags, double[] Scores, float[] Emissions) Run(EncodedBatch batch)
    {
        using var results = session.Run(Inputs(batch), ["tags", "scores", "emissions"]);
        return ([.. results[0].AsTensor<long>()], [.. results[1].AsTensor<double>()],
            [.. results[2].AsTensor<float>()]);
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
    }

    List<NamedOnnxValue> Inputs(EncodedBatch batch) =>
    [
        .. session.InputMetadata.Keys.Select(name => NamedOnnxValue.CreateFromTensor(name, Rows(batch.Plain, name switch
        {
            "words" => sentence => sentence.Words,
            "characters" => sentence => sentence.Characters,
            "word_starts" => sentence => sentence.WordStarts,
            "word_ends" => sentence => sentence.WordEnds,
            "forward_words" => sentence => sentence.ForwardIds,
            _ => sentence => sentence.BackwardIds,
        }))),
    ];

    static DenseTensor<long> Rows(EncodedSentence[] sentences, Func<EncodedSentence, int[]> ids)
    {
        var padded = new DenseTensor<long>([sentences.Length, sentences.Max(sentence => ids(sentence).Length)]);
        padded.Fill(-1);
        for (var b = 0; b < sentences.Length; b++)
        {
            var row = padded.Buffer.Span.Slice(b * padded.Dimensions[1]);
            var own = ids(sentences[b]);
            for (var t = 0; t < own.Length; t++) row[t] = own[t];
        }
        return padded;
    }
}
