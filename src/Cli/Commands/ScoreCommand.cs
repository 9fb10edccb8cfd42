using System.CommandLine;
using System.Text.Json.Nodes;
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

    readonly Option<string?> delimiter = ColumnOptions.SeparatorOption(
        "One character between columns, or \\t. By default TAB where the first line has one, else spaces.",
        "--delimiter", "-d");

    readonly Option<int?> goldColumn = ColumnOptions.ColumnOption("--gold-column",
        "Column of the gold tag, from 1; -1 is the last. The last but one by default.");

    readonly Option<int?> predictedColumn = ColumnOptions.ColumnOption("--predicted-column",
        "Column of the predicted tag; the last by default.");

    readonly Option<bool> raw = new("--raw", "-r") { Description = "Score each tag by itself, without chunks." };

    readonly Option<string> outside = new("--outside", "-o")
    {
        Description = "With --raw: the tag that stands for no span.", HelpName = "TAG",
        DefaultValueFactory = _ => Tag.Outside,
    };

    public ScoreCommand()
        : base("score", "Scores predicted tags in a column file exactly as conlleval does, overall and by type.")
    {
        Examples =
        [
            ("ldnet score predicted.conll", "Last two columns: gold, predicted."),
            ("ldnet score -d '\\t' < predicted.tsv", "Columns separated by single tabs."),
        ];
        Notes = "IOB1, IOB2, IO, IOBES, BILOU, BMES and BMEWO are read, with types and without; the last four are "
            + "turned into IOB2 first. Comment lines are passed over. -d, -r and -o are conlleval's.";
        Add(file);
        foreach (var option in new Option[] { delimiter, goldColumn, predictedColumn, ColumnOptions.Comment, raw,
            outside })
            Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var path = context.Value(file);
        var standard = new SpanScoreOptions();
        var lines = path is null ? TextLines.Read(StandardStreams.OpenInput(), "standard input") : TextLines.Read(path);
        var report = SpanScoreReader.Score(lines, path ?? "standard input", new SpanScoreOptions
        {
            Delimiter = ColumnOptions.Character(context, delimiter),
            GoldColumn = ColumnOptions.Column(context, goldColumn) ?? standard.GoldColumn,
            PredictedColumn = ColumnOptions.Column(context, predictedColumn) ?? standard.PredictedColumn,
            Comment = context.Value(ColumnOptions.Comment), Raw = context.Value(raw),
            OutsideTag = context.Value(outside),
        });
        if (report.UnknownTags is { } unknown)
            context.Note($"note: {unknown.Count:N0} tags are of no scheme, the first {unknown.Tag} in line "
                + $"{unknown.Line}; they are scored as conlleval scores them.");
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
