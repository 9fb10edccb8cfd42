using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
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

    readonly Option<string?> bands = new("--bands")
    {
        Description = "Perplexity by frequency in training too: last ranks of the bands, 100,1000,10000.",
        HelpName = "N,N,...",
    };

    readonly Option<int?> rare = NumberOption.Optional("--rare",
        "Also the words whose rank by frequency in training is above N, and those not in the vocabulary.", 0,
        int.MaxValue);

    public LmEvalCommand() : base("eval", "Perplexity of language models on a text, with what is needed to compare it.")
    {
        Examples =
        [
            ("ldnet lm eval --model lm --data valid.txt", "Both directions."),
            ("ldnet lm eval --model lm --data valid.txt --bands 100,1000,10000 --rare 10000",
                "By frequency of the words, and which rare words cost most."),
        ];
        Notes = "Every token of the text is predicted once, sentence ends and <unk> included.";
        Add(model);
        Add(data);
        Add(bands);
        Add(rare);
        Validators.Add(result =>
        {
            // One that is missing is said elsewhere.
            if (result.GetResult(bands)?.Tokens is [var given] && Limits(given.Value) is null)
                result.AddError($"--bands {given.Value}: expected whole numbers from 1 on that rise, 100,1000,10000.");
        });
    }

    static int[]? Limits(string text)
    {
        var parts = text.Split(',');
        var limits = new int[parts.Length];
        for (var i = 0; i < limits.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, null, out limits[i])
                || limits[i] <= (i == 0 ? 0 : limits[i - 1]))
                return null;
        return limits;
    }

    protected override int Execute(CommandContext context)
    {
        var backend = context.Backend;
        var reports = new List<DirectionReport>();
        var sentences = new Corpus([context.Value(data)]).Sentences();
        if (context.Value(rare) is not null) sentences = [.. sentences];
        foreach (var folder in LanguageModelFolder.Directions(context.Value(model)))
        {
            using var loaded = LanguageModelFolder.Load(backend, folder);
            var text = TokenArray.Encode(sentences, loaded.Vocabulary);
            var (report, losses) = LanguageModelEvaluation.Losses(
                loaded.Model, text, loaded.Vocabulary.SentenceEndId, loaded.Config, context.Progress,
                context.Cancellation);
            reports.Add(new(loaded.Config.Direction, report,
                context.Value(bands) is { } limits
                    ? FrequencyBands.Of(loaded.Vocabulary, text, losses, Limits(limits)!) : null,
                context.Value(rare) is { } rank
                    ? FrequencyBands.RareWords(loaded.Vocabulary, [.. sentences], text, losses, rank) : null));
        }
        context.Report(new JsonArray([.. reports.Select(entry => (JsonNode)entry.ToJson())]),
            writer =>
        {
            var table = new TextTable("direction", "perplexity", "nats/token", "tokens", "sentence ends", "<unk> %",
                "vocabulary");
            foreach (var (direction, report, _, _) in reports)
                table.Add(direction, Text(report.Perplexity, "f2"), Text(report.NatsPerToken, "f4"),
                    Text(report.Tokens, "N0"), Text(report.SentenceEnds, "N0"), Text(100 * report.UnknownRate, "f2"),
                    Text(report.VocabularySize, "N0"));
            table.WriteTo(writer);
            foreach (var report in reports) report.WriteWordsTo(writer);
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
