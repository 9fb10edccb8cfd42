namespace LdNetGpu.Train.Tagging;

/// <summary>What users call a <see cref="SentenceBreak"/>.</summary>
static class SentenceBreakName
{
    public const string BlankLine = "blank", LineEnd = "line";

    /// <summary>Of one of the two names.</summary>
    public static SentenceBreak Of(string name) =>
        name == LineEnd ? SentenceBreak.Line : SentenceBreak.BlankLine;

    /// <summary>Its name.</summary>
    public static string Of(SentenceBreak value) => value == SentenceBreak.Line ? LineEnd : BlankLine;
}
