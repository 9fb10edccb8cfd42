using System.Text;

namespace LdNetGpu.Cli;

/// <summary>Text from files, for a terminal.</summary>
static class Printable
{
    /// <summary>The text with its control characters, which a terminal would obey, as \u001B; line ends stay.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsObeyed)) return text;
        var shown = new StringBuilder();
        foreach (var letter in text) shown.Append(IsObeyed(letter) ? $"\\u{(int)letter:X4}" : letter.ToString());
        return shown.ToString();
    }

    static bool IsObeyed(char letter) => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t');
}
