namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Tags that the scores forbid (a transition or an emission of -infinity): their negative log-likelihood is infinite
/// and no gradient leads away from it. The message names the sentence, the position and the tags.
/// </summary>
public sealed class ForbiddenTagsException : ArgumentException
{
    ForbiddenTagsException(string message, int sentence, int position)
        : base(message) => (Sentence, Position) = (sentence, position);

    /// <summary>Index of the sentence in its batch.</summary>
    public int Sentence { get; }

    /// <summary>
    /// Step of the forbidden tag, or the sentence's length where the last transition is the forbidden one; -1 where no
    /// position is at fault alone.
    /// </summary>
    public int Position { get; }

    internal static ForbiddenTagsException Transition(int sentence, int position, int from, int to) => new(
        $"CRF: the gold tags of sentence {sentence} take a forbidden transition (score -infinity) at position "
        + $"{position}, from tag {from} to tag {to}. Check the tagging scheme, or allow that transition.",
        sentence, position);

    internal static ForbiddenTagsException Emission(int sentence, int position, int tag) => new(
        $"CRF: the gold tag {tag} of sentence {sentence} at position {position} is forbidden (emission -infinity).",
        sentence, position);

    internal static ForbiddenTagsException NoSequence(int sentence) => new(
        $"CRF: every tag sequence of sentence {sentence} is forbidden: each meets a transition or an emission of "
        + "-infinity. Check the transition constraints.",
        sentence, -1);
}
