using System.Globalization;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>Pretrained word vectors that were asked for.</summary>
/// <param name="Name">The file.</param>
/// <param name="Dimension">Numbers a word.</param>
/// <param name="Vectors">By word, as the file spells it.</param>
/// <param name="WordsInFile">Lines with a vector, wanted or not.</param>
/// <param name="Duplicates">Lines whose word was wanted and stood before; the first one counts.</param>
sealed record EmbeddingTable(string Name, int Dimension, IReadOnlyDictionary<string, float[]> Vectors, long WordsInFile,
    int Duplicates)
{
    /// <summary>A word's vector: as written, else in lower case; null where the file has neither.</summary>
    public float[]? Find(string word) =>
        Vectors.GetValueOrDefault(word) ?? Vectors.GetValueOrDefault(WordVocabulary.Key(word));

    /// <summary>
    /// How much of a text the file covers; a low share usually means another language, case or tokeniser.
    /// </summary>
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
}

/// <summary>
/// Reads word vectors in GloVe's text format: a word and its numbers on a line, single spaces between; gzip or not. A
/// first line of two whole numbers is word2vec's header (words, dimension). A word may hold spaces (GloVe 840B has
/// some): the last numbers count.
/// </summary>
static class EmbeddingFile
{
    /// <param name="path">The file.</param>
    /// <param name="wanted">Words to keep; give a word in both cases to find it in either. Null keeps all.</param>
    /// <param name="dimension">Numbers a word the caller needs; null takes the file's.</param>
    /// <exception cref="UserException">Unreadable, empty, a number that is none, or a line with another
    /// dimension.</exception>
    public static EmbeddingTable Load(string path, Func<string, bool>? wanted = null, int? dimension = null)
    {
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var width = 0;
        var (words, duplicates) = (0L, 0);
        foreach (var (line, number) in TextLines.Read(path))
        {
            var text = line.AsSpan().TrimEnd(' ');
            if (text.IsEmpty) continue;
            var fields = text.Count(' ') + 1;
            if (number == 1 && fields == 2 && IsHeader(text, out width)) continue;
            if (width == 0) width = fields - 1;
            if (width < 1 || (dimension is { } needed && needed != width))
                throw new InputException(path, number, $"{Math.Max(0, width)} numbers after the word" +
                    (dimension is null
                        ? "; a word and its vector are expected."
                        : $"; the model needs {dimension}. Give a file or a setting of the same dimension."));
            var split = StartOfVector(text, fields, width, path, number);
            var word = text[..split].ToString();
            words++;
            if (wanted is not null && !wanted(word)) continue;
            if (vectors.ContainsKey(word)) duplicates++;
            else vectors[word] = Parse(text[(split + 1)..], width, path, number);
        }
        if (words == 0)
            throw new UserException(
                $"{path}: holds no word vectors. A word and its numbers on each line are expected.");
        return new EmbeddingTable(path, width, vectors, words, duplicates);
    }

    /// <summary>Wants the words of a text as written and in lower case.</summary>
    public static Func<string, bool> WordsOf(TokenCounts counts)
    {
        var set = new HashSet<string>(counts.Types.Keys.Concat(counts.Types.Keys.Select(WordVocabulary.Key)),
            StringComparer.Ordinal);
        return set.Contains;
    }

    static bool IsHeader(ReadOnlySpan<char> text, out int width)
    {
        width = 0;
        var space = text.IndexOf(' ');
        return long.TryParse(text[..space], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(text[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out width)
            && width > 1;
    }

    /// <summary>The place of the space between word and vector.</summary>
    static int StartOfVector(ReadOnlySpan<char> text, int fields, int width, string path, int number)
    {
        if (fields == width + 1) return text.IndexOf(' ');
        if (fields <= width) throw WrongWidth(fields - 1);
        var split = text.Length;
        for (var i = 0; i < width; i++) split = text[..split].LastIndexOf(' ');
        // A number before the vector is no part of a word with spaces: the line is too long.
        var before = text[..split];
        return float.TryParse(before[(before.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture,
            out _)
            ? throw WrongWidth(fields - 1)
            : split;

        UserException WrongWidth(int found) =>
            new($"{path}, line {number}: {found} numbers after the word; the lines before have {width}. The file is "
            + "damaged or cut off here.");
    }

    static float[] Parse(ReadOnlySpan<char> text, int width, string path, int number)
    {
        var vector = new float[width];
        var i = 0;
        foreach (var range in text.Split(' '))
        {
            if (!float.TryParse(text[range], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i])
                || !float.IsFinite(vector[i]))
                throw new InputException(path, number,
                    $"\"{text[range]}\", number {i + 1} of the vector, is not a finite number.");
            i++;
        }
        return vector;
    }
}
