using System.Globalization;
using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// A word and its numbers a line, separated by spaces or TABs. A first line of two whole numbers is word2vec's header.
/// A word may hold spaces (GloVe 840B has some): the last numbers count, as many as the header says, or as most of the
/// first lines have.
/// </summary>
static class TextVectors
{
    static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    const int SampledBytes = 1 << 20, SampledLines = 100, LongestLine = 1 << 22;

    public static EmbeddingTable Read(ByteSource source, VectorCollector words, int? dimension)
    {
        if (source.Peek(Mark.Length).SequenceEqual(Mark)) source.Take(Mark.Length);
        var sample = source.Peek(SampledBytes);
        var lineEnd = sample.Contains((byte)'\n') || !sample.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        var layout = Layout.Of(sample, lineEnd, source.Name);
        EmbeddingFile.Require(source.Name, layout.Width, layout.Width == 0 ? null : dimension);
        for (var number = 1L; source.TryReadTo(lineEnd, LongestLine, $"line {number}", out var bytes); number++)
        {
            var line = bytes.TrimEnd(" \t\r"u8);
            if (line.IsEmpty || number == 1 && layout.Header is not null) continue;
            var split = StartOfVector(line, layout, source.Name, number);
            var word = line[..split].TrimEnd(" \t"u8);
            if (words.Offer(word, number) is { } kept)
                words.Keep(kept, Parse(line[split..], layout, source.Name, number));
        }
        if (words.IsEmpty)
            throw new UserException(
                $"{source.Name}: holds no word vectors. A word and its numbers on each line are expected.");
        return words.Table(EmbeddingFile.Text, layout.Width, layout.Header?.Words);
    }

    /// <summary>What the first lines tell.</summary>
    /// <param name="Width">Numbers a word; 0 where the first line has none.</param>
    /// <param name="Header">The first line, where it is a header.</param>
    readonly record struct Layout(int Width, WordVectorHeader? Header)
    {
        public static Layout Of(ReadOnlySpan<byte> sample, byte lineEnd, string name)
        {
            WordVectorHeader? header = null;
            var isCut = sample.Length == SampledBytes;
            var widths = new List<(int Width, long Line)>();
            for (var number = 1L; !sample.IsEmpty && widths.Count < SampledLines; number++)
            {
                var length = sample.IndexOf(lineEnd);
                // A line that the sample cuts off is judged when it is read.
                if (length < 0 && isCut && widths.Count > 0) break;
                var line = (length < 0 ? sample : sample[..length]).TrimEnd(" \t\r"u8);
                sample = length < 0 ? [] : sample[(length + 1)..];
                if (line.IsEmpty) continue;
                if (number == 1 && WordVectorHeader.TryParse(line, out var found)) header = found;
                else widths.Add((NumbersBehindTheWord(line), number));
            }
            if (widths.Count == 0) return new(header?.Dimension ?? 0, header);
            if (header is { } known)
            {
                if (widths.Exists(entry => entry.Width == known.Dimension)) return new(known.Dimension, header);
                throw new UserException(
                    $"{name}: line 1 says {known.Dimension} numbers, line {widths[0].Line} has {widths[0].Width}. The "
                    + "file is damaged, or its first line is of another.");
            }
            // The order of a tie is that of the lines.
            return new(
                widths.GroupBy(entry => entry.Width).OrderByDescending(group => group.Count()).First().Key, null);
        }
    }

    /// <summary>Numbers at the line's end, the first field, which is a word, left out.</summary>
    static int NumbersBehindTheWord(ReadOnlySpan<byte> line)
    {
        var count = 0;
        for (var rest = line; LastField(rest) is var start and > 0 && IsNumber(rest[start..]); count++)
            rest = rest[..start].TrimEnd(" \t"u8);
        return count;
    }

    /// <summary>Where the last field begins; 0 where there is one field alone.</summary>
    static int LastField(ReadOnlySpan<byte> line) => line.LastIndexOfAny((byte)' ', (byte)'\t') + 1;

    static bool IsNumber(ReadOnlySpan<byte> field) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>The place where the numbers begin.</summary>
    static int StartOfVector(ReadOnlySpan<byte> line, Layout layout, string path, long number)
    {
        var before = line;
        for (var i = 0; i < layout.Width; i++)
        {
            var start = LastField(before);
            if (start == 0) throw WrongWidth(i);
            before = before[..start].TrimEnd(" \t"u8);
            // No word at all: the line begins with a space or a TAB.
            if (before.IsEmpty && i < layout.Width - 1) throw WrongWidth(i + 1);
        }
        if (layout.Width == 0 || IsTooLong(before, layout)) throw WrongWidth(Fields(line) - 1);
        return before.Length + line[before.Length..].IndexOfAnyExcept(" \t"u8);

        UserException WrongWidth(int found) => new InputException(path, number, $"{found} numbers after the word" +
            (layout.Width == 0 ? "; a word and its vector are expected."
                : $"; {(layout.Header is null ? "the lines before have" : "line 1 says")} {layout.Width}. The file is "
                + "damaged or cut off here."));
    }

    // A number before the vector may end a word of several parts ("windows 10") where the width is certain, and may be
    // all of a word ("1 2"); elsewhere the line has too many.
    static bool IsTooLong(ReadOnlySpan<byte> word, Layout layout)
    {
        if (word.Contains((byte)'\t')) return true;
        if (layout.Header is not null || !word.Contains((byte)' ')) return false;
        return IsNumber(word[LastField(word)..]) && !IsNumber(word[..word.IndexOf((byte)' ')]);
    }

    static int Fields(ReadOnlySpan<byte> line)
    {
        var count = 1;
        for (var rest = line; LastField(rest) is var start and > 0; count++) rest = rest[..start].TrimEnd(" \t"u8);
        return count;
    }

    static float[] Parse(ReadOnlySpan<byte> text, Layout layout, string path, long number)
    {
        var vector = new float[layout.Width];
        for (var i = 0; i < vector.Length; i++)
        {
            var length = text.IndexOfAny((byte)' ', (byte)'\t');
            var field = length < 0 ? text : text[..length];
            if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i])
                || !float.IsFinite(vector[i]))
                throw new InputException(path, number,
                    $"\"{Encoding.UTF8.GetString(field)}\", number {i + 1} of the vector, is not a finite number.");
            text = length < 0 ? [] : text[length..].TrimStart(" \t"u8);
        }
        return vector;
    }
}
