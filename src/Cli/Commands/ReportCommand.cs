using System.CommandLine;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Cli.Reports;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet report</c>: runs side by side, as a page.</summary>
sealed class ReportCommand : CliCommand
{
    readonly Argument<string[]> folders = new("DIR")
    {
        Description = "What training, pruning or quickstart wrote: runs, or folders with runs in them.",
        Arity = ArgumentArity.OneOrMore,
    };

    readonly Option<string?> data = new("--data")
    {
        Description = "Labelled text, CoNLL columns: every tagger is scored on it, and its errors are shown.",
        HelpName = "FILE",
    };

    readonly Option<FileInfo?> page = PageFile.Option("Writes the report as one page that needs nothing else.");

    readonly Option<int> errors =
        NumberOption.Of("--errors", "Errors of each tagger on the page, the first ones.", 1000, 0, 1_000_000);

    readonly Option<int> samples = NumberOption.Of("--samples",
        "Draws of the bootstrap and of the randomisation, of --seed.", 1000, 100, 1_000_000);

    readonly Option<string?> tensorBoard = new("--tensorboard")
    {
        Description = "Also writes every run's figures as event files for TensorBoard into this folder.",
        HelpName = "DIR",
    };

    public ReportCommand()
        : base("report", "Runs side by side: learning curves, layers' z, scores with intervals, errors in context.")
    {
        Examples =
        [
            ("ldnet report tagger pruned --data test.conll --html report.html", "Two taggers on one text."),
            ("ldnet report runs --html report.html", "Every run below a folder, from what training wrote alone."),
            ("ldnet report runs --tensorboard events", "For 'tensorboard --logdir events'."),
        ];
        Notes = "p says how often sentences whose outputs change sides by chance differ as much from the first tagger "
            + "(approximate randomisation); 95 % is the bootstrap's interval of F1 over sentences.";
        Add(folders);
        foreach (var option in new Option[] { data, page, errors, samples, tensorBoard, CommonOptions.Lenient })
            Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var file = context.Value(page);
        if (file is not null) PageFile.RequireFolder(file);
        var runs = ReportedRun.Find(context.Value(folders));
        if (context.Given(tensorBoard)) RequireApart(runs);
        var labelled = context.Value(data) is { } path ? LabelledFiles.Load(context, path) : null;
        if (labelled is not null && !runs.Any(run => run.IsTagger))
            throw new UserException($"--data {labelled.Name}: there is no tagger among the runs. Leave it out.");
        var scored = labelled is null ? []
            : runs.Where(run => run.IsTagger).Select(run => ScoredRun.Of(context, run, labelled)).ToList();
        var report = new RunReport(runs, labelled,
            RunReport.Resampled(scored, context.Value(samples), context.Seed), context.Value(samples));
        if (file is not null) PageFile.Write(file, ReportPage.Of(report, context.Value(errors)));
        if (context.Value(tensorBoard) is { } events)
            foreach (var run in runs) EventFile.Write(events, run);
        context.Report(report.ToJson(), report.Write);
        return ExitCode.Success;
    }

    static void RequireApart(IReadOnlyList<ReportedRun> runs)
    {
        if (runs.GroupBy(run => Path.Combine(EventFile.FoldersOf(run))).FirstOrDefault(same => same.Count() > 1) is
            { } same)
            throw new UserException($"{string.Join(" and ", same.Select(run => run.Name))} would be written to one "
                + $"folder, {same.Key}. Name a folder above both.");
    }
}
