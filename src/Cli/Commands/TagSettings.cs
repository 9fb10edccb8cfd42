using System.CommandLine;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>All that <c>ldnet tag</c> was told of its text and of what to write.</summary>
sealed record TagSettings
{
    /// <summary>As <see cref="TagFormat"/> names it.</summary>
    public required string Format { get; init; }

    /// <summary>As <c>--input</c> has it.</summary>
    public required string Input { get; init; }

    /// <summary>Where there are any.</summary>
    public required ConllOptions Columns { get; init; }

    /// <summary>An option that was given and says something of columns; null for none.</summary>
    public Option? Sign { get; init; }

    /// <summary>How untokenised text is cut.</summary>
    public required RawTextOptions Raw { get; init; }

    /// <summary>What places are counted in.</summary>
    public required OffsetUnit Offsets { get; init; }

    /// <summary>Whether a line's own columns stay before the tag.</summary>
    public required bool KeepsColumns { get; init; }

    /// <summary>Whether each tag's probability is written.</summary>
    public required bool HasConfidence { get; init; }

    /// <summary>Of each sentence.</summary>
    public required int Readings { get; init; }

    /// <summary>What the language models' weights are kept in, where that was said; else null.</summary>
    public string? LmStorage { get; init; }

    bool IsRaw => Input == TagInput.Raw;

    /// <summary>What the tagger is to give.</summary>
    public TextTaggerOptions Tagger => new()
    {
        Readings = Readings, WithConfidence = HasConfidence,
        WithSpanConfidence = Format != TagFormat.Columns && (IsRaw || HasConfidence),
    };

    /// <summary>
    /// All that an output depends on besides text and model, alike however it was said: two outputs with the same may
    /// stand for each other.
    /// </summary>
    public string Canonical
    {
        get
        {
            var said = new List<string> { $"--format {Format}", $"--input {Input}" };
            if (IsRaw)
                said.Add($"--offsets {(Offsets.IsUtf16 ? OffsetUnit.Utf16 : OffsetUnit.CodePoints)} "
                    + $"--sentence-break {SentenceBreakName.Of(Raw.Break)}");
            if (Columns.WordColumn is { } column) said.Add($"--word-column {(column < 0 ? column : column + 1)}");
            if (Columns.Separator is { } separator) said.Add($"--separator U+{(int)separator:X4}");
            if (Columns.Comment is { } comment) said.Add($"--comment '{comment}'");
            if (KeepsColumns) said.Add("--keep-columns");
            if (HasConfidence) said.Add("--confidence");
            if (LmStorage is not null) said.Add($"--lm-storage {LmStorage}");
            if (Readings > 1) said.Add($"--nbest {Readings}");
            return string.Join(' ', said);
        }
    }

    /// <summary>Says where probabilities are asked for that a temperature was once fitted to.</summary>
    public void NoteStale(CommandContext context, LoadedTagger loaded, string folder)
    {
        if (loaded.IsTemperatureStale && (HasConfidence || Tagger.WithSpanConfidence || Readings > 1))
            context.Note($"{folder}: its temperature was fitted to other weights, and is not used; 'ldnet calibrate' "
                + "fits it anew, or removes it.");
    }
}
