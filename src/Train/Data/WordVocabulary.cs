using LdNetGpu.Train.Data.Embeddings;

namespace LdNetGpu.Train.Data;

/// <summary>
/// The tagger's words and how they are looked up: in lower case, or as written and in lower case only where the form
/// itself has no id.
/// </summary>
/// <param name="vocabulary">The words and their ids.</param>
/// <param name="lowercase">Whether words are looked up in lower case.</param>
readonly struct WordVocabulary(Vocabulary vocabulary, bool lowercase)
{
    /// <summary>A word's id, or that of <see cref="Vocabulary.Unknown"/>.</summary>
    public int Id(string word) =>
        !lowercase && vocabulary.TryGetId(word, out var id) ? id : vocabulary.Id(Key(word));

    /// <summary>Share of a text's words that are unknown, 0 to 1.</summary>
    /// <param name="counts">Of words as written, see <see cref="Count"/>.</param>
    public double UnknownRate(TokenCounts counts)
    {
        var unknown = 0L;
        foreach (var (word, count) in counts.Types)
            if (Id(word) == vocabulary.UnknownId) unknown += count;
        return counts.Tokens == 0 ? 0 : (double)unknown / counts.Tokens;
    }

    /// <summary>
    /// <see cref="Vocabulary.Unknown"/>, then the words of the labelled training text, by falling frequency, that have
    /// a vector or occur more than <paramref name="rareCount"/> times; then the other words with a vector, in ordinal
    /// order, so that words of other texts are known too.
    /// </summary>
    /// <param name="counts">Of words as written, see <see cref="Count"/>.</param>
    /// <param name="vectors">The words with a vector.</param>
    /// <param name="rareCount">Words without a vector that occur this often or less become unknown.</param>
    /// <param name="lowercase">Whether words are looked up in lower case.</param>
    public static Vocabulary Build(TokenCounts counts, WordVectors vectors, int rareCount, bool lowercase)
    {
        var forms = counts.Types.GroupBy(pair => lowercase ? Key(pair.Key) : pair.Key, StringComparer.Ordinal)
            .Select(group => (Word: group.Key, Count: group.Sum(pair => pair.Value)));
        var kept = forms.Where(form => form.Count > rareCount || vectors.Find(form.Word) is not null)
            .OrderByDescending(form => form.Count).ThenBy(form => form.Word, StringComparer.Ordinal)
            .Select(form => form.Word);
        var others = vectors.Words.Order(StringComparer.Ordinal);
        return new Vocabulary(((string[])[Vocabulary.Unknown, .. kept, .. others])
            .Where(Vocabulary.IsStorable).Distinct(StringComparer.Ordinal));
    }

    /// <summary>Counts of words as written.</summary>
    public static TokenCounts Count(IEnumerable<Sentence> sentences) =>
        TokenCounts.Of(sentences.Select(sentence => sentence.Words));

    /// <summary>A word in lower case.</summary>
    public static string Key(string word) => word.ToLowerInvariant();
}
