using LdNetGpu.Model;
using LdNetGpu.Model.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LdNetGpu.Tests;

/// <summary>What ONNX Runtime makes of a tagger's graph.</summary>
sealed class Runtime : IDisposable
{
    readonly InferenceSession session;

    public Runtime(Tagger<float> tagger, SentenceEndIds ends)
    {
        using var file = new MemoryStream();
        new OnnxModel(OnnxTagger.Graph(tagger, ends), []).WriteTo(file);
        session = Open(file.ToArray());
    }

    public Runtime(string path) => session = Open(File.ReadAllBytes(path));

    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    public IEnumerable<string> Inputs => session.InputMetadata.Keys;

    public void Dispose() => session.Dispose();

    /// <summary>Tags and score of each sentence, and emissions [B, T, K].</summary>
    /// <param name="sentences">Without their ends.</param>
    public (int[][] Tags, double[] Scores, DenseTensor<float> Emissions) Run(IReadOnlyList<EncodedSentence> sentences)
    {
        List<NamedOnnxValue> inputs =
        [
            Rows("words", sentence => sentence.Words), Rows("characters", sentence => sentence.Characters),
            Rows("word_starts", sentence => sentence.WordStarts), Rows("word_ends", sentence => sentence.WordEnds),
        ];
        if (session.InputMetadata.ContainsKey("forward_words"))
        {
            inputs.Add(Rows("forward_words", sentence => sentence.ForwardIds));
            inputs.Add(Rows("backward_words", sentence => sentence.BackwardIds));
        }
        using var results = session.Run(inputs, ["tags", "scores", "emissions"]);
        var tags = results[0].AsTensor<long>();
        for (var b = 0; b < sentences.Count; b++)
            for (var t = sentences[b].Length; t < tags.Dimensions[1]; t++) Assert.Equal(-1, tags[b, t]);
        return ([.. sentences.Select((sentence, b) =>
                Enumerable.Range(0, sentence.Length).Select(t => (int)tags[b, t]).ToArray())],
            [.. results[1].AsTensor<double>()], results[2].AsTensor<float>().ToDenseTensor());

        NamedOnnxValue Rows(string name, Func<EncodedSentence, int[]> ids)
        {
            var padded = new DenseTensor<long>([sentences.Count, sentences.Max(sentence => ids(sentence).Length)]);
            padded.Fill(-1);
            for (var b = 0; b < sentences.Count; b++)
                for (var t = 0; t < ids(sentences[b]).Length; t++) padded[b, t] = ids(sentences[b])[t];
            return NamedOnnxValue.CreateFromTensor(name, padded);
        }
    }

    static InferenceSession Open(byte[] file)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        return new(file, options);
    }
}
