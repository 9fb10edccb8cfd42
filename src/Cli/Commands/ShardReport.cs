using System.Text.Json.Nodes;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Cli.Commands;

/// <summary>What became of a shard's files.</summary>
/// <param name="output">Where outputs are.</param>
/// <param name="shard">Which one.</param>
/// <param name="model">CRC-32C of the model's files.</param>
sealed class ShardReport(string output, Shard shard, string model)
{
    // Of what was not tagged, named on a terminal; JSON names all.
    const int MostNamed = 20;

    readonly SortedDictionary<OutputState, int> tagged = [];
    readonly List<(ShardInput Input, string Message)> faults = [];
    int done;
    long bytes, sentences, words;
    double seconds;

    /// <summary>One that was done before.</summary>
    public void AddDone() => done++;

    /// <summary>One that was tagged, and why.</summary>
    public void Add(OutputState state, ShardRecord record)
    {
        tagged[state] = tagged.GetValueOrDefault(state) + 1;
        bytes += record.Bytes;
        sentences += record.Sentences;
        words += record.Words;
        seconds += record.Seconds;
    }

    /// <summary>One that was not, and why not.</summary>
    public void AddFault(ShardInput input, string message) => faults.Add((input, message));

    /// <summary>Writes the result, names what was not tagged, and says how the program ends.</summary>
    public int Report(CommandContext context)
    {
        var count = done + tagged.Values.Sum() + faults.Count;
        context.Report(ToJson(count), writer =>
        {
            writer.WriteLine($"{output}{(shard == Shard.Whole ? "" : $", shard {shard}")}: {Files(count)}");
            if (tagged.Count > 0)
                writer.WriteLine($"  {tagged.Values.Sum():N0} tagged, {words:N0} words in "
                    + $"{Duration.Text(TimeSpan.FromSeconds(seconds))}: "
                    + string.Join(", ", tagged.Select(one => $"{one.Value:N0} {OutputStateWords.Of(one.Key)}")));
            if (done > 0) writer.WriteLine($"  {done:N0} done before");
            if (faults.Count > 0) writer.WriteLine($"  {faults.Count:N0} not tagged");
        });
        if (faults.Count == 0) return ExitCode.Success;
        context.Note($"error: {faults.Count:N0} of {Files(count)} not tagged:");
        foreach (var (_, message) in faults.Take(MostNamed)) context.Note("  " + Printable.OnOneLine(message));
        if (faults.Count > MostNamed)
            context.Note($"  and {faults.Count - MostNamed:N0} more, which --json names.");
        return ExitCode.UserFault;
    }

    JsonObject ToJson(int count) => new()
    {
        ["out"] = output,
        ["shard"] = shard.Number,
        ["shards"] = shard.Count,
        ["model"] = model,
        ["files"] = count,
        ["done_before"] = done,
        ["tagged"] = new JsonObject(tagged.Select(one =>
            KeyValuePair.Create(OutputStateWords.KeyOf(one.Key), (JsonNode?)one.Value))),
        ["bytes"] = bytes,
        ["sentences"] = sentences,
        ["words"] = words,
        ["seconds"] = Math.Round(seconds, 3),
        ["not_tagged"] = new JsonArray([.. faults.Select(fault => new JsonObject
        {
            ["input"] = fault.Input.Name, ["error"] = fault.Message,
        })]),
        ["complete"] = faults.Count == 0,
    };

    static string Files(int count) => count == 1 ? "1 file" : $"{count:N0} files";
}
