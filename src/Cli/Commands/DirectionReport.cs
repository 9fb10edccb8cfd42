using System.Text.Json.Nodes;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>What <c>ldnet lm eval</c> found of one direction.</summary>
/// <param name="Direction">"forward" or "backward".</param>
/// <param name="Report">Of the whole text.</param>
/// <param name="Bands">By frequency; null where not asked for.</param>
/// <param name="Rare">By falling share of the loss; null where not asked for.</param>
sealed record DirectionReport(string Direction, PerplexityReport Report, IReadOnlyList<FrequencyBand>? Bands,
    IReadOnlyList<RareWord>? Rare)
{
    const int Shown = 20;

    public JsonObject ToJson()
    {
        var json = LmEvalCommand.ToJson(Direction, Report);
        if (Bands is not null)
            json["bands"] = new JsonArray([.. Bands.Select(band => (JsonNode)new JsonObject
            {
                ["ranks"] = band.Name, ["words"] = band.Words, ["tokens"] = band.Tokens,
                ["perplexity"] = band.Tokens == 0 ? null : band.Perplexity,
                ["nats_per_token"] = band.Tokens == 0 ? null : band.NatsPerToken,
                ["token_share"] = band.TokenShare, ["loss_share"] = band.LossShare,
            })]);
        if (Rare is not null)
            json["rare"] = new JsonArray([.. Rare.Select(word => (JsonNode)new JsonObject
            {
                ["word"] = word.Word, ["rank"] = word.Rank, ["tokens"] = word.Tokens,
                ["nats_per_token"] = word.NatsPerToken, ["loss_share"] = word.LossShare,
            })]);
        return json;
    }

    /// <summary>Bands, and the rare words that cost most.</summary>
    public void WriteWordsTo(TextWriter writer)
    {
        if (Bands is not null)
        {
            writer.WriteLine();
            var table = new TextTable($"{Direction}, ranks", "words", "tokens", "% of tokens", "perplexity",
                "nats/token", "% of loss");
            foreach (var band in Bands)
                table.Add(band.Name, $"{band.Words:N0}", $"{band.Tokens:N0}", $"{100 * band.TokenShare:f2}",
                    band.Tokens == 0 ? "" : $"{band.Perplexity:f2}", band.Tokens == 0 ? "" : $"{band.NatsPerToken:f4}",
                    $"{100 * band.LossShare:f2}");
            table.WriteTo(writer);
        }
        if (Rare is null) return;
        var (tokens, words) = (Rare.Sum(word => word.Tokens), Report.Tokens - Report.SentenceEnds);
        writer.WriteLine();
        writer.WriteLine($"{Direction}: {Rare.Count:N0} rare words, {tokens:N0} times "
            + $"({100.0 * tokens / Math.Max(1, words):f2} % of words), {100 * Rare.Sum(word => word.LossShare):f2} % "
            + $"of the loss; {Rare.Count(word => word.Rank is null):N0} of them are <unk>.");
        var list = new TextTable("word", "rank", "times", "nats/token", "% of loss");
        foreach (var word in Rare.Take(Shown))
            list.Add(word.Word, word.Rank is { } rank ? $"{rank:N0}" : "<unk>", $"{word.Tokens:N0}",
                $"{word.NatsPerToken:f4}", $"{100 * word.LossShare:f2}");
        if (Rare.Count > 0) list.WriteTo(writer);
        if (Rare.Count > Shown) writer.WriteLine($"The {Shown} that cost most; --json has all.");
    }
}
