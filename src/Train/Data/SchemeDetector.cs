namespace LdNetGpu.Train.Data;

/// <summary>
/// Tells a file's tag scheme: the one whose rules its tags break least often. Fed sentence by sentence, so a file need
/// not fit in memory. Where two are broken as seldom (a file of O alone, say) the order is IOB2, IOB1, IOBES.
/// </summary>
public sealed class SchemeDetector
{
    static readonly TagScheme[] Candidates = [TagScheme.Iob2, TagScheme.Iob1, TagScheme.Iobes];
    readonly int[] violations = new int[Candidates.Length];
    readonly (int Line, TagViolation Violation)?[] first = new (int, TagViolation)?[Candidates.Length];

    /// <summary>Counts what a sentence's tags break.</summary>
    /// <param name="tags">Tags of one sentence.</param>
    /// <param name="firstLine">The line of its first word.</param>
    public void Add(IReadOnlyList<string> tags, int firstLine)
    {
        for (var c = 0; c < Candidates.Length; c++)
            foreach (var violation in TagRules.Violations(tags, Candidates[c]))
            {
                violations[c]++;
                first[c] ??= (firstLine + violation.Index, violation);
            }
    }

    /// <summary>The scheme so far.</summary>
    public TagScheme Scheme => Candidates[Array.IndexOf(violations, violations.Min())];

    /// <summary>Tags that break <paramref name="scheme"/>.</summary>
    /// <param name="scheme">IOB1, IOB2 or IOBES.</param>
    public int ViolationCount(TagScheme scheme) => violations[Array.IndexOf(Candidates, scheme)];

    /// <summary>For a reader: how often each scheme is broken, and where first.</summary>
    public string Explanation => string.Join("; ", Candidates.Select((scheme, c) =>
        first[c] is var (line, violation)
            ? Invariant($"{Name(scheme)} broken by {violations[c]} tags, first {violation.Tag} in line {line}")
            : $"{Name(scheme)} broken by none"));

    /// <summary>IOB1, IOB2 or IOBES, as the literature writes it.</summary>
    /// <param name="scheme">Any.</param>
    public static string Name(TagScheme scheme) => scheme.ToString().ToUpperInvariant();
}
