using System.Text.Json.Serialization;
using LdNetGpu.Train.Data.Embeddings;

namespace LdNetGpu.Train.Data;

/// <summary>One kind of defect in a file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">How often.</param>
/// <param name="Examples">The first few, with line numbers.</param>
public sealed record DataDefect(string Kind, long Count, IReadOnlyList<DataExample> Examples);

/// <summary>One place of a defect.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record DataExample(int Line, string Text, string Problem);

/// <summary>The longest sentence (in words) or word (in UTF-16 units), and its line.</summary>
/// <param name="Length">Words or UTF-16 units; 0 for a file without any.</param>
/// <param name="Line">From 1.</param>
public sealed record DataExtreme(int Length, int Line);

/// <summary>
/// What a reader should know of a file before training on it. Labelled parts are null for plain text.
/// </summary>
public sealed record DataReport
{
    /// <summary>The file, as it was named.</summary>
    public required string File { get; init; }

    /// <summary>conll or text.</summary>
    public required string Format { get; init; }

    /// <summary>Sentences, repeated ones counted.</summary>
    public required long Sentences { get; init; }

    /// <summary>Words, all occurrences counted.</summary>
    public required long Words { get; init; }

    /// <summary>Different words.</summary>
    public required int WordTypes { get; init; }

    /// <summary>Parts between <c>-DOCSTART-</c> lines; 1 without any.</summary>
    public required int Documents { get; init; }

    /// <summary>The sentence of most words.</summary>
    public required DataExtreme LongestSentence { get; init; }

    /// <summary>The word of most UTF-16 units.</summary>
    public required DataExtreme LongestWord { get; init; }

    /// <summary>Sentences that occurred before, word for word.</summary>
    public required long RepeatedSentences { get; init; }

    /// <summary>TAB, spaces, or the character itself.</summary>
    public string? Separator { get; init; }

    /// <summary>Columns of a line.</summary>
    public int? Columns { get; init; }

    /// <summary>Comment lines, which are passed over.</summary>
    public long? Comments { get; init; }

    /// <summary>Lines of CoNLL-U that are no words, <c>2-3</c> and <c>2.1</c>, which are passed over.</summary>
    public long? OtherLines { get; init; }

    /// <summary>IOB1, IOB2, IOBES and so on, see <see cref="SchemeDetector"/>.</summary>
    public string? Scheme { get; init; }

    /// <summary>How often each scheme is broken.</summary>
    public string? SchemeExplanation { get; init; }

    /// <summary>How often each tag occurs, as written.</summary>
    public IReadOnlyDictionary<string, long>? Tags { get; init; }

    /// <summary>Spans by type.</summary>
    public IReadOnlyDictionary<string, long>? Spans { get; init; }

    /// <summary>How much of the text the given embeddings cover; null where none were given.</summary>
    public EmbeddingCoverage? Embeddings { get; init; }

    /// <summary>What the given embeddings' file holds; null where none was given.</summary>
    public EmbeddingFileReport? EmbeddingFile { get; init; }

    /// <summary>Share of the words that the given vocabulary does not hold, 0 to 1.</summary>
    public double? UnknownRate { get; init; }

    /// <summary>By kind; empty for a clean file.</summary>
    public required IReadOnlyList<DataDefect> Defects { get; init; }
}

/// <summary>JSON of <see cref="DataReport"/>, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataReport))]
sealed partial class DataReportJson : JsonSerializerContext;
