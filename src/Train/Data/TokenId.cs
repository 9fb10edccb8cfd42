using System.Text.RegularExpressions;

namespace LdNetGpu.Train.Data;

/// <summary>The first column of CoNLL-U: 1, 2, ... count a sentence's words; 2-3 and 2.1 are no words.</summary>
static partial class TokenId
{
    /// <summary>
    /// A token of several words (<c>2-3</c>) or an empty node (<c>2.1</c>): the words are other lines.
    /// </summary>
    public static bool IsNoWord(string column) => NoWord().IsMatch(column);

    /// <summary>
    /// A line of CoNLL-U, or of one that has columns added behind its ten: the first column of the file's first line
    /// of columns is an id.
    /// </summary>
    /// <param name="columns">Of that line.</param>
    /// <param name="separator">Between them.</param>
    public static bool BeginsConllU(string[] columns, char separator) =>
        separator == '\t' && columns.Length >= ConllUColumns && IsFirst(columns[0]);

    /// <summary>What a sentence's first line can begin with where lines begin with ids.</summary>
    public static bool IsFirst(string column) => column is "1" || FirstNoWord().IsMatch(column);

    const int ConllUColumns = 10;

    [GeneratedRegex(@"^\d+[-.]\d+$")]
    private static partial Regex NoWord();

    [GeneratedRegex(@"^(?:1-\d+|0\.\d+)$")]
    private static partial Regex FirstNoWord();
}
