using System.Text.Json.Nodes;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Cli.Commands;

/// <summary>What the ranks of a run exchanged, for people and for programs.</summary>
static class RankTrafficReport
{
    public static JsonObject? ToJson(RankGroup? ranks, RankTraffic? traffic) =>
        ranks is null || traffic is not { } sent ? null : new()
        {
            ["size"] = ranks.Size, ["library"] = ranks.Name, ["sent_bytes"] = sent.Bytes,
            ["exchanges"] = sent.Exchanges, ["waited_seconds"] = Math.Round(sent.Waited.TotalSeconds, 3),
        };

    /// <summary>A line for rank 0's messages; nothing of one process.</summary>
    public static void Note(CommandContext context, string run, RankTraffic? traffic)
    {
        if (context.Ranks is not { } ranks || traffic is not { } sent) return;
        context.Note($"{run}: {ranks.Size} ranks, {ranks.Name}: rank 0 sent {sent.Bytes / 1e6:N1} MB in "
            + $"{sent.Exchanges:N0} exchanges and waited {sent.Waited.TotalSeconds:N1} s for them.");
    }
}
