using System.Text.RegularExpressions;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Text as people write it, cut into sentences and words: punctuation apart from words, English contractions as the
/// Penn Treebank has them (<c>do n't</c>, <c>Ann 's</c>), abbreviations, numbers and addresses whole. No character is
/// lost but white space. A tagger does best on text cut as its training text was; this is for text that nobody cut.
/// </summary>
public static partial class RawText
{
    /// <summary>The sentences of each line; a line without a word is a sentence of no words.</summary>
    /// <param name="lines">A sentence ends with its line at the latest.</param>
    /// <param name="name">The text, for messages.</param>
    /// <returns>Their <see cref="Sentence.FirstLine"/> is the line that they are from.</returns>
    /// <exception cref="UserException">No line holds a word.</exception>
    public static IEnumerable<Sentence> Sentences(IEnumerable<TextLine> lines, string name)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(name);
        return Cut(lines, name);
    }

    static IEnumerable<Sentence> Cut(IEnumerable<TextLine> lines, string name)
    {
        var any = false;
        foreach (var line in lines)
        {
            var words = Words(TextLines.WithoutMark(line.Text));
            any |= words.Length > 0;
            var start = 0;
            for (var i = 0; i < words.Length - 1; i++)
                if (Ends(words, start, i))
                {
                    yield return new Sentence(words[start..(i + 1)], null, line.Number, 0);
                    start = i + 1;
                }
            yield return new Sentence(words[start..], null, line.Number, 0);
        }
        if (!any) throw new UserException($"{name}: no text.");
    }

    /// <summary>The words of a line.</summary>
    /// <param name="line">Of untokenised text.</param>
    public static string[] Words(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return [.. Word().Matches(line).Select(match => match.Value)];
    }

    // A mark that ends sentences, perhaps with quotes or brackets behind it, before what can begin one.
    static bool Ends(string[] words, int start, int last)
    {
        var mark = last;
        while (mark > start && words[mark] is "\"" or "'" or "”" or "’" or "»" or ")" or "]") mark--;
        return words[mark] is "." or "!" or "?" or "…" or "..." && mark > start
            && (char.IsUpper(words[last + 1][0]) || char.IsDigit(words[last + 1][0])
                || words[last + 1] is "“" or "‘" or "«" or "¿" or "¡" or "("
                || words[last + 1] is "\"" && words[start..last].Count(word => word == "\"") % 2 == 0);
    }

    const RegexOptions Options =
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex("""
        (?i:https?://|www\.)\S*[\w/]                                      # addresses
        | [\w.+-]+@[\w-]+(\.[\w-]+)+
        | [@\#]\w+
        | \b(?i:mr|mrs|ms|dr|prof|st|jr|sr|inc|corp|co|ltd|vs|etc|gen|sen|rep|gov|capt|lt|col|sgt|mt
            |jan|feb|aug|sept?|oct|nov|dec)\.(?!\w)                       # abbreviations
        | (\p{L}\.){2,} | \b\p{Lu}\.(?=\s+\p{Lu})                         # U.S., J. Smith
        | \d+([.,:/-]\d+)*\w*                                             # 1,000.50
        | \w+?(?=n['’]t\b) | n['’]t\b | ['’](?i:s|m|d|ll|re|ve)\b         # do n't, Ann 's
        | \w+(([-./&\u00AD\u200C\u200D]|['’](?!(?i:s|m|d|ll|re|ve)\b))\w+)*
        | \.{2,} | --+
        | [\p{Cs}\p{So}\u200D\uFE0F]+                                     # an emoji and what belongs to it
        | \S
        """, Options)]
    private static partial Regex Word();
}
