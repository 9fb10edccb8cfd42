using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Cli;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Commands;

/// <summary>One seed's outcome.</summary>
sealed record SeedResult(ulong Seed, TaggerResult Training, SpanReport? Test)
{
    public JsonObject ToJson() => new()
    {
        ["seed"] = Seed,
        ["dev_f1"] = Training.BestF1,
        ["best_epoch"] = Training.BestEpoch,
        ["epochs"] = Training.Epochs,
        ["words_per_second"] = Math.Round(Training.WordsPerSecond, 1),
        ["test_f1"] = Test?.F1,
        ["interrupted"] = Training.WasInterrupted,
    };

    /// <summary>Result of several seeds: each, and mean ± standard deviation.</summary>
    public static void Report(CommandContext context, IReadOnlyList<SeedResult> results)
    {
        var dev = MeanAndDeviation.Of([.. results.Select(result => result.Training.BestF1)]);
        var test = results.All(result => result.Test is not null) ? MeanAndDeviation.Of([.. results.Select(result => result.Test!.F1)]) : null;
        var json = new JsonObject
        {
            ["seeds"] = new JsonArray([.. results.Select(result => (JsonNode)result.ToJson())]),
            ["dev_f1_mean"] = dev.Mean,
            ["dev_f1_deviation"] = dev.Count > 1 ? dev.StandardDeviation : null,
            ["test_f1_mean"] = test?.Mean,
            ["test_f1_deviation"] = test?.Count > 1 ? test.StandardDeviation : null,
        };
        context.Report(json, writer =>
        {
            var table = new TextTable("seed", "dev F1", "test F1", "best epoch", "epochs", "words/s");
            foreach (var (seed, training, report) in results)
                table.Add(seed.ToString(CultureInfo.InvariantCulture), Figure(training.BestF1), report is null ? "" : Figure(report.F1),
                    training.BestEpoch.ToString(CultureInfo.InvariantCulture), training.Epochs.ToString(CultureInfo.InvariantCulture), training.WordsPerSecond.ToString("f0", CultureInfo.InvariantCulture));
            if (results.Count > 1) table.Add("mean", dev.ToString(), test?.ToString() ?? "", "", "", "");
            table.WriteTo(writer);
            if (results is [{ Test: { } only }])
                foreach (var line in SpanReportText.Lines(only)) writer.WriteLine(line);
        });
    }

    static string Figure(double value) => value.ToString("f2", CultureInfo.InvariantCulture);
}

/// <summary><c>ldnet tagger train</c>: a BiLSTM-CRF tagger, with or without language models.</summary>
sealed class TaggerTrainCommand : CliCommand
{
    readonly Option<string> train = new("--train") { Description = "Labelled training text, CoNLL columns, any tag scheme.", HelpName = "FILE", Required = true };
    readonly Option<string> dev = new("--dev") { Description = "Labelled text for early stopping.", HelpName = "FILE", Required = true };
    readonly Option<string?> test = new("--test") { Description = "Labelled text to score at the end.", HelpName = "FILE" };
    readonly Option<string?> languageModels = new("--lm") { Description = "Folder that 'ldnet lm train' wrote, both directions; none: NoLM.", HelpName = "DIR" };
    readonly Option<string?> embeddings = new("--embeddings") { Description = "Word vectors in GloVe's text format.", HelpName = "FILE" };
    readonly Option<string> output = new("--out") { Description = "Folder to make; with several seeds seed-N/ in it.", HelpName = "DIR", Required = true };
    readonly Option<int> seeds = NumberOption.Of("--seeds", "Runs with seeds --seed, --seed+1, ...; the result is mean ± standard deviation.", 1, 1, 1000);
    readonly Option<bool> resume = new("--resume") { Description = "Go on with what --out holds, to the same bits as without the interruption." };
    readonly Option<bool> lenient = new("--lenient") { Description = "Read tags that break their scheme as conlleval does, instead of refusing them." };

    public TaggerTrainCommand() : base("train", "Trains a BiLSTM-CRF tagger on characters, words and language models' layers.")
    {
        Examples =
        [
            ("ldnet tagger train --train train.conll --dev dev.conll --test test.conll --lm lm --embeddings glove.6B.100d.txt --out tagger", "The paper's tagger."),
            ("ldnet tagger train --train train.conll --dev dev.conll --out tagger --seeds 5", "NoLM, mean and deviation over five seeds."),
        ];
        Notes = "Settings: 'ldnet config list tagger'. The folder always holds the model of the best dev F1.";
        foreach (var option in new Option[] { train, dev, test, languageModels, embeddings, output, seeds, resume, lenient }) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        var options = context.Settings.Read<TaggerOptions>();
        var trainFile = LabelledFile.Load(context.Value(train), lenient: context.Value(lenient));
        var devFile = LabelledFile.Load(context.Value(dev), lenient: context.Value(lenient));
        var testFile = context.Value(test) is { } path ? LabelledFile.Load(path, lenient: context.Value(lenient)) : null;
        var results = new List<SeedResult>();
        var count = context.Value(seeds);
        for (var s = 0; s < count; s++)
        {
            var seed = context.Seed + (ulong)s;
            var folder = new CheckpointFolder(count == 1 ? context.Value(output) : Path.Combine(context.Value(output), $"seed-{seed}"));
            var result = Train(context, options, trainFile, devFile, testFile, folder, seed);
            results.Add(result);
            if (result.Training.WasInterrupted) break;
        }
        SeedResult.Report(context, results);
        return results[^1].Training.WasInterrupted ? ExitCode.Interrupted : ExitCode.Success;
    }

    SeedResult Train(CommandContext context, TaggerOptions options, LabelledFile trainFile, LabelledFile devFile, LabelledFile? testFile, CheckpointFolder folder, ulong seed)
    {
        if (folder.Exists && !context.Value(resume))
            throw new UserException($"{folder.Root}: already holds a tagger. Give --resume to go on with it, or another --out.");
        var backend = new CpuBackend<float>(context.Device);
        using var fresh = folder.Exists
            ? TaggerFolder.Load(backend, folder.Root)
            : TaggerSetup.Create(backend, options, trainFile, context.Value(languageModels), context.Value(embeddings), seed, context.Note);
        using var trainer = new TaggerTrainer(fresh.Tagger, fresh.Vocabularies, TaggerSchedule.Of(fresh.Tagger.Options), trainFile, devFile, folder, seed);
        if (folder.Exists) trainer.Resume();
        var result = trainer.Run(context, $"tagger, seed {seed}");
        return new(seed, result, result.WasInterrupted || testFile is null ? null : EvalCommand.Score(backend, folder.Root, testFile));
    }
}
