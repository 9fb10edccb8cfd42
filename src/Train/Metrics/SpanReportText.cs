namespace LdNetGpu.Train.Metrics;

/// <summary>Writes a report line for line as conlleval prints it.</summary>
public static class SpanReportText
{
    /// <summary>The lines of a report: all types together, then each type.</summary>
    /// <param name="report">The figures.</param>
    public static IEnumerable<string> Lines(SpanReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ReportLines(report);
    }

    static IEnumerable<string> ReportLines(SpanReport report)
    {
        var all = report.Overall;
        yield return Invariant(
            $"processed {report.Tokens} tokens with {all.Gold} phrases; found: {all.Predicted} phrases; ")
            + Invariant($"correct: {all.Correct}.");
        yield return Invariant($"accuracy: {report.Accuracy,6:F2}%; {Figures(all)}");
        foreach (var (type, counts) in report.Types)
            yield return Invariant($"{type,17}: {Figures(counts)}  {counts.Predicted}");
    }

    static string Figures(SpanCounts counts) =>
        Invariant($"precision: {counts.Precision,6:F2}%; recall: {counts.Recall,6:F2}%; FB1: {counts.F1,6:F2}");
}
