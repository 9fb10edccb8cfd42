using System.Text.Json.Nodes;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Cli.Commands;

/// <summary>What the ranks of a run exchanged, for people and for programs.</summary>
static class RankTrafficReport
{
    /// <summary>As <c>ranks</c>, to the JSON of a run; nothing of one process.</summary>
    public static void AddTo(JsonObject run, RankGroup? ranks, RankTraffic? traffic)
    {
        if (ranks is null || traffic is not { } sent) return;
        run["ranks"] = new JsonObject
        {
            ["size"] = ranks.Size, ["library"] = ranks.Name, ["sent_bytes"] = sent.Bytes,
            ["exchanges"] = sent.Exchanges, ["waited_seconds"] = Math.Round(sent.Waited.TotalSeconds, 3),
        };
    }

    /// <summary>A line for rank 0's messages; nothing of one process, or of a run that was over already.</summary>
    public static void Note(CommandContext context, string run, RankTraffic? traffic)
    {
        if (context.Ranks is not { } ranks || traffic is not { Exchanges: > 0 } sent) return;
        context.Note($"{run}: {ranks.Size} ranks, {ranks.Name}: rank 0 sent {sent.Bytes / 1e6:N1} MB in "
            + $"{sent.Exchanges:N0} exchanges and waited {sent.Waited.TotalSeconds:N1} s for them.");
    }
}
