using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet flops</c>: what tagging a word costs, by part, beside the paper's figures.</summary>
sealed class FlopsCommand : CliCommand
{
    readonly Option<bool> noLanguageModel = new("--no-lm") { Description = "A tagger without language models (NoLM)." };
    readonly Option<string?> keepForward = new("--keep-forward")
    {
        Description = "Layers kept of the forward model, from 1; 'none' for none.", HelpName = "1,4,...",
    };

    readonly Option<string?> keepBackward = new("--keep-backward")
    {
        Description = "Layers kept of the backward model.", HelpName = "2,...",
    };

    readonly Option<int> tags = NumberOption.Of("--tags",
        "Tags, with the CRF's start and end; 19 is CoNLL03 in IOBES.", PaperFlops.Tags, 1, 1_000_000);
    readonly Option<double> characters = NumberOption.Of("--characters",
        "Mean characters a word; 4.39 in the paper.", TaggerFlops.PaperCharactersPerWord, 0, 1e6);

    public FlopsCommand()
        : base("flops", "Multiply-adds that tagging one word takes, by part, beside the paper's figures.")
    {
        ReadsSettings = true;
        Examples =
        [
            ("ldnet flops", "The paper's LD-Net tagger: 10 dense layers of 300 each way."),
            ("ldnet flops --keep-forward 1 --keep-backward 1", "The same, pruned to one layer each way."),
            ("ldnet flops --set lm.layers=2 --set lm.hidden_size=2048 --set lm.connectivity=stacked "
                + "--set lm.layer_dropout=0",
                "The paper's vanilla baseline (6)."),
        ];
        Notes =
            "Settings are those of 'ldnet config list lm' and 'ldnet config list tagger', with lm. or tagger. before "
            + "the key.";
        Add(noLanguageModel);
        Add(keepForward);
        Add(keepBackward);
        Add(tags);
        Add(characters);
    }

    protected override int Execute(CommandContext context)
    {
        var (model, tagger) = context.Settings.Read<LanguageModelOptions, TaggerOptions>("lm", "tagger");
        var none = context.Value(noLanguageModel);
        var forward = none ? null : Shape(model, context.Value(keepForward), keepForward.Name);
        var backward = none ? null : Shape(model, context.Value(keepBackward), keepBackward.Name);
        var parts = TaggerFlops.PerWord(tagger, forward, backward, context.Value(tags), context.Value(characters));
        context.Report(ToJson(parts), output => Write(parts, output));
        return ExitCode.Success;
    }

    static RecurrentStackShape Shape(LanguageModelOptions options, string? kept, string optionName)
    {
        if (kept == null) return options.StackShape();
        var layers = new List<int>();
        if (kept != "none")
            foreach (var part in kept.Split(','))
            {
                if (!int.TryParse(part, NumberStyles.None, null, out var layer)
                    || layer < 1 || layer > options.Layers)
                    throw new UserException(
                        $"{optionName} {kept}: '{part}' is not a layer of a model of {options.Layers}; " +
                        $"expected numbers 1 to {options.Layers} with commas, or none.");
                layers.Add(layer);
            }
        if (options.Connectivity == Connectivity.Stacked && layers.Count > 0
            && layers.Max() != layers.Distinct().Count())
            throw new UserException($"{optionName} {kept}: a stacked model can only lose layers from its top.");
        return options.StackShape(layers);
    }

    static JsonObject ToJson(IReadOnlyList<PartFlops> parts) => new()
    {
        ["multiply_adds_per_word"] = parts.Sum(part => part.MultiplyAdds),
        ["parts"] = new JsonObject(parts.Select(part => KeyValuePair.Create(
            part.Part.Replace(' ', '_').ToLowerInvariant(), (JsonNode?)part.MultiplyAdds))),
        ["paper"] = new JsonArray(PaperFlops.Configurations.Select(row => (JsonNode)new JsonObject
        {
            ["name"] = row.Name,
            ["exact"] = PaperFlops.Count(row),
            ["as_printed_reading"] = PaperFlops.CountAsPrinted(row),
            ["printed"] = row.PrintedMillions * 1_000_000L,
        }).ToArray()),
    };

    static void Write(IReadOnlyList<PartFlops> parts, TextWriter output)
    {
        var table = new TextTable("part", "multiply-adds a word");
        foreach (var part in parts) table.Add(part.Part, Whole(part.MultiplyAdds));
        table.Add("total", Whole(parts.Sum(part => part.MultiplyAdds)));
        table.WriteTo(output);
        output.WriteLine();
        var paper = new TextTable("the paper's configurations, in millions", "exact", "paper's reading", "printed",
            "reading agrees");
        foreach (var row in PaperFlops.Configurations)
        {
            var reading = PaperFlops.CountAsPrinted(row) / 1e6;
            paper.Add(row.Name, Millions(PaperFlops.Count(row) / 1e6), Millions(reading),
                row.PrintedMillions.ToString(),
                Math.Round(reading) == row.PrintedMillions ? "yes" : "no");
        }
        paper.WriteTo(output);
        output.WriteLine(
            """

            exact: every matrix product from its shape, one step more than the word's characters for the space after it.
            paper's reading: the tagger's own layers twice (multiplications and additions apart), the language models once, no step for the
            space. It gives the printed figures but for the R-ELMo rows, which are printed 1 to 2 million lower than any one rule that
            gives the others. The paper does not say which layers its pruned models keep.
            """);
    }

    static string Whole(double value) => value.ToString("N0");

    static string Millions(double value) => value.ToString("F2");
}
