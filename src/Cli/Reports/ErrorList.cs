using LdNetGpu.Cli.Pages;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Cli.Reports;

/// <summary>The errors themselves, in their sentences, with filters that work without a server.</summary>
static class ErrorList
{
    // Words shown before and behind.
    const int Context = 12;

    public static void Add(HtmlPage page, RunReport report, int most)
    {
        page.Heading("Errors");
        page.Paragraph("Gold words are underlined, predicted ones marked.");
        var errors = report.Scored.SelectMany(run => Of(run, report.Data!).Take(most)).ToList();
        foreach (var run in report.Scored)
            if (Of(run, report.Data!).Count() is var all && all > most)
                page.Paragraph($"Of {all:N0} errors of {run.Run.Name} the first {most:N0}.");
        page.Filtered(["tagger", "what", "gold", "predicted", "line", "in its sentence"], filters: 4, errors);
    }

    static IEnumerable<HtmlPage.Passage[]> Of(ScoredRun run, LabelledFile file) => run.Aligned.SelectMany((pairs, i) =>
        pairs.Where(pair => pair.Outcome != SpanOutcome.Correct).Select(pair => (HtmlPage.Passage[])
        [
            new(run.Run.Name), new(OutcomeWords.Of(pair.Outcome)), new(pair.Gold?.Type ?? ""),
            new(pair.Predicted?.Type ?? ""), new($"{file.Sentences[i].LineOf(pair.Start)}"),
            InSentence(file.Sentences[i], pair),
        ]));

    // Gold words are underlined, predicted ones marked.
    static HtmlPage.Passage InSentence(Sentence sentence, AlignedSpan pair)
    {
        var end = Math.Max(pair.Gold?.End ?? 0, pair.Predicted?.End ?? 0);
        var (from, to) = (Math.Max(0, pair.Start - Context), Math.Min(sentence.Words.Length, end + Context));
        var parts = new List<HtmlPage.Part>();
        if (from > 0) parts.Add(new("…", false, false));
        for (var i = from; i < to; i++)
            parts.Add(new(sentence.Words[i], Holds(pair.Gold, i), Holds(pair.Predicted, i)));
        if (to < sentence.Words.Length) parts.Add(new("…", false, false));
        return new([.. parts]);
    }

    static bool Holds(EntitySpan? span, int word) => span is { } one && one.Start <= word && word < one.End;
}
