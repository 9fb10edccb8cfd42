using LdNetGpu.Autograd;
using LdNetGpu.Model;

namespace LdNetGpu.Train.Training;

/// <summary>
/// Frozen language models say the same about a sentence in every epoch, and dropout comes after them: so what they say
/// is computed once and kept on the host, up to a budget. While layers are being selected by z it depends on z, and
/// nothing is kept.
/// </summary>
sealed class RepresentationCache(Tagger<float> tagger, int backwardEnd) : IDisposable
{
    /// <summary>Bytes kept at most; sentences beyond are computed each time.</summary>
    const long Budget = 6L << 30;

    readonly Dictionary<int, float[]> kept = [];
    long bytes;

    int Width => tagger.Forward!.Width + tagger.Backward!.Width;

    bool IsConstant => tagger.Forward!.IsConstant && tagger.Backward!.IsConstant;

    /// <summary>
    /// The batch's representation [positions, B, width]; null when the tagger must compute it on the tape, or has
    /// none.
    /// </summary>
    /// <param name="batch">The sentences side by side.</param>
    /// <param name="numbers">Their numbers in the training text, the cache's keys.</param>
    /// <param name="sentence">A sentence by number.</param>
    public Tensor<float>? Get(TaggerBatch batch, int[] numbers, Func<int, EncodedSentence> sentence)
    {
        if (tagger.Forward is null || !IsConstant) return null;
        var missing = numbers.Where(number => !kept.ContainsKey(number)).ToArray();
        if (missing.Length > 0 && bytes + missing.Sum(number => BytesOf(sentence(number))) > Budget)
        {
            using var pause = Tape<float>.NoGradient();
            return tagger.Representation(batch);
        }
        if (missing.Length > 0) Compute(missing, sentence);
        return Assemble(batch, numbers);
    }

    /// <summary>Forgets everything: the language models changed.</summary>
    public void Clear()
    {
        kept.Clear();
        bytes = 0;
    }

    public void Dispose() => Clear();

    long BytesOf(EncodedSentence sentence) => (long)sentence.Words.Length * Width * sizeof(float);

    void Compute(int[] numbers, Func<int, EncodedSentence> sentence)
    {
        using var scope = new TensorScope();
        using var pause = Tape<float>.NoGradient();
        var batch = new TaggerBatch([.. numbers.Select(sentence)], backwardEnd);
        var width = Width;
        var values = tagger.Representation(batch).ToArray();
        for (var b = 0; b < numbers.Length; b++)
        {
            var own = new float[batch.PositionLengths[b] * width];
            for (var t = 0; t < batch.PositionLengths[b]; t++)
                values.AsSpan((t * batch.Batch + b) * width, width).CopyTo(own.AsSpan(t * width));
            kept[numbers[b]] = own;
            bytes += (long)own.Length * sizeof(float);
        }
    }

    Tensor<float> Assemble(TaggerBatch batch, int[] numbers)
    {
        var width = Width;
        var values = new float[batch.Positions * batch.Batch * width];
        for (var b = 0; b < numbers.Length; b++)
        {
            var own = kept[numbers[b]];
            for (var t = 0; t < batch.PositionLengths[b]; t++)
                own.AsSpan(t * width, width).CopyTo(values.AsSpan((t * batch.Batch + b) * width));
        }
        return Tensor.From(tagger.Backend, values, new Shape(batch.Positions, batch.Batch, width));
    }
}
