using System.Text.RegularExpressions;

namespace LdNetGpu.Train.Data;

/// <summary>
/// The column behind predicted tags that holds their probabilities, of four places: <c>0.9731</c>.
/// </summary>
static partial class ConfidenceColumn
{
    /// <summary>How a probability is written.</summary>
    public const string Format = "f4";

    /// <summary>Stands where no model judged, as on the line that begins a document.</summary>
    public const string NoValue = "_";

    /// <summary>The last column holds probabilities, so that the tag is the one before it.</summary>
    /// <param name="columns">Of a line with a word.</param>
    public static bool IsLast(string[] columns) =>
        columns.Length > 2 && Probability().IsMatch(columns[^1].Trim()) && Tag.Parse(columns[^2].Trim()).IsWellFormed;

    /// <summary>The tag of a line with a word: its last column, or the one before a probability.</summary>
    public static string TagOf(string[] columns) => columns[IsLast(columns) ? ^2 : ^1].Trim();

    [GeneratedRegex(@"^(?:0\.\d{4}|1\.0000)$")]
    private static partial Regex Probability();
}
