using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet data split</c>: train, dev and test from one file.</summary>
sealed class DataSplitCommand : CliCommand
{
    readonly Argument<string> file = new("FILE") { Description = "CoNLL columns." };
    readonly Option<string> output = new("--out")
    {
        Description = "Folder for train.conll, dev.conll and test.conll.", HelpName = "DIR", Required = true,
    };

    readonly Option<string> by = new("--by")
    {
        Description = "What stays together: document or sentence.", HelpName = "U",
        DefaultValueFactory = _ => "document",
    };

    public DataSplitCommand() : base("split", "Splits a labelled file 80 / 10 / 10 by a seed, document by document.")
    {
        Examples = [("ldnet data split wikigold.conll.txt --out wikigold --seed 1", "No document is in two parts.")];
        by.AcceptOnlyFromAmong("document", "sentence");
        Add(file);
        Add(output);
        Add(by);
        foreach (var option in (Option[])[ColumnOptions.WordColumn, ColumnOptions.TagColumn, ColumnOptions.Separator,
            ColumnOptions.Comment])
            Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var folder = context.Value(output);
        var unit = context.Value(by) == "document" ? SplitUnit.Document : SplitUnit.Sentence;
        var (train, dev, test) = DocumentSplit.SplitFile(context.Value(file), folder, context.Seed, unit,
            ColumnOptions.ReadLabelled(context));
        context.Report(
            new JsonObject { ["train_sentences"] = train, ["dev_sentences"] = dev, ["test_sentences"] = test },
            writer => writer.WriteLine(
                $"{folder}: train.conll {train:N0}, dev.conll {dev:N0}, test.conll {test:N0} sentences."));
        return ExitCode.Success;
    }
}
