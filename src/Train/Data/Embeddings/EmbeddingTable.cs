namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>Pretrained word vectors that were asked for.</summary>
/// <param name="Vectors">By word, as the file spells it, in the file's order.</param>
/// <param name="Report">What the file holds.</param>
sealed record EmbeddingTable(IReadOnlyDictionary<string, float[]> Vectors, EmbeddingFileReport Report)
{
    /// <summary>A word's vector: as written, else in lower case; null where the file has neither.</summary>
    public float[]? Find(string word) =>
        Vectors.GetValueOrDefault(word) ?? Vectors.GetValueOrDefault(WordVocabulary.Key(word));

    /// <summary>
    /// How much of a text the file covers; a low share usually means another language, case or tokeniser.
    /// </summary>
    /// <param name="words">As the text spells them.</param>
    public EmbeddingCoverage Coverage(TokenCounts words)
    {
        var (exactTypes, lowerTypes, exactTokens, lowerTokens) = (0L, 0L, 0L, 0L);
        foreach (var (word, count) in words.Types)
        {
            if (Vectors.ContainsKey(word)) (exactTypes, exactTokens) = (exactTypes + 1, exactTokens + count);
            else if (Vectors.ContainsKey(WordVocabulary.Key(word)))
                (lowerTypes, lowerTokens) = (lowerTypes + 1, lowerTokens + count);
        }
        return new EmbeddingCoverage(words.Types.Count, exactTypes, lowerTypes, words.Tokens, exactTokens, lowerTokens);
    }
}
