using System.CommandLine;
using System.Text.Json.Nodes;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet lm train</c>: language models from plain text.</summary>
sealed class LmTrainCommand : CliCommand
{
    readonly Option<string[]> train = new("--train")
    {
        Description = "Training text: files or folders, gzip or not, one tokenised sentence a line.",
        HelpName = "FILE",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string> valid =
        new("--valid") { Description = "Validation text.", HelpName = "FILE", Required = true };
    readonly Option<string> direction = new("--direction")
    {
        Description = "forward, backward or both.", HelpName = "D", DefaultValueFactory = _ => "both",
    };

    readonly Option<string> output = new("--out")
    {
        Description = "Folder to make: forward/ and backward/ in it.", HelpName = "DIR", Required = true,
    };

    public LmTrainCommand() : base("train", "Trains language models of densely connected LSTMs on plain text.")
    {
        ReadsSettings = true;
        Examples =
        [
            ("ldnet lm train --train news.txt.gz --valid valid.txt --out lm",
                "Both directions with the paper's settings (days on a CPU)."),
            ("ldnet lm train --train news.txt --valid valid.txt --out lm --set layers=5 --set hidden_size=100 "
                + "--set embedding_size=100 --set projection_size=200 --set max_epochs=2",
                "A small model, in minutes."),
            ("ldnet lm train --train news.txt --valid valid.txt --out lm --resume", "Goes on after Ctrl-C."),
            ("mpirun -n 4 ldnet lm train --train news.txt --valid valid.txt --out lm --threads 1",
                "Four processes, each with a quarter of the streams."),
        ];
        Notes = "Settings: 'ldnet config list lm'. The perplexity counts sentence ends and <unk>; "
            + "compare it only on the same text and vocabulary.";
        direction.AcceptOnlyFromAmong("forward", "backward", "both");
        foreach (var option in new Option[] { train, valid, direction, output, CommonOptions.Resume,
            CommonOptions.RankTimeout, CommonOptions.Bucket, CommonOptions.ShardOptimizer }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var directions = context.Value(direction) == "both"
            ? new[] { "forward", "backward" } : [context.Value(direction)];
        // Before the device is opened: each rank has its own.
        var ranks = context.JoinRanks();
        var results = LanguageModelRun.Train(context.Backend, new()
        {
            Ranks = ranks,
            Sources = context.Value(train), Valid = context.Value(valid), Output = context.Value(output),
            Directions = directions,
            Configure = context.Settings.Read, Seed = context.Seed, KeepsSeed = !context.Given(GlobalOptions.Seed),
            Resume = context.Value(CommonOptions.Resume),
        }, context.Progress, context.Cancellation);
        foreach (var (name, training, _) in results) RankTrafficReport.Note(context, name, training.Traffic);
        context.Report(new JsonArray([.. results.Select(result => ToJson(result, ranks))]), writer =>
        {
            var table = new TextTable("direction", "valid perplexity", "tokens trained", "tokens/s");
            foreach (var (name, training, report) in results)
                table.Add(name, report?.Perplexity.ToString("f2") ?? "interrupted",
                    training.Tokens.ToString("N0"),
                    training.TokensPerSecond.ToString("f0"));
            table.WriteTo(writer);
        });
        return results[^1].Training.WasInterrupted ? context.Interrupted(context.Value(output)) : ExitCode.Success;
    }

    static JsonNode ToJson(DirectionResult result, RankGroup? ranks)
    {
        var json = result.Valid is { } valid
            ? LmEvalCommand.ToJson(result.Direction, valid)
            : new JsonObject { ["direction"] = result.Direction };
        json["tokens_trained"] = result.Training.Tokens;
        json["passes"] = result.Training.Passes;
        json["tokens_per_second"] = Math.Round(result.Training.TokensPerSecond, 1);
        json["interrupted"] = result.Training.WasInterrupted;
        RankTrafficReport.AddTo(json, ranks, result.Training.Traffic);
        return json;
    }
}
