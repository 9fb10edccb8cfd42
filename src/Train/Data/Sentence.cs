using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A sentence of a file.</summary>
/// <param name="Words">As written, see <see cref="ConllOptions"/> for the two exceptions.</param>
/// <param name="Tags">One a word; null where the file was read without labels.</param>
/// <param name="FirstLine">The line of the first word, counted from 1.</param>
/// <param name="DocumentIndex">The document it belongs to, counted from 0; <c>-DOCSTART-</c> lines are the
/// borders.</param>
public sealed record Sentence(string[] Words, string[]? Tags, int FirstLine, int DocumentIndex)
{
    /// <summary>As written, see <see cref="ConllOptions"/> for the two exceptions.</summary>
    public string[] Words { get; init => field = Whole(value); } = Whole(Words);

    IReadOnlyList<int>? wordLines;

    /// <summary>One a word; null where the file was read without labels.</summary>
    /// <exception cref="ShapeException">There is not one a word.</exception>
    public string[]? Tags { get; init; } = OneAWord(Tags, Words);

    /// <summary>
    /// The line of each word, counted from 1; null where they follow each other from <see cref="FirstLine"/> on, with
    /// no comment between them.
    /// </summary>
    /// <exception cref="ShapeException">There is not one a word.</exception>
    public IReadOnlyList<int>? WordLines
    {
        get => wordLines;
        init => wordLines = value is null || value.Count == Words.Length ? value
            : throw new ShapeException("sentence", $"{value.Count} lines for {Words.Length} words.");
    }

    /// <summary>Where it stands in the text that it was cut from; null unless it was cut from one.</summary>
    public SentenceText? Text { get; internal init; }

    /// <summary>All lines of the sentence as the file has them; null unless the reader keeps them.</summary>
    internal IReadOnlyList<TextLine>? Source { get; init; }

    /// <summary>The line of a word in a file of one word a line.</summary>
    /// <param name="word">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sentence has no such word.</exception>
    public int LineOf(int word)
    {
        if ((uint)word >= (uint)Words.Length)
            throw new ArgumentOutOfRangeException(nameof(word), word, $"The sentence has {Words.Length} words.");
        return WordLines is { } lines ? lines[word] : FirstLine + word;
    }

    /// <summary>The tags, one a word.</summary>
    /// <exception cref="ShapeException">There is not one a word: words were exchanged and tags were not.</exception>
    internal string[]? WholeTags => OneAWord(Tags, Words);

    static string[] Whole(string[] words)
    {
        NullElements.Refuse(words, nameof(Words));
        return words;
    }

    static string[]? OneAWord(string[]? tags, string[] words)
    {
        if (tags is null) return null;
        NullElements.Refuse(tags, nameof(Tags));
        return tags.Length == words.Length ? tags
            : throw new ShapeException("sentence", $"{tags.Length} tags for {words.Length} words.");
    }
}
