using System.Text.RegularExpressions;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>The names in a piece of C#.</summary>
static class Identifiers
{
    static readonly Regex Name = new(@"(?<![\w.])[A-Za-z_]\w*", RegexOptions.CultureInvariant);

    public static IEnumerable<string> In(string text) =>
        Name.Matches(text).Cast<Match>().Select(match => match.Value);
}
