using System.Text.Json.Nodes;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Cli.Commands;

/// <summary>How far all shards are.</summary>
/// <param name="output">Where outputs are.</param>
sealed class ShardCheckReport(string output)
{
    readonly List<ShardCheck> shards = [];

    /// <summary>The next shard's inputs, and the state of each one's output.</summary>
    public void Add(IReadOnlyList<ShardInput> inputs, IReadOnlyList<OutputState> states) =>
        shards.Add(new(shards.Count + 1, inputs, states));

    /// <summary>Writes the result, and says how the program ends.</summary>
    public int Report(CommandContext context)
    {
        var complete = shards.Count(shard => shard.IsComplete);
        var json = new JsonObject
        {
            ["out"] = output,
            ["files"] = shards.Sum(shard => shard.Inputs.Count),
            ["done"] = shards.Sum(shard => shard.Done),
            ["complete"] = complete == shards.Count,
            ["shards"] = new JsonArray([.. shards.Select(shard => shard.ToJson())]),
        };
        context.Report(json, writer =>
        {
            var table = new TextTable("shard", "files", "bytes", "done", "left to do");
            foreach (var shard in shards)
                table.Add($"{shard.Number}/{shards.Count}", $"{shard.Inputs.Count:N0}",
                    $"{shard.Inputs.Sum(input => input.Bytes):N0}", $"{shard.Done:N0}", shard.Left);
            table.WriteTo(writer);
            writer.WriteLine(complete == shards.Count ? "All shards are complete."
                : $"{complete:N0} of {shards.Count:N0} shards are complete.");
        });
        return complete == shards.Count ? ExitCode.Success : ExitCode.UserFault;
    }

    /// <summary>How far one is.</summary>
    sealed record ShardCheck(int Number, IReadOnlyList<ShardInput> Inputs, IReadOnlyList<OutputState> States)
    {
        public int Done => States.Count(state => state == OutputState.Done);

        public bool IsComplete => Done == Inputs.Count;

        public string Left => string.Join(", ", States.Where(state => state != OutputState.Done).GroupBy(state => state)
            .OrderBy(group => group.Key).Select(group => $"{group.Count():N0} {OutputStateWords.Of(group.Key)}"));

        public JsonObject ToJson() => new()
        {
            ["shard"] = Number,
            ["files"] = Inputs.Count,
            ["bytes"] = Inputs.Sum(input => input.Bytes),
            ["done"] = Done,
            ["complete"] = IsComplete,
            ["left"] = new JsonArray([.. Inputs.Zip(States).Where(pair => pair.Second != OutputState.Done)
                .Select(pair => new JsonObject
                {
                    ["input"] = pair.First.Name, ["state"] = OutputStateWords.KeyOf(pair.Second),
                })]),
        };
    }
}
