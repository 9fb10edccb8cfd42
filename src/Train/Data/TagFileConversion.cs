using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Spells the tag column of a CoNLL file in another scheme; every other column, document border and blank line stays.
/// </summary>
public static class TagFileConversion
{
    /// <summary>
    /// The lines of the file with converted tags. The file is read and checked whole before the first line is given, so
    /// that a broken file writes nothing. Runs of spaces between columns become one.
    /// </summary>
    /// <param name="lines">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="to">The scheme wanted.</param>
    /// <param name="from">The file's scheme; <see cref="TagScheme.Auto"/> tells it.</param>
    /// <param name="lenient">Read tags that break the scheme as conlleval does.</param>
    /// <param name="options">Columns and separator.</param>
    /// <returns>The converted lines and the file as read.</returns>
    /// <exception cref="UserException">As <see cref="LabelledFile.Load"/>.</exception>
    public static (IEnumerable<string> Lines, LabelledFile File) Convert(
        IEnumerable<TextLine> lines, string name, TagScheme to, TagScheme from = TagScheme.Auto, bool lenient = false,
        ConllOptions? options = null)
    {
        options ??= new ConllOptions();
        if (options.TagColumn is not { } tagColumn)
            throw new ArgumentException("Tags are converted in a tag column.", nameof(options));
        var all = lines.ToList();
        var reader = new ConllReader(name, options);
        var file = LabelledFile.Convert(name, [.. reader.Sentences(all)], to, from, lenient);
        var tagOfLine = new string?[all.Count];
        foreach (var sentence in file.Sentences) sentence.Tags!.CopyTo(tagOfLine, sentence.FirstLine - 1);
        return (all.Zip(tagOfLine, (line, tag) => tag is null ? line.Text : WithTag(line.Text, tag)), file);

        string WithTag(string text, string tag)
        {
            var separator = reader.Separator!.Value;
            var columns = ConllReader.Split(text, separator);
            columns[tagColumn < 0 ? columns.Length + tagColumn : tagColumn] = tag;
            return string.Join(separator, columns);
        }
    }
}
