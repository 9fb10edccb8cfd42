namespace LdNetGpu.Train.Data;

/// <summary>The tagger's words: lower-cased, looked up in any case.</summary>
static class WordVocabulary
{
    /// <summary>
    /// <see cref="Vocabulary.Unknown"/>, then the words of the labelled training text, by falling frequency, that have
    /// a vector already or occur more than <paramref name="rareCount"/> times; then, where
    /// <paramref name="addAllEmbedded"/>, the other words with a vector, in ordinal order.
    /// </summary>
    /// <param name="counts">Of lower-cased words, see <see cref="Count"/>.</param>
    /// <param name="embedded">The word (lower-cased) has a pretrained vector.</param>
    /// <param name="rareCount">Words without a vector that occur this often or less become unknown.</param>
    /// <param name="addAllEmbedded">Every word with a vector, so that words of other texts are known too; null for
    /// none.</param>
    public static Vocabulary Build(TokenCounts counts, Func<string, bool> embedded, int rareCount,
        IEnumerable<string>? addAllEmbedded = null)
    {
        var kept = counts.Types.Where(pair => pair.Value > rareCount || embedded(pair.Key))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key);
        var others = (addAllEmbedded ?? []).Order(StringComparer.Ordinal);
        return new Vocabulary(((string[])[Vocabulary.Unknown, .. kept, .. others])
            .Where(Vocabulary.IsStorable).Distinct(StringComparer.Ordinal));
    }

    /// <summary>Counts of lower-cased words.</summary>
    public static TokenCounts Count(IEnumerable<Sentence> sentences) =>
        TokenCounts.Of(sentences.Select(sentence => sentence.Words.Select(Key)));

    /// <summary>The form under which a word is looked up.</summary>
    public static string Key(string word) => word.ToLowerInvariant();
}
