using LdNetGpu.Autograd;
using LdNetGpu.Model;

namespace LdNetGpu.Bench;

/// <summary>What the engine and ONNX Runtime say of the same sentences.</summary>
/// <param name="Words">How many.</param>
/// <param name="Tags">Of these, words with another tag.</param>
/// <param name="Emissions">The largest difference.</param>
/// <param name="Scores">The largest difference, by the score's size where that is above 1.</param>
sealed record Differences(int Words, int Tags, double Emissions, double Scores)
{
    /// <summary>Over all batches.</summary>
    /// <param name="tagger">The engine's.</param>
    /// <param name="runtime">Of the same tagger.</param>
    /// <param name="batches">The sentences.</param>
    public static Differences Of(Tagger<float> tagger, RuntimeTagger runtime, IEnumerable<EncodedBatch> batches) =>
        batches.Select(batch => Of(tagger, runtime, batch)).Aggregate((a, b) => new(a.Words + b.Words,
            a.Tags + b.Tags, Math.Max(a.Emissions, b.Emissions), Math.Max(a.Scores, b.Scores)));

    public override string ToString() =>
        FormattableString.Invariant($"{Tags} of {Words} tags, emissions {Emissions:e1}, scores {Scores:e1}");

    static Differences Of(Tagger<float> tagger, RuntimeTagger runtime, EncodedBatch batch)
    {
        using var scope = new TensorScope();
        var (size, steps, count) = (batch.Padded.Batch, batch.Padded.Steps, tagger.Shape.Tags.Count);
        var tags = tagger.Decode(batch.Padded);
        var emissions = tagger.Emissions(batch.Padded, ForwardContext.Inference).ToArray();
        var transitions = tagger.Parameters().Single(entry => entry.Name == "crf.transitions").Parameter.ToArray();
        var other = runtime.Run(batch);
        var (words, different, worst, worstScore) = (0, 0, 0.0, 0.0);
        for (var b = 0; b < size; b++)
        {
            var (score, from) = (0.0, count - 2);
            for (var t = 0; t < tags[b].Length; t++)
            {
                words++;
                different += tags[b][t] == other.Tags[b * steps + t] ? 0 : 1;
                for (var tag = 0; tag < count; tag++)
                    worst = Math.Max(worst, Math.Abs(emissions[(t * size + b) * count + tag]
                        - other.Emissions[(b * steps + t) * count + tag]));
                score += transitions[from * count + tags[b][t]]
                    + (double)emissions[(t * size + b) * count + tags[b][t]];
                from = tags[b][t];
            }
            score += transitions[from * count + count - 1];
            worstScore = Math.Max(worstScore, Math.Abs(score - other.Scores[b]) / Math.Max(1, Math.Abs(score)));
        }
        return new(words, different, worst, worstScore);
    }
}
