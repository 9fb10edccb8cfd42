namespace LdNetGpu.Train.Data;

/// <summary>A text as token ids, a sentence end after every sentence, of any length.</summary>
public interface ITokenSequence
{
    /// <summary>Ids in the sequence, sentence ends among them.</summary>
    long Count { get; }

    /// <summary>Ids that are <see cref="Vocabulary.Unknown"/>.</summary>
    long UnknownCount { get; }

    /// <summary>Sentences, so <see cref="Count"/> less this many are words.</summary>
    long SentenceCount { get; }

    /// <summary>
    /// Copies ids <paramref name="start"/>, <paramref name="start"/> + 1, ... until <paramref name="destination"/> is
    /// full.
    /// </summary>
    /// <param name="start">From 0.</param>
    /// <param name="destination">No longer than what is left from there on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sequence has no such ids.</exception>
    void CopyTo(long start, Span<int> destination);
}

/// <summary>What both kinds of token sequences tell a reader.</summary>
static class TokenSequenceExtensions
{
    /// <summary>Share of the words, sentence ends aside, that are unknown: 0 to 1.</summary>
    public static double UnknownRate(this ITokenSequence tokens) =>
        tokens.Count == tokens.SentenceCount ? 0 : (double)tokens.UnknownCount / (tokens.Count - tokens.SentenceCount);
}
