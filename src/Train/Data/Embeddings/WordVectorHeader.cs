using System.Globalization;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>The first line of word2vec's formats: how many words, and how many numbers each.</summary>
readonly record struct WordVectorHeader(long Words, int Dimension)
{
    const int MostBytes = 40;

    /// <summary>The line is two whole numbers, the second at least 2.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out WordVectorHeader header)
    {
        header = default;
        line = line.Trim(" \t\r"u8);
        var gap = line.IndexOfAny((byte)' ', (byte)'\t');
        if (line.Length > MostBytes || gap < 0) return false;
        if (!long.TryParse(line[..gap], NumberStyles.None, CultureInfo.InvariantCulture, out var words)
            || !int.TryParse(line[gap..].Trim(" \t"u8), NumberStyles.None, CultureInfo.InvariantCulture,
                out var dimension)
            || dimension < 2)
            return false;
        header = new(words, dimension);
        return true;
    }
}
