using System.Text.Json.Serialization;

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
public sealed record DataExtreme(int Length, int Line);

/// <summary>What a reader should know of a file before training on it. Labelled parts are null for plain text.</summary>
public sealed record DataReport
{
    public required string File { get; init; }

    /// <summary>conll or text.</summary>
    public required string Format { get; init; }

    public required long Sentences { get; init; }

    public required long Words { get; init; }

    /// <summary>Different words.</summary>
    public required int WordTypes { get; init; }

    public required int Documents { get; init; }

    public required DataExtreme LongestSentence { get; init; }

    public required DataExtreme LongestWord { get; init; }

    /// <summary>Sentences that occurred before, word for word.</summary>
    public required long RepeatedSentences { get; init; }

    /// <summary>TAB, spaces, or the character itself.</summary>
    public string? Separator { get; init; }

    public int? Columns { get; init; }

    /// <summary>IOB1, IOB2 or IOBES, see <see cref="SchemeDetector"/>.</summary>
    public string? Scheme { get; init; }

    /// <summary>How often each scheme is broken.</summary>
    public string? SchemeExplanation { get; init; }

    public IReadOnlyDictionary<string, long>? Tags { get; init; }

    /// <summary>Spans by type.</summary>
    public IReadOnlyDictionary<string, long>? Spans { get; init; }

    public EmbeddingCoverage? Embeddings { get; init; }

    /// <summary>Share of the words that the given vocabulary does not hold, 0 to 1.</summary>
    public double? UnknownRate { get; init; }

    /// <summary>By kind; empty for a clean file.</summary>
    public required IReadOnlyList<DataDefect> Defects { get; init; }
}

/// <summary>JSON of <see cref="DataReport"/>, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataReport))]
public sealed partial class DataReportJson : JsonSerializerContext;
