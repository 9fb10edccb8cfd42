using System.Text;

namespace LdNetGpu.Cli;

/// <summary>Text from files, for a terminal.</summary>
static class Printable
{
    /// <summary>
    /// The text with what a terminal would obey, control characters and turns of direction, as \u001B; line ends stay.
    /// </summary>
    public static string Of(string text) => Shown(text, letter => IsObeyed(letter) && letter is not ('\n' or '\r'));

    /// <summary>The same of what is to stay on its line.</summary>
    public static string OnOneLine(string text) => Shown(text, IsObeyed);

    static string Shown(string text, Func<char, bool> isObeyed)
    {
        if (!text.Any(isObeyed)) return text;
        var shown = new StringBuilder();
        foreach (var letter in text) shown.Append(isObeyed(letter) ? $"\\u{(int)letter:X4}" : letter.ToString());
        return shown.ToString();
    }

    // Unicode's explicit directional formatting: embeddings, overrides, isolates.
    static bool IsObeyed(char letter) => char.IsControl(letter) && letter != '\t'
        || letter is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
