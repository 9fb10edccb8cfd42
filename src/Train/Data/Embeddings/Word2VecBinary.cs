using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// word2vec's .bin: a header line, then for each word its bytes, a space and its numbers as 32-bit floats, with or
/// without a line end behind them.
/// </summary>
static class Word2VecBinary
{
    public static EmbeddingTable Read(ByteSource source, VectorCollector words, WordVectorHeader header, int? dimension)
    {
        source.TryReadTo((byte)'\n', EmbeddingFile.LongestWord, "the first line", out _);
        RequireSize(source, header);
        EmbeddingFile.Require(source.Name, header.Dimension, dimension);
        var numbers = new float[header.Dimension];
        for (var number = 1L; number <= header.Words; number++)
        {
            while (source.Peek(1) is [(byte)'\n']) source.Take(1);
            if (!source.TryReadTo((byte)' ', EmbeddingFile.LongestWord, $"word {number}", out var word))
                throw BreaksOff(number);
            var kept = words.Offer(word, number);
            if (!source.TryRead(numbers)) throw BreaksOff(number);
            if (kept is null) continue;
            if (Array.FindIndex(numbers, value => !float.IsFinite(value)) is var odd and >= 0)
                throw new UserException(
                    $"{source.Name}: number {odd + 1} of word {number}, \"{kept}\", is not a finite number.");
            words.Keep(kept, [.. numbers]);
        }
        while (source.Peek(1) is [(byte)'\n']) source.Take(1);
        return source.Peek(1).IsEmpty ? words.Table("word2vec binary", header.Dimension, header.Words)
            : throw new UserException($"{source.Name}: more bytes follow the {header.Words} words that its first line "
                + "says: it is damaged, or its numbers are not 32-bit floats.");

        UserException BreaksOff(long number) =>
            new($"{source.Name}: breaks off in word {number} of {header.Words}. Copy it again.");
    }

    // Before anything is made as large as the header says.
    static void RequireSize(ByteSource source, WordVectorHeader header)
    {
        if (header.Dimension > EmbeddingFile.MostNumbers)
            throw new UserException($"{source.Name}: its first line says {header.Dimension} numbers a word; at most "
                + $"{EmbeddingFile.MostNumbers} are read.");
        // A space and a byte of a word beside the numbers.
        var least = (Int128)header.Words * (sizeof(float) * header.Dimension + 2);
        if (source.Length is { } length && least > length - source.Position)
            throw new UserException($"{source.Name}: its first line says {header.Words} words of {header.Dimension} "
                + $"numbers, {least} bytes at least; it has {length - source.Position}. It is cut off or damaged.");
    }
}
