namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// Types and tokens of a text, and how many of each the embeddings hold: as written, or only in lower case.
/// </summary>
/// <param name="Types">Different words of the text.</param>
/// <param name="ExactTypes">Of them, found as written.</param>
/// <param name="LowerCasedTypes">Of them, found in lower case only.</param>
/// <param name="Tokens">Words of the text.</param>
/// <param name="ExactTokens">Of them, found as written.</param>
/// <param name="LowerCasedTokens">Of them, found in lower case only.</param>
public sealed record EmbeddingCoverage(long Types, long ExactTypes, long LowerCasedTypes, long Tokens, long ExactTokens,
    long LowerCasedTokens)
{
    /// <summary>Types found either way, 0 to 1.</summary>
    public double TypeShare => Types == 0 ? 0 : (double)(ExactTypes + LowerCasedTypes) / Types;

    /// <summary>Tokens found either way, 0 to 1.</summary>
    public double TokenShare => Tokens == 0 ? 0 : (double)(ExactTokens + LowerCasedTokens) / Tokens;

    /// <summary>Both in words, the same wherever coverage is told.</summary>
    public string Summary() =>
        Invariant($"{ExactTokens + LowerCasedTokens:N0} of {Tokens:N0} words ({100 * TokenShare:f1} %), ")
        + Invariant($"{ExactTypes + LowerCasedTypes:N0} of {Types:N0} different words ({100 * TypeShare:f1} %)");
}

/// <summary>What a file of word vectors holds.</summary>
/// <param name="Format">text, word2vec binary or fastText binary.</param>
/// <param name="Words">Words with a vector, wanted or not.</param>
/// <param name="Dimension">Numbers a word.</param>
/// <param name="Duplicates">Words that were wanted and stood before; the first one counts.</param>
/// <param name="BrokenWords">Words that are not UTF-8, or empty, which were passed over.</param>
/// <param name="FirstBroken">The first of them: line of a text, number of the word elsewhere, from 1; else 0.</param>
/// <param name="Declared">Words that the file says it has; null where it does not say.</param>
public sealed record EmbeddingFileReport(string Format, long Words, int Dimension, long Duplicates, long BrokenWords,
    long FirstBroken, long? Declared)
{
    /// <summary>All of it in words, and what is odd in it.</summary>
    public string Summary() =>
        Invariant($"{Words:N0} vectors of {Dimension} numbers ({Format})")
        + (Duplicates > 0 ? Invariant($"; {Duplicates:N0} repeated, the first of each counts") : "")
        + (BrokenWords > 0
            ? Invariant($"; {BrokenWords:N0} passed over whose word is empty or not UTF-8, the first in ")
                + Invariant($"{(Format == EmbeddingFile.Text ? "line" : "place")} {FirstBroken}")
            : "")
        + (Declared is { } declared && declared != Words + BrokenWords
            ? Invariant($"; its first line says {declared:N0}: part of it may be missing") : "");
}
