namespace LdNetGpu.Train.Data;

/// <summary>The sentence that a <see cref="ConllReader"/> is at.</summary>
sealed class PendingSentence(ConllOptions options)
{
    readonly List<string> words = [];
    readonly List<string> tags = [];
    readonly List<int> lines = [];
    readonly List<TextLine> source = [];

    /// <summary>Takes a word; <paramref name="tag"/> is null where labels are not read.</summary>
    public void Add(string word, string? tag, int line)
    {
        words.Add(word);
        lines.Add(line);
        if (tag is not null) tags.Add(tag);
    }

    /// <summary>Keeps a line as it stands in the file, where lines are kept.</summary>
    public void Keep(TextLine line)
    {
        if (options.KeepsLines) source.Add(line);
    }

    /// <summary>
    /// There are as many words as a sentence may have, or twice as many lines: comments alone are to end, too.
    /// </summary>
    public bool IsFull =>
        options.MostWords is { } most && (words.Count >= most || source.Count >= 2L * most);

    /// <summary>
    /// The sentence, and begins another; where lines are kept one of no words for lines outside of sentences. Null
    /// where there is nothing.
    /// </summary>
    public Sentence? Take(int document)
    {
        if (words.Count == 0 && source.Count == 0) return null;
        var first = words.Count > 0 ? lines[0] : source[0].Number;
        var follow = words.Count == 0 || lines[^1] - first == words.Count - 1;
        var sentence = new Sentence([.. words], options.TagColumn is null ? null : [.. tags], first, document)
        {
            WordLines = follow ? null : [.. lines],
            Source = options.KeepsLines ? [.. source] : null,
        };
        words.Clear();
        tags.Clear();
        lines.Clear();
        source.Clear();
        return sentence;
    }
}
