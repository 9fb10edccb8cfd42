using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>Writes tagged sentences in the format that was asked for.</summary>
/// <param name="output">Where to.</param>
/// <param name="source">Where they come from.</param>
/// <param name="settings">What was asked for.</param>
sealed class TaggedOutput(TextWriter output, TagInput source, TagSettings settings)
{
    readonly TaggedColumns columns = new(output, source.Reader, settings.KeepsColumns, settings.HasConfidence);
    readonly TaggedEntities names = new(output, settings.Format == TagFormat.Entities, settings.Offsets);

    bool IsOfNames => settings.Format is TagFormat.Entities or TagFormat.Table;

    public void Write(TaggedSentence tagged)
    {
        if (IsOfNames) names.Write(tagged);
        else if (settings.Format == TagFormat.Columns) columns.Write(tagged);
        else if (tagged.Words.Length > 0 || source.Reader is null)
            TaggedJson.Write(output, tagged, settings.Offsets);
    }

    /// <summary>Behind the last sentence.</summary>
    public void End()
    {
        if (IsOfNames) names.End();
        else columns.End();
    }
}
