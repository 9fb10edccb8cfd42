using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Text as people write it, cut into sentences and words by rules (<see cref="Words"/>, <see cref="Sentences"/>):
/// punctuation apart from words, English contractions as the Penn Treebank has them (<c>do n't</c>, <c>Ann 's</c>),
/// abbreviations, numbers and addresses whole, East Asian characters and emoji by themselves. No character is changed,
/// and none is lost but white space; each sentence knows where it stands (<see cref="Sentence.Text"/>). A tagger does
/// best on text cut as its training text was; this is for text that nobody cut.
/// </summary>
public static class RawText
{
    /// <summary>The sentences of a file, read as they are taken.</summary>
    /// <param name="path">UTF-8, gzip or not.</param>
    /// <param name="options">Where sentences end besides their marks; null for the defaults.</param>
    /// <exception cref="UserException">
    /// The file cannot be read, is no UTF-8, or holds no word; names file, line and byte column.
    /// </exception>
    /// <exception cref="InputLimitException">A line or word is too long, or gzip too large.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IEnumerable<Sentence> ReadFile(string path, RawTextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Cut(TextLines.ReadWhole(path), path, options ?? new());
    }

    /// <summary>The same from a stream, gzip or not.</summary>
    /// <param name="stream">Read as the sentences are taken; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    /// <param name="options">Where sentences end besides their marks; null for the defaults.</param>
    /// <exception cref="UserException">It is no UTF-8, or holds no word; names line and byte column.</exception>
    /// <exception cref="InputLimitException">A line or word is too long, or gzip too large.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IEnumerable<Sentence> Read(Stream stream, string name, RawTextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return Cut(TextLines.ReadWhole(stream, name), name, options ?? new());
    }

    /// <summary>
    /// The sentences of a text. One ends behind <c>. ! ? …</c> and the quotes and brackets that close there, before
    /// what a sentence can begin with: a capital, a letter without case, a digit, a symbol, an opening quote or
    /// bracket; behind <c>。！？</c> always; at a blank line; at <see cref="RawTextOptions.MostWords"/>. It does not end
    /// behind a title (<c>Mr.</c>), nor behind the number that begins a list's line (<c>1.</c>), and behind another
    /// abbreviation or an initial only before a word that sentences begin with: <c>in the U.S. The</c>, not
    /// <c>U.S. Senate</c> or <c>J. Smith</c>.
    /// </summary>
    /// <param name="text">Any; half surrogate pairs stay as they are.</param>
    /// <param name="options">Where sentences end besides their marks; null for the defaults.</param>
    /// <returns>None for a text without a word.</returns>
    public static IEnumerable<Sentence> Sentences(string text, RawTextOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Cut(Lines(text), null, options ?? new());
    }

    /// <summary>The words of a text, which is not divided into sentences.</summary>
    /// <param name="text">Any.</param>
    /// <returns>Where each stands, rising; what is between them is white space.</returns>
    public static IReadOnlyList<CharacterRange> WordRanges(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<CharacterRange>();
        var scanner = new TokenScanner(text);
        for (var read = 0; scanner.TryNext(read, out var word); read = word.End) words.Add(word);
        return words;
    }

    /// <summary>The same as strings.</summary>
    /// <param name="text">Any.</param>
    public static string[] Words(string text) => [.. WordRanges(text).Select(word => word.Of(text).ToString())];

    // A file without a word is the wrong file; a string may be empty.
    static IEnumerable<Sentence> Cut(IEnumerable<TextLine> lines, string? file, RawTextOptions options)
    {
        var cutter = new SentenceCutter(options);
        var any = false;
        foreach (var line in lines)
            foreach (var sentence in cutter.Add(line))
            {
                any = true;
                yield return sentence;
            }
        if (cutter.Rest() is { } last) yield return last;
        else if (!any && file is not null) throw new UserException($"{file}: no text: nothing but white space.");
    }

    static IEnumerable<TextLine> Lines(string text)
    {
        var number = 1;
        for (var start = 0; start < text.Length; number++)
        {
            var end = text.IndexOf('\n', start) + 1;
            if (end == 0) end = text.Length;
            yield return new(text[start..end], number);
            start = end;
        }
    }
}
