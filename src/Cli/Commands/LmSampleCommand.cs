using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet lm sample</c>: text that a language model makes up.</summary>
sealed class LmSampleCommand : CliCommand
{
    readonly Option<string> model = new("--model")
    {
        Description = "A folder that 'ldnet lm train' wrote: both directions, or one.", HelpName = "DIR",
        Required = true,
    };

    readonly Option<string> direction = new("--direction")
    {
        Description = "Which of two: forward goes on from the prompt, backward comes before it.", HelpName = "D",
        DefaultValueFactory = _ => "forward",
    };

    readonly Option<string> prompt = new("--prompt")
    {
        Description = "Tokens with spaces between them; by default a sentence begins.", HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    readonly Option<int> length = NumberOption.Of("--length", "Tokens to draw, sentence ends among them.", 50, 1,
        1_000_000);

    readonly Option<double> temperature = NumberOption.Of("--temperature",
        "What log-probabilities are divided by; 0 takes the likeliest word always.", 1.0, 0, 1000);

    readonly Option<int> topK = NumberOption.Of("--top-k", "Draw from so many of the likeliest words; 0: from all.", 0,
        0, int.MaxValue);

    public LmSampleCommand() : base("sample", "Draws text from a language model: what it has learnt, to look at.")
    {
        Examples =
        [
            ("ldnet lm sample --model lm --prompt \"The president\" --top-k 20", "Fifty tokens that go on from there."),
            ("ldnet lm sample --model lm --temperature 0 --length 20", "The likeliest word at each place."),
        ];
        Notes = "One sentence a line. One --seed gives the same text on the same device. <unk> is never drawn.";
        direction.AcceptOnlyFromAmong("forward", "backward");
        foreach (var option in new Option[] { model, direction, prompt, length, temperature, topK }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var folders = LanguageModelFolder.Directions(context.Value(model));
        var folder = folders.Count == 1 && !context.Given(direction) ? folders[0]
            : folders.FirstOrDefault(path => Path.GetFileName(path) == context.Value(direction))
                ?? Path.Combine(context.Value(model), context.Value(direction));
        using var loaded = LanguageModelFolder.Load(context.Backend, folder);
        var words = Corpus.Tokens(context.Value(prompt));
        foreach (var word in words.Where(word => !loaded.Vocabulary.Contains(word)).Distinct())
            context.Note($"{Printable.OnOneLine(word)}: not in the vocabulary; read as {Vocabulary.Unknown}.");
        var drawn = LanguageModelSampler.Sample(loaded, words, new()
        {
            Temperature = context.Value(temperature), TopK = context.Value(topK), Length = context.Value(length),
            Seed = context.Seed,
        }, context.Cancellation);
        string[] whole = loaded.Config.IsBackward ? [.. drawn, .. words] : [.. words, .. drawn];
        var lines = string.Join(' ', whole)
            .Split(Vocabulary.SentenceEnd, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        context.Report(new JsonObject
        {
            ["direction"] = loaded.Config.Direction,
            ["prompt"] = new JsonArray([.. words.Select(word => (JsonNode)word)]),
            ["drawn"] = new JsonArray([.. drawn.Select(word => (JsonNode)word)]),
        }, writer =>
        {
            foreach (var line in lines) writer.WriteLine(line);
        });
        return ExitCode.Success;
    }
}
