using System.CommandLine;
using System.CommandLine.Parsing;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Cli.Commands;

/// <summary>How work on many files is divided, and where it goes.</summary>
static class ShardOptions
{
    const int MostShards = 100_000;

    public static readonly Option<string?> Output = new("--out")
    {
        Description = "Folder for the tags of each FILE, and of each file in folders, in a file of its own; what is "
            + "there, and still right, is not made again.",
        HelpName = "DIR",
    };

    public static readonly Option<Shard> Shard = new("--shard")
    {
        Description = "Only the files of shard I of N, from 1; shards have about as many bytes each.",
        HelpName = "I/N", DefaultValueFactory = _ => Train.Shards.Shard.Whole, CustomParser = Parse,
    };

    public static readonly Option<int?> Check = NumberOption.Optional("--check-shards",
        "Tags nothing: shows which of N shards are complete, and what is left of the others.", 1, MostShards);

    public static IReadOnlyList<Option> All => [Output, Shard, Check];

    /// <summary>Makes what has no meaning together bad usage.</summary>
    /// <param name="command">That takes them.</param>
    /// <param name="files">Its files and folders.</param>
    /// <param name="live">Answers each sentence as it comes.</param>
    public static void RequireThatTheyGoTogether(Command command, Argument<string[]> files, Option<bool> live) =>
        command.Validators.Add(result =>
        {
            bool Given(Option option) => result.GetResult(option) is { Implicit: false };
            var count = result.GetResult(files)?.Tokens.Count ?? 0;
            if (!Given(Output))
            {
                foreach (var option in new Option[] { Shard, Check }.Where(Given))
                    result.AddError($"{option.Name}: goes with --out.");
                if (count > 1) result.AddError($"{count} files: several go with --out.");
                return;
            }
            if (count == 0) result.AddError("--out: goes with files or folders to tag.");
            if (Given(live)) result.AddError("--live: nobody waits for an answer where --out writes files.");
            if (Given(Shard) && Given(Check))
                result.AddError("--shard and --check-shards do not go together: all shards are checked.");
        });

    static Shard Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text.Split('/') is [var number, var count] && Whole(number) is { } i && Whole(count) is { } n && i <= n
            && n <= MostShards)
            return new(i, n);
        result.AddError($"--shard {text}: expected I/N, shard I of N, as 1/32 to 32/32; N is {MostShards} at most.");
        return Train.Shards.Shard.Whole;
    }

    static int? Whole(string text) => text.All(char.IsAsciiDigit) && int.TryParse(text, out var value) && value > 0
        ? value : null;
}
