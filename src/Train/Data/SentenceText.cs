namespace LdNetGpu.Train.Data;

/// <summary>A place in a text, counted from its first character, which is at 0.</summary>
/// <param name="Utf16">In UTF-16 code units, as C#, Java and JavaScript count.</param>
/// <param name="CodePoints">In Unicode code points, as Python counts.</param>
public readonly record struct TextPosition(long Utf16, long CodePoints)
{
    /// <summary>The place behind some more text.</summary>
    /// <param name="text">What follows this place.</param>
    internal TextPosition After(ReadOnlySpan<char> text)
    {
        var points = text.Length;
        for (var i = 1; i < text.Length; i++)
            if (char.IsSurrogatePair(text[i - 1], text[i])) points--;
        return new(Utf16 + text.Length, CodePoints + points);
    }
}

/// <summary>Characters of a string, in UTF-16 code units.</summary>
/// <param name="Start">The first, from 0.</param>
/// <param name="End">One more than the last.</param>
public readonly record struct CharacterRange(int Start, int End)
{
    /// <summary>The characters.</summary>
    /// <param name="text">The string that the range is of.</param>
    internal ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, End - Start);
}

/// <summary>A part of a text, and where it stands.</summary>
/// <param name="Text">As it is written, line ends inside it too.</param>
/// <param name="Start">Of its first character.</param>
/// <param name="End">Behind its last character.</param>
public readonly record struct TextSlice(string Text, TextPosition Start, TextPosition End)
{
    /// <summary>As it is written, line ends inside it too.</summary>
    public string Text
    {
        get => field ?? "";
        init => field = value ?? throw new ArgumentNullException(nameof(Text));
    } = Text ?? throw new ArgumentNullException(nameof(Text));
}

/// <summary>
/// Where a sentence that was cut from a text stands in it. Places count every character of the text as it was read:
/// white space, each of the two of a CR LF, a byte order mark.
/// </summary>
public sealed class SentenceText
{
    /// <param name="text">From the first character of the first word to the last of the last.</param>
    /// <param name="start">Of the first word.</param>
    /// <param name="words">Places in <paramref name="text"/>, rising.</param>
    internal SentenceText(string text, TextPosition start, IReadOnlyList<CharacterRange> words) =>
        (Text, Start, Words) = (text, start, words);

    /// <summary>As it is written, from its first word to its last.</summary>
    public string Text { get; }

    /// <summary>Where <see cref="Text"/> begins.</summary>
    public TextPosition Start { get; }

    /// <summary>Where <see cref="Text"/> ends: behind its last character.</summary>
    public TextPosition End => Start.After(Text);

    /// <summary>Where each word stands in <see cref="Text"/>.</summary>
    public IReadOnlyList<CharacterRange> Words { get; }

    /// <summary>The text of some words, with what stands between them.</summary>
    /// <param name="first">The first word, from 0.</param>
    /// <param name="end">One more than the last word.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such words, or none.</exception>
    public TextSlice Slice(int first, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Words.Count);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, first);
        var range = new CharacterRange(Words[first].Start, Words[end - 1].End);
        var start = Start.After(Text.AsSpan(0, range.Start));
        return new(range.Of(Text).ToString(), start, start.After(range.Of(Text)));
    }
}
