using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// Reads word vectors: text (GloVe, word2vec, fastText's .vec), word2vec's .bin and fastText's .bin, gzip or not. Which
/// of them it is is told by the file's bytes, never by its name.
/// </summary>
static class EmbeddingFile
{
    /// <summary>What <see cref="EmbeddingFileReport.Format"/> says of text.</summary>
    public const string Text = "text";

    /// <summary>The widest vector that a model can have.</summary>
    public const int MostNumbers = 65536;

    /// <summary>The longest word, in bytes.</summary>
    public const int LongestWord = 1 << 16;

    const int Judged = 4096;

    /// <param name="path">The file.</param>
    /// <param name="wanted">Words to keep; give a word in both cases to find it in either. Null keeps all.</param>
    /// <param name="dimension">Numbers a word the caller needs; null takes the file's.</param>
    /// <exception cref="UserException">Unreadable, empty, a number that is none, or a vector of another
    /// dimension.</exception>
    public static EmbeddingTable Load(string path, Func<string, bool>? wanted = null, int? dimension = null)
    {
        using var source = new ByteSource(path);
        var words = new VectorCollector(wanted);
        var start = source.Peek(Judged);
        if (FastTextBinary.Begins(start)) return FastTextBinary.Read(source, words, dimension);
        if (start.StartsWith("PK\u0003\u0004"u8))
            throw new UserException($"{path}: is a zip archive. Unpack it and name the file in it.");
        if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new UserException($"{path}: is UTF-16 text. UTF-8 is expected: iconv -f UTF-16 -t UTF-8.");
        if (!IsBinary(start)) return TextVectors.Read(source, words, dimension);
        return WordVectorHeader.TryParse(FirstLine(start), out var header)
            ? Word2VecBinary.Read(source, words, header, dimension)
            : throw new UserException(
                $"{path}: a binary file, and neither word2vec's nor fastText's: those begin with two numbers and a "
                + "line end, or with fastText's mark. Text, a word and its numbers a line, is read too.");
    }

    /// <summary>Wants the words of a text as written and in lower case.</summary>
    public static Func<string, bool> WordsOf(TokenCounts counts)
    {
        var set = new HashSet<string>(counts.Types.Keys.Concat(counts.Types.Keys.Select(WordVocabulary.Key)),
            StringComparer.Ordinal);
        return set.Contains;
    }

    /// <exception cref="UserException">The model needs another dimension than the file has.</exception>
    public static void Require(string path, int found, int? needed)
    {
        if (needed is { } dimension && dimension != found)
            throw new UserException($"{path}: {found} numbers after the word; the model needs {dimension}. Give a file "
                + "or a setting of the same dimension.");
    }

    static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> start) =>
        start.IndexOf((byte)'\n') is var length and >= 0 ? start[..length] : start;

    // Floating-point numbers have such bytes before long, text has none.
    static bool IsBinary(ReadOnlySpan<byte> start)
    {
        foreach (var value in start)
            if (value < 0x09 || value is > 0x0D and < 0x20) return true;
        return false;
    }
}
