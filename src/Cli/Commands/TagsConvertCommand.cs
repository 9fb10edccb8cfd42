using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tags convert</c>: spells a file's tags in another scheme.</summary>
sealed class TagsConvertCommand : CliCommand
{
    readonly Argument<string?> file = new("FILE")
    {
        Description = "CoNLL columns; standard input without it.", Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string> from = ColumnOptions.SchemeOption("--from", "The file's scheme");

    readonly Option<string> to = new("--to")
    {
        Description = $"The scheme wanted: {string.Join(", ", ColumnOptions.SchemeNames)}.", HelpName = "S",
        Required = true,
    };

    public TagsConvertCommand() : base("convert",
        "Spells the tag column (the last) of a CoNLL file in another scheme; all else stays as it is.")
    {
        Examples = [("ldnet tags convert --to iobes train.conll > train.iobes",
            "The file's own scheme is told from its tags.")];
        Notes = "Schemes: iob1; iob2, also called BIO; iobes, also BIOES; io, which cannot part touching spans; bilou; "
            + "bmes; bmewo. Tags may have a type, B-PER, or none, B.";
        to.AcceptOnlyFromAmong(ColumnOptions.SchemeNames);
        Add(file);
        foreach (var option in new Option[] { from, to, CommonOptions.Lenient, ColumnOptions.WordColumn,
            ColumnOptions.TagColumn, ColumnOptions.Separator, ColumnOptions.Comment })
            Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var path = context.Value(file);
        using var stream = path is null ? StandardStreams.OpenInput() : InputFile.Open(path);
        var (text, read, lost) = TagFileConversion.Convert(stream, path ?? "standard input",
            ColumnOptions.Scheme(context.Value(to)), ColumnOptions.Scheme(context.Value(from)),
            context.Value(CommonOptions.Lenient), ColumnOptions.ReadLabelled(context));
        if (lost > 0)
            context.Note($"note: {lost:N0} borders between touching spans of one type are lost: IO cannot write them.");
        if (!context.Json)
        {
            context.Output.Write(text);
            return ExitCode.Success;
        }
        context.Report(new JsonObject
        {
            ["from"] = SchemeDetector.Name(read.SourceScheme),
            ["to"] = SchemeDetector.Name(read.Scheme),
            ["explanation"] = read.Explanation,
            ["lines"] = new JsonArray([.. text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')
                .Select(line => (JsonNode)line)]),
        }, _ => { });
        return ExitCode.Success;
    }
}
