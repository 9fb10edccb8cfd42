namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// log Z, marginals and transition expectations of one sentence, on probabilities where that is proven exact and on
/// their logarithms elsewhere. The choice depends on the sentence and the transitions alone.
/// </summary>
static unsafe class ForwardBackward
{
    /// <summary>log Z; -infinity where every sequence is forbidden. Overwrites the emissions.</summary>
    public static double Forward(CrfTransitions transitions, CrfSentence sentence)
    {
        if (transitions.Count == 0) return double.NegativeInfinity;
        return LinearForwardBackward.IsExact(transitions, sentence)
            ? LinearForwardBackward.Forward(transitions, sentence)
            : LogForwardBackward.Forward(transitions, sentence);
    }

    /// <summary>
    /// After a <see cref="Forward"/> that was not -infinity: leaves the marginals in <see cref="CrfSentence.Forward"/>
    /// and adds the weighted expectations of the transitions between tags to the block's sums, if there are any.
    /// </summary>
    public static void Backward(CrfTransitions transitions, CrfSentence sentence, double weight,
        TransitionExpectations? expectations, int block)
    {
        if (LinearForwardBackward.IsExact(transitions, sentence))
            LinearForwardBackward.Backward(transitions, sentence, weight,
                expectations == null ? null : expectations.Outer(block));
        else
            LogForwardBackward.Backward(transitions, sentence, weight,
                expectations == null ? null : expectations.Expected(block));
    }
}
