using System.Text.RegularExpressions;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Which lines between words are comments where nobody said what comments begin with. A hash sign is a word of many
/// texts, so a line must show that it is none: <c># key = value</c> and <c># newdoc</c> of CoNLL-U, <c>#begin
/// document</c> of CoNLL-2012, <c># id ... domain=en</c> of MultiCoNER, and in a TAB-separated file <c># ...</c>
/// without a TAB.
/// </summary>
static partial class CommentLine
{
    /// <summary>The line is a comment.</summary>
    /// <param name="line">Not blank, without a byte order mark.</param>
    /// <param name="separator">Of the columns; null where no line told it yet.</param>
    /// <param name="looksLikeAWord">Whether the line has the columns and the tag of a word; asked in doubt.</param>
    public static bool Is(string line, char? separator, Func<bool> looksLikeAWord)
    {
        if (line[0] != '#') return false;
        if (KeyAndValue().IsMatch(line) || Keyword().IsMatch(line)) return true;
        if (!line.StartsWith("# ", StringComparison.Ordinal)) return false;
        return separator == '\t' && !line.Contains('\t') || line.Contains('=') && !looksLikeAWord();
    }

    /// <summary>The value of <c># key = value</c>; null where the line is another.</summary>
    public static string? Value(string line, string key) =>
        KeyAndValue().Match(line) is { Success: true } match && match.Groups["key"].Value == key
            ? match.Groups["value"].Value.Trim()
            : null;

    [GeneratedRegex(@"^#[ ](?<key>[^\s=]+)[ ]=(?<value>\s.*)?$")]
    private static partial Regex KeyAndValue();

    [GeneratedRegex(@"^#(?:[ ](?:newdoc|newpar)|begin[ ]document\b.*|end[ ]document\b.*)\s*$")]
    private static partial Regex Keyword();
}
