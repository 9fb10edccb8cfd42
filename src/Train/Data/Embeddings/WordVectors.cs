namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// Pretrained vectors by the forms under which a tagger looks words up. Where those are in lower case, a vector that
/// the file has for a cased form only is the lower-cased word's too: that of the text's most frequent form of it, or
/// else of the file's first.
/// </summary>
sealed class WordVectors
{
    readonly Dictionary<string, float[]> vectors;
    readonly Func<string, float[]?> find;

    /// <param name="table">What the file has; null for no file.</param>
    /// <param name="counts">Of the training text's words as written.</param>
    /// <param name="lowercase">Whether words are looked up in lower case.</param>
    public WordVectors(EmbeddingTable? table, TokenCounts counts, bool lowercase)
    {
        vectors = new(StringComparer.Ordinal);
        find = vectors.GetValueOrDefault;
        if (table is null) return;
        if (!lowercase)
        {
            foreach (var (word, vector) in table.Vectors) vectors[word] = vector;
            find = table.Find;
            return;
        }
        foreach (var (word, vector) in table.Vectors)
            if (WordVocabulary.Key(word) == word) vectors[word] = vector;
        foreach (var (word, _) in counts.Types.OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal))
            if (table.Vectors.TryGetValue(word, out var vector)) vectors.TryAdd(WordVocabulary.Key(word), vector);
        foreach (var (word, vector) in table.Vectors) vectors.TryAdd(WordVocabulary.Key(word), vector);
    }

    /// <summary>Every form with a vector of its own.</summary>
    public IEnumerable<string> Words => vectors.Keys;

    /// <summary>The vector of a word of the vocabulary; null without one.</summary>
    public float[]? Find(string word) => find(word);
}
