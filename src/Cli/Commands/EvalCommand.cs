using System.CommandLine;
using System.Diagnostics;
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

    public EvalCommand()
        : base("eval", "Scores a tagger on a labelled file: precision, recall, F1 of spans, as conlleval counts them.")
    {
        Examples = [("ldnet eval --model tagger --data test.conll", "Overall and by type, with words a second.")];
        foreach (var option in new Option[] { model, data, CommonOptions.Lenient }) Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var file = LabelledFiles.Load(context, context.Value(data));
        using var loaded = TaggerFolder.Load(context.Backend, context.Value(model));
        if (SpanTypes.Warning(file, SpanTypes.Of(loaded.Vocabularies.Tags), "the tagger's tags") is { } warning)
            context.Note(warning);
        var evaluation = new TaggerEvaluation(loaded.Vocabularies, file);
        var clock = Stopwatch.StartNew();
        var report = evaluation.Score(loaded.Tagger, context.Progress, context.Cancellation);
        var rate = file.WordCount / clock.Elapsed.TotalSeconds;
        var json = ScoreCommand.ToJson(report);
        json["words_per_second"] = Math.Round(rate, 1);
        json["multiply_adds_per_word"] = TaggerCost.PerWord(loaded.Tagger);
        context.Report(json, writer =>
        {
            foreach (var line in SpanReportText.Lines(report)) writer.WriteLine(line);
            writer.WriteLine(
                $"{rate:N0} words a second, padding not counted; {TaggerCost.PerWord(loaded.Tagger):N0} multiply-adds "
                + "a word.");
        });
        return ExitCode.Success;
    }
}
