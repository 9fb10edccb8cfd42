using System.CommandLine;
using System.Diagnostics;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet eval</c>: a tagger's score on a labelled file.</summary>
sealed class EvalCommand : CliCommand
{
    readonly Option<string> model = new("--model") { Description = "A tagger, whole or pruned.", HelpName = "DIR",
        Required = true };
    readonly Option<string> data = new("--data") { Description = "Labelled text, CoNLL columns.", HelpName = "FILE",
        Required = true };

    readonly Option<bool> calibration = new("--calibration")
    {
        Description = "Also how far probabilities of spans and tags are what comes true, at the folder's temperature.",
    };

    readonly Option<int> bins = NumberOption.Of("--bins", "Bins that calibration errors are taken over.",
        CalibrationText.StandardBins, 1, CalibrationText.MostBins);

    readonly Option<FileInfo?> html = PageFile.Option("With --calibration: a page with reliability diagrams.");

    public EvalCommand()
        : base("eval", "Scores a tagger on a labelled file: precision, recall, F1 of spans, as conlleval counts them.")
    {
        Examples = [("ldnet eval --model tagger --data test.conll", "Overall and by type, with words a second."),
            ("ldnet eval --model tagger --data test.conll --calibration", "With calibration errors.")];
        foreach (var option in new Option[] { model, data, calibration, bins, html, CommonOptions.LmStorage,
            CommonOptions.Lenient })
            Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(calibration)) return;
            foreach (var option in new Option[] { bins, html })
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError($"{option.Name}: goes with --calibration.");
        });
    }

    protected override int Execute(CommandContext context)
    {
        if (context.Value(html) is { } place) PageFile.RequireFolder(place);
        var file = LabelledFiles.Load(context, context.Value(data));
        using var loaded = TaggerToRun.Load(context, context.Value(model));
        if (SpanTypes.Warning(file, SpanTypes.Of(loaded.Vocabularies.Tags), "the tagger's tags") is { } warning)
            context.Note(warning);
        var evaluation = new TaggerEvaluation(loaded.Vocabularies, file);
        var clock = Stopwatch.StartNew();
        var report = evaluation.Score(loaded.Tagger, context.Progress, context.Cancellation);
        var rate = file.WordCount / clock.Elapsed.TotalSeconds;
        var json = ScoreCommand.ToJson(report);
        json["words_per_second"] = Math.Round(rate, 1);
        if (loaded.Tagger.LanguageModelBytes is > 0 and var bytes) json["language_model_bytes"] = bytes;
        json["multiply_adds_per_word"] = TaggerCost.PerWord(loaded.Tagger);
        CalibrationReport? calibrated = null;
        if (context.Value(calibration))
        {
            calibrated = new TaggerCalibration(loaded, file, context.Progress, context.Cancellation)
                .Measure(loaded.Temperature, context.Value(bins));
            json["calibration"] = CalibrationText.ToJson(calibrated);
            if (context.Value(html) is { } page)
                PageFile.Write(page, CalibrationText.Page(
                    $"Probabilities of {context.Value(model)} on {context.Value(data)}", calibrated));
        }
        context.Report(json, writer =>
        {
            foreach (var line in SpanReportText.Lines(report)) writer.WriteLine(line);
            writer.WriteLine(
                $"{rate:N0} words a second, padding not counted; {TaggerCost.PerWord(loaded.Tagger):N0} multiply-adds "
                + "a word.");
            if (calibrated is null) return;
            writer.WriteLine();
            CalibrationText.Write(writer, calibrated);
            writer.WriteLine();
            CalibrationText.WriteBins(writer, calibrated.Spans);
        });
        return ExitCode.Success;
    }
}
