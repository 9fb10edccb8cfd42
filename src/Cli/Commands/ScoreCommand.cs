using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet score</c>: conlleval's job.</summary>
sealed class ScoreCommand : CliCommand
{
    readonly Argument<string?> file = new("FILE")
    {
        Description = "Columns, the last two gold and predicted tag; standard input without it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string?> delimiter = new("--delimiter")
    {
        Description = "One character between columns; runs of spaces or tabs by default.", HelpName = "C",
    };

    readonly Option<bool> raw = new("--raw") { Description = "Score each tag by itself, without chunks." };

    public ScoreCommand()
        : base("score", "Scores predicted tags in a column file exactly as conlleval does, overall and by type.")
    {
        Examples =
        [
            ("ldnet score predicted.conll", "Last two columns: gold, predicted."),
            ("ldnet score --delimiter $'\\t' < predicted.tsv", "Columns separated by single tabs."),
        ];
        Notes = "IOB1, IOB2 and IOBES are read; IOBES is turned into IOB2 first.";
        Add(file);
        Add(delimiter);
        Add(raw);
    }

    protected override int Execute(CommandContext context)
    {
        var path = context.Value(file);
        var given = context.Value(delimiter);
        if (given is { Length: not 1 })
            throw new UserException($"--delimiter '{given}': exactly one character is expected.");
        var lines = path is null ? TextLines.Read(Console.OpenStandardInput(), "standard input") : TextLines.Read(path);
        var report = SpanScoreReader.Score(lines, path ?? "standard input",
            new SpanScoreOptions { Delimiter = given?[0], Raw = context.Value(raw) });
        context.Report(ToJson(report), writer =>
        {
            foreach (var line in SpanReportText.Lines(report)) writer.WriteLine(line);
        });
        return ExitCode.Success;
    }

    /// <summary>A score for machines; percentages as conlleval prints them, unrounded.</summary>
    internal static JsonObject ToJson(SpanReport report) => new()
    {
        ["tokens"] = report.Tokens,
        ["accuracy"] = report.Accuracy,
        ["precision"] = report.Overall.Precision,
        ["recall"] = report.Overall.Recall,
        ["f1"] = report.F1,
        ["types"] = new JsonObject(report.Types.Select(type => KeyValuePair.Create(type.Key, (JsonNode?)new JsonObject
        {
            ["precision"] = type.Value.Precision,
            ["recall"] = type.Value.Recall,
            ["f1"] = type.Value.F1,
            ["gold"] = type.Value.Gold,
            ["predicted"] = type.Value.Predicted,
            ["correct"] = type.Value.Correct,
        }))),
    };
}
