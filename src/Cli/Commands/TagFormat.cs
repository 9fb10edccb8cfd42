namespace LdNetGpu.Cli.Commands;

/// <summary>What <c>ldnet tag</c> writes, by its names.</summary>
static class TagFormat
{
    public const string Columns = "conll", JsonLines = "jsonl", Entities = "entities", Table = "tsv";

    /// <summary>The same as JSON.</summary>
    public static string AsJson(string format) =>
        format == Columns ? JsonLines : format == Table ? Entities : format;

    /// <summary>How files of it end.</summary>
    public static string EndingOf(string format) => format == Entities ? ".json" : "." + format;
}
