using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// No compiler checks <c>max_line_length</c>, so this does. Raw strings hold other languages' text and may be wider.
/// </summary>
public class LineLengthTests
{
    const string RawStringQuotes = "\"\"\"";

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    [InlineData("examples")]
    [InlineData("templates")]
    public void LinesAreNoLongerThanTheEditorConfigSays(string folder)
    {
        var config = File.ReadAllText(RepositoryRoot.Combine(".editorconfig"));
        var longest =
            int.Parse(Regex.Match(config, @"^max_line_length = (\d+)$", RegexOptions.Multiline).Groups[1].Value);
        var tooLong = SourceFiles.Under(folder)
            .SelectMany(file => LinesLongerThan(longest, file));
        Assert.Empty(tooLong);
    }

    static IEnumerable<string> LinesLongerThan(int longest, string file)
    {
        var (inRawString, number) = (false, 0);
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var quotes = Regex.Count(line, RawStringQuotes);
            if (line.Length > longest && !inRawString && quotes == 0) yield return $"{file}:{number}: {line.Length}";
            inRawString ^= quotes % 2 == 1;
        }
    }
}
