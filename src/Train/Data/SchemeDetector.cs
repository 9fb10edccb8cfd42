namespace LdNetGpu.Train.Data;

/// <summary>
/// Tells a file's tag scheme: the one whose rules its tags break least often. Fed sentence by sentence, so a file need
/// not fit in memory. Where several are broken as seldom (a file of O alone, say) it is the first of IOB2, IOB1,
/// IOBES, BILOU, BMES, BMEWO; IO is IOB1 without touching spans and is never told from it.
/// </summary>
public sealed class SchemeDetector
{
    const int Explained = 3;

    static readonly TagScheme[] Candidates =
    [
        TagScheme.Iob2, TagScheme.Iob1, TagScheme.Iobes, TagScheme.Bilou, TagScheme.Bmes, TagScheme.Bmewo, TagScheme.Io,
    ];

    readonly int[] violations = new int[Candidates.Length];
    readonly (int Line, TagViolation Violation)?[] first = new (int, TagViolation)?[Candidates.Length];

    /// <summary>Counts what a sentence's tags break.</summary>
    /// <param name="sentence">With tags.</param>
    /// <exception cref="ArgumentException">The sentence has none.</exception>
    public void Add(Sentence sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var tags = (sentence.Tags ?? throw new ArgumentException(
                $"The sentence of line {sentence.FirstLine} has no tags.", nameof(sentence)))
            .Select(Tag.Parse).ToArray();
        for (var c = 0; c < Candidates.Length; c++)
            foreach (var violation in TagRules.Violations(tags, Candidates[c]))
            {
                violations[c]++;
                first[c] ??= (sentence.LineOf(violation.Index), violation);
            }
    }

    /// <summary>The scheme so far.</summary>
    public TagScheme Scheme => Candidates[Array.IndexOf(violations, violations.Min())];

    /// <summary>Tags that break <paramref name="scheme"/>.</summary>
    /// <param name="scheme">Any but <see cref="TagScheme.Auto"/>.</param>
    /// <exception cref="ArgumentException">The scheme is <see cref="TagScheme.Auto"/>, or none.</exception>
    public int ViolationCount(TagScheme scheme)
    {
        _ = SchemeLetters.Of(scheme);
        return violations[Array.IndexOf(Candidates, scheme)];
    }

    /// <summary>For a reader: how often the nearest schemes are broken, and where first.</summary>
    public string Explanation => string.Join("; ", Enumerable.Range(0, Candidates.Length)
        .OrderBy(c => violations[c]).Take(Explained).Select(c => first[c] is var (line, violation)
            ? Invariant($"{Name(Candidates[c])} broken by {violations[c]} tags, first {violation.Tag} in line {line}")
            : $"{Name(Candidates[c])} broken by none"));

    /// <summary>IOB1, IOB2, IOBES and so on, as the literature writes it.</summary>
    /// <param name="scheme">Any.</param>
    public static string Name(TagScheme scheme) => scheme.ToString().ToUpperInvariant();
}
