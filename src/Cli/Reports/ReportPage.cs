using LdNetGpu.Cli.Pages;
using LdNetGpu.Train.Metrics;
using OxyPlot.Legends;

namespace LdNetGpu.Cli.Reports;

/// <summary>A report as one HTML page that needs nothing else.</summary>
static class ReportPage
{
    const string Nothing = "none";

    /// <param name="report">What is shown.</param>
    /// <param name="mostErrors">Errors of one tagger that are shown.</param>
    public static string Of(RunReport report, int mostErrors)
    {
        var page = new HtmlPage(report.Runs is [var only] ? only.Name : $"{report.Runs.Count} runs");
        page.Table(["run", "kind", "seed", "passes"], report.Runs.Select(run => (string[])
            [run.Name, run.Work, run.Seed?.ToString() ?? "", $"{run.Metrics.Count}"]));
        if (report.Scored.Count > 0) Scores(page, report);
        Learning(page, report);
        Scales(page, report);
        Settings(page, report);
        if (report.Scored.Count > 0)
        {
            page.Heading("Types");
            page.Paragraph("Under each tagger's scores its gold spans against what was predicted in their place: spans "
                + "of the same words go together first, then those that overlap. Green: type and words are right; what "
                + "stands there behind + has the type and overlaps.");
            foreach (var run in report.Scored) Types(page, run);
            ErrorList.Add(page, report, mostErrors);
        }
        return page.End();
    }

    static void Scores(HtmlPage page, RunReport report)
    {
        page.Heading($"Scores on {report.Data!.Name}");
        page.Figures(RunReport.ScoreHeaders, report.Scored.Select(run =>
            RunReport.ScoreCells(run).Select(cell => new HtmlPage.Cell(cell))));
        foreach (var (folder, f1) in report.Seeds())
            page.Paragraph($"{folder}, {f1.Count} seeds: F1 {f1} (mean and standard deviation).");
        page.Paragraph($"{report.Data.Sentences.Count:N0} sentences, {report.Data.WordCount:N0} words. 95 %: the "
            + $"percentile bootstrap's interval of F1, of {report.Samples:N0} draws of as many sentences. p: of no "
            + "difference from the first tagger, two-sided, by approximate randomisation of the sentences. Both say "
            + "how sure figures of this text are, and nothing of another seed.");
    }

    static void Learning(HtmlPage page, RunReport report)
    {
        List<ReportedRun> taggers = [.. report.Runs.Where(run => run.IsTagger)];
        List<ReportedRun> models = [.. report.Runs.Where(run => !run.IsTagger)];
        var f1 = new Curves("epoch", "F1 on dev, %", LegendPosition.RightBottom);
        var loss = new Curves("epoch", "loss, nats a sentence");
        foreach (var (run, i) in taggers.Select((run, i) => (run, i)))
        {
            f1.Add(run.Name, i, false, run.Of("dev_f1"));
            loss.Add($"{run.Name}, train", i, false, run.Of("train_loss"));
            loss.Add($"{run.Name}, dev", i, true, run.Of("dev_loss"));
        }
        var perplexity = new Curves("pass", "perplexity");
        foreach (var (run, i) in models.Select((run, i) => (run, i)))
        {
            perplexity.Add($"{run.Name}, train", i, false, run.Of("train_perplexity"));
            perplexity.Add($"{run.Name}, valid", i, true, run.Of("valid_perplexity"));
        }
        if (!f1.HasLines && !loss.HasLines && !perplexity.HasLines) return;
        page.Heading("Learning curves");
        Draw(f1, "F1 on the development text over the epochs");
        Draw(loss, "Losses over the epochs, those of the development text dashed");
        Draw(perplexity, "Perplexities over the passes, those of the validation text dashed");

        void Draw(Curves curves, string description)
        {
            if (curves.HasLines) page.Drawing(curves.Svg(), description);
        }
    }

    static void Scales(HtmlPage page, RunReport report)
    {
        foreach (var run in report.Runs.Where(run => run.HasScales))
        {
            page.Heading($"Layer selection in {run.Name}");
            page.Paragraph("z of every language model's layer: a layer whose z is 0 is deleted.");
            var layers = run.ScaledLayers;
            var curves = new Curves(run.Pass, "z");
            for (var layer = 0; layer < layers; layer++)
                curves.Add(Layer(layer, layers), layer % Math.Max(1, layers / 2), layer >= layers / 2,
                    run.ScaleOf(layer));
            page.Drawing(curves.Svg(), $"z of each layer over the epochs of {run.Name}");
        }
    }

    // Those of the forward model first, as many of the backward one behind them.
    static string Layer(int number, int layers) => layers % 2 != 0 ? $"layer {number + 1}"
        : number < layers / 2 ? $"forward {number + 1}" : $"backward {number - layers / 2 + 1}";

    static void Settings(HtmlPage page, RunReport report)
    {
        foreach (var kind in report.Runs.GroupBy(run => run.Work).Where(kind => kind.Count() > 1))
        {
            var rows = RunReport.DifferingSettings([.. kind]).ToList();
            if (rows.Count == 0) continue;
            page.Heading($"Settings that differ: {kind.Key}");
            page.Table(["", .. kind.Select(run => run.Name)], rows);
        }
    }

    static void Types(HtmlPage page, ScoredRun run)
    {
        string[] headers = [run.Run.Name, "precision", "recall", "F1", "gold", "predicted", "correct"];
        page.Table(headers, run.Score.Types.Select(type =>
            (string[])[type.Key, $"{type.Value.Precision:F2}", $"{type.Value.Recall:F2}", $"{type.Value.F1:F2}",
                $"{type.Value.Gold:N0}", $"{type.Value.Predicted:N0}", $"{type.Value.Correct:N0}"]));
        var pairs = run.Aligned.SelectMany(sentence => sentence).ToList();
        string[] types = [.. pairs.SelectMany(pair => new[] { pair.Gold?.Type, pair.Predicted?.Type }).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal), Nothing];
        page.Figures(["gold", .. types], types.Select(gold => types.Select(predicted =>
            Confused(pairs, gold, predicted)).Prepend(new(gold))));
    }

    static HtmlPage.Cell Confused(List<AlignedSpan> pairs, string gold, string predicted)
    {
        var these = pairs.Where(pair =>
            (pair.Gold?.Type ?? Nothing) == gold && (pair.Predicted?.Type ?? Nothing) == predicted).ToList();
        if (these.Count == 0) return new("");
        var correct = these.Count(pair => pair.Outcome == SpanOutcome.Correct);
        return gold != predicted ? new($"{these.Count:N0}", false)
            : new(correct == these.Count ? $"{correct:N0}" : $"{correct:N0} + {these.Count - correct:N0}", correct > 0);
    }
}
