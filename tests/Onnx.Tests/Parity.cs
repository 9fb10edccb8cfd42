using LdNetGpu.Model;

namespace LdNetGpu.Tests;

/// <summary>The same sentences by the tagger and by ONNX Runtime.</summary>
static class Parity
{
    /// <summary>
    /// Tags must be equal; emissions, and scores by their size where that is above 1, within 1e-5.
    /// </summary>
    /// <param name="tagger">The engine's.</param>
    /// <param name="runtime">Of the same tagger.</param>
    /// <param name="batch">With the sentences' ends where the tagger reads them.</param>
    /// <param name="plain">The same sentences without.</param>
    /// <returns>The largest difference of emissions, and of scores.</returns>
    public static (double Emissions, double Scores) Check(Tagger<float> tagger, Runtime runtime, TaggerBatch batch,
        IReadOnlyList<EncodedSentence> plain)
    {
        var (tags, scores, emissions) = runtime.Run(plain);
        Assert.Equal(tagger.Decode(batch), tags);
        var count = tagger.Shape.Tags.Count;
        var own = ToyModels.Emissions(tagger, batch);
        var (worst, worstScore) = (0.0, 0.0);
        for (var b = 0; b < batch.Batch; b++)
        {
            for (var t = 0; t < batch.Lengths[b]; t++)
                for (var tag = 0; tag < count; tag++)
                    worst = Math.Max(worst,
                        Math.Abs(own[(t * batch.Batch + b) * count + tag] - emissions[b, t, tag]));
            var score = Score(b);
            worstScore = Math.Max(worstScore, Math.Abs(score - scores[b]) / Math.Max(1, Math.Abs(score)));
        }
        Assert.InRange(worst, 0, 1e-5);
        Assert.InRange(worstScore, 0, 1e-5);
        return (worst, worstScore);

        double Score(int b)
        {
            var transitions = tagger.Parameters().Single(entry => entry.Name == "crf.transitions").Parameter.ToArray();
            var (sum, from) = (0.0, count - 2);
            for (var t = 0; t < batch.Lengths[b]; t++)
            {
                var to = tags[b][t];
                sum += transitions[from * count + to] + (double)own[(t * batch.Batch + b) * count + to];
                from = to;
            }
            return sum + transitions[from * count + count - 1];
        }
    }
}
