using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet lm eval</c>: perplexity of language models on a text.</summary>
sealed class LmEvalCommand : CliCommand
{
    readonly Option<string> model = new("--model")
    {
        Description = "A folder that 'ldnet lm train' wrote: both directions, or one.", HelpName = "DIR",
        Required = true,
    };

    readonly Option<string> data = new("--data")
    {
        Description = "Text, one tokenised sentence a line.", HelpName = "FILE", Required = true,
    };

    public LmEvalCommand() : base("eval", "Perplexity of language models on a text, with what is needed to compare it.")
    {
        Examples = [("ldnet lm eval --model lm --data valid.txt", "Both directions.")];
        Notes = "Every token of the text is predicted once, sentence ends and <unk> included.";
        Add(model);
        Add(data);
    }

    protected override int Execute(CommandContext context)
    {
        var backend = context.Backend;
        var reports = new List<(string Direction, PerplexityReport Report)>();
        foreach (var folder in LanguageModelFolder.Directions(context.Value(model)))
        {
            using var loaded = LanguageModelFolder.Load(backend, folder);
            var text = TokenArray.Encode(new Corpus([context.Value(data)]).Sentences(), loaded.Vocabulary);
            reports.Add((loaded.Config.Direction, LanguageModelEvaluation.Perplexity(
                loaded.Model, text, loaded.Vocabulary.SentenceEndId, loaded.Config, context.Progress,
                context.Cancellation)));
        }
        context.Report(new JsonArray([.. reports.Select(entry => (JsonNode)ToJson(entry.Direction, entry.Report))]),
            writer =>
        {
            var table = new TextTable("direction", "perplexity", "nats/token", "tokens", "sentence ends", "<unk> %",
                "vocabulary");
            foreach (var (direction, report) in reports)
                table.Add(direction, Text(report.Perplexity, "f2"), Text(report.NatsPerToken, "f4"),
                    Text(report.Tokens, "N0"), Text(report.SentenceEnds, "N0"), Text(100 * report.UnknownRate, "f2"),
                    Text(report.VocabularySize, "N0"));
            table.WriteTo(writer);
        });
        return ExitCode.Success;
    }

    static string Text(IFormattable figure, string format) => figure.ToString(format, null);

    internal static JsonObject ToJson(string direction, PerplexityReport report) => new()
    {
        ["direction"] = direction,
        ["perplexity"] = report.Perplexity,
        ["nats_per_token"] = report.NatsPerToken,
        ["tokens"] = report.Tokens,
        ["sentence_ends_counted"] = report.SentenceEnds,
        ["unk_rate"] = report.UnknownRate,
        ["vocabulary"] = report.VocabularySize,
    };
}
