using System.Numerics;

namespace LdNetGpu.Kernels.Crf;

/// <summary>The score of given tags, summed in double.</summary>
static class GoldPath
{
    /// <summary>
    /// Score of one sentence's tags, which <see cref="CrfChecks.GoldTags"/> has checked; -infinity where they are
    /// forbidden.
    /// </summary>
    public static unsafe double Score<T>(in CrfBatch<T> batch, ReadOnlySpan<int> tags, int sentence)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var length = batch.Lengths.Span[sentence];
        T* emissions = batch.Emissions.Pointer, transitions = batch.Transitions.Pointer;
        long emissionStride = batch.Emissions.RowStride, transitionStride = batch.Transitions.RowStride;
        double score = 0;
        var from = batch.StartTag;
        for (var t = 0; t < length; t++)
        {
            var row = t * batch.Batch + sentence;
            var to = tags[row];
            score += double.CreateTruncating(transitions[from * transitionStride + to])
                + double.CreateTruncating(emissions[row * emissionStride + to]);
            from = to;
        }
        return score + double.CreateTruncating(transitions[from * transitionStride + batch.EndTag]);
    }

    /// <summary>The error for tags whose score is -infinity, naming the first place that forbids them.</summary>
    public static ForbiddenTagsException Forbidden<T>(in CrfBatch<T> batch, ReadOnlySpan<int> tags, int sentence)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var length = batch.Lengths.Span[sentence];
        var from = batch.StartTag;
        for (var t = 0; t < length; t++)
        {
            var row = t * batch.Batch + sentence;
            var to = tags[row];
            if (T.IsNegativeInfinity(batch.Transitions.Row(from)[to]))
                return ForbiddenTagsException.Transition(sentence, t, from, to);
            if (T.IsNegativeInfinity(batch.Emissions.Row(row)[to]))
                return ForbiddenTagsException.Emission(sentence, t, to);
            from = to;
        }
        return ForbiddenTagsException.Transition(sentence, length, from, batch.EndTag);
    }
}
