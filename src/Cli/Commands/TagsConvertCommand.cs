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

    readonly Option<string> from = new("--from")
    {
        Description = "The file's scheme: auto, iob1, iob2 or iobes.", HelpName = "S",
        DefaultValueFactory = _ => "auto",
    };

    readonly Option<string> to = new("--to") { Description = "The scheme wanted: iob1, iob2 or iobes.", HelpName = "S",
        Required = true };

    public TagsConvertCommand() : base("convert",
        "Spells the tag column (the last) of a CoNLL file in another scheme; all else stays as it is.")
    {
        Examples = [("ldnet tags convert --to iobes train.conll > train.iobes",
            "The file's own scheme is told from its tags.")];
        from.AcceptOnlyFromAmong("auto", "iob1", "iob2", "iobes");
        to.AcceptOnlyFromAmong("iob1", "iob2", "iobes");
        Add(file);
        foreach (var option in new Option[] { from, to, CommonOptions.Lenient }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var path = context.Value(file);
        var lines = path is null ? TextLines.Read(Console.OpenStandardInput(), "standard input") : TextLines.Read(path);
        var (converted, read) = TagFileConversion.Convert(lines, path ?? "standard input", Scheme(context.Value(to)),
            Scheme(context.Value(from)), context.Value(CommonOptions.Lenient));
        if (context.Json)
            context.Report(new JsonObject
            {
                ["from"] = SchemeDetector.Name(read.SourceScheme),
                ["to"] = SchemeDetector.Name(read.Scheme),
                ["explanation"] = read.Explanation,
                ["lines"] = new JsonArray([.. converted.Select(line => (JsonNode)line)]),
            }, _ => { });
        else
            foreach (var line in converted) context.Output.WriteLine(line);
        return ExitCode.Success;
    }

    static TagScheme Scheme(string name) => Enum.Parse<TagScheme>(name, ignoreCase: true);
}
