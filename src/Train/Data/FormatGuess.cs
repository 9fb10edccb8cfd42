namespace LdNetGpu.Train.Data;

/// <summary>
/// Tells CoNLL columns from text where nobody said which it is. Text that is taken for columns loses all words of a
/// line but one, so columns must show themselves: by TABs, or over several lines.
/// </summary>
static class FormatGuess
{
    const int LeastLines = 3;

    // Of so many lines of columns at least one is outside of every span.
    const int OutsideShare = 3;
    const int MostColumns = 100;

    /// <summary>
    /// The lines, blank ones and comments aside, have equally many columns, and either TABs between them and what looks
    /// like one word in each, or, over three lines at least, tags in the last one, a third of them O. The
    /// probabilities behind predicted tags are no column here.
    /// </summary>
    /// <param name="lines">The text's first ones.</param>
    public static bool IsConll(IEnumerable<TextLine> lines)
    {
        var sample = lines.Select(line => TextLines.WithoutMark(line.Text))
            .Where(text => !string.IsNullOrWhiteSpace(text) && !ConllReader.IsDocumentStart(text)
                && !CommentLine.Is(text, null, () => true))
            .ToList();
        if (sample.Count == 0) return false;
        var separator = ConllReader.DetectSeparator(sample[0]);
        var rows = sample.ConvertAll(text => ConllReader.Split(text, separator));
        if (rows[0].Length is < 2 or > MostColumns || rows.Any(row => row.Length != rows[0].Length)) return false;
        var tags = rows.ConvertAll(ConfidenceColumn.TagOf);
        var tagged = tags.TrueForAll(tag => Tag.Parse(tag).IsWellFormed);
        if (separator != '\t')
            return tagged && rows.Count >= LeastLines
                && tags.Count(tag => tag == Tag.Outside) * OutsideShare >= rows.Count;
        return tagged || tags.TrueForAll(tag => !tag.Contains(' '))
            && rows.Count(row => row.Any(column => column.Trim().Contains(' '))) * 2 < rows.Count;
    }
}
