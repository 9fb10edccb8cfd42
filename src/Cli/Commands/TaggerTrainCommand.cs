using System.CommandLine;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tagger train</c>: a BiLSTM-CRF tagger, with or without language models.</summary>
sealed class TaggerTrainCommand : CliCommand
{
    readonly Option<string?> languageModels = new("--lm")
    {
        Description = "Folder that 'ldnet lm train' wrote, both directions; none: NoLM.", HelpName = "DIR",
    };

    readonly Option<string?> embeddings = new("--embeddings")
    {
        Description = "Word vectors: text as of GloVe, or word2vec's or fastText's .bin.", HelpName = "FILE",
    };

    readonly Option<string> output = new("--out")
    {
        Description = "Folder to make; with several seeds seed-N/ in it.", HelpName = "DIR", Required = true,
    };

    readonly Option<int> seeds = NumberOption.Of("--seeds",
        "Runs with seeds --seed, --seed+1, ...; the result is mean ± standard deviation.", 1, 1, 1000);

    public TaggerTrainCommand()
        : base("train", "Trains a BiLSTM-CRF tagger on characters, words and language models' layers.")
    {
        Examples =
        [
            ("ldnet tagger train --train train.conll --dev dev.conll --test test.conll --lm lm --embeddings "
            + "glove.6B.100d.txt --out tagger",
                "The paper's tagger."),
            ("ldnet tagger train --train train.conll --dev dev.conll --out tagger --seeds 5",
                "NoLM, mean and deviation over five seeds."),
        ];
        Notes = "Settings: 'ldnet config list tagger'. The folder always holds the model of the best dev F1.";
        foreach (var option in new Option[]
        {
            CommonOptions.TrainFile, CommonOptions.DevFile, CommonOptions.TestFile, languageModels, embeddings, output,
            seeds,
            CommonOptions.Resume, CommonOptions.Lenient,
        })
            Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
    }

    protected override int Execute(CommandContext context)
    {
        // Wrong settings are said before a folder is made.
        context.Settings.Read<TaggerOptions>();
        OutputFolder.RequireName(context.Value(output));
        var files = LabelledFiles.Load(context);
        var (count, resume) = (context.Value(seeds), context.Value(CommonOptions.Resume));
        var folders = Enumerable.Range(0, count)
            .Select(s => new CheckpointFolder(Path.Combine(context.Value(output),
                count == 1 ? "" : $"seed-{context.Seed + (ulong)s}")))
            .ToArray();
        if (count > 1) OutputFolder.RequireNoModel(new(context.Value(output)));
        // All of them first: the third of five is not to be refused after the hours of the first two.
        var claims = OutputFolder.ClaimAll(folders, TaggerConfig.KindName, resume, context.Progress);
        var results = new List<SeedResult>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var seed = count == 1 ? RunSeed.Of(context, folders[0]) : context.Seed + (ulong)i;
                results.Add(Train(context, files, folders[i], seed, claims[i]));
                if (results[^1].Training.WasInterrupted) break;
            }
        }
        finally
        {
            OutputFolder.Release(claims);
        }
        SeedResult.Report(context, results);
        return results[^1].Training.WasInterrupted ? context.Interrupted(context.Value(output)) : ExitCode.Success;
    }

    SeedResult Train(CommandContext context, LabelledFiles files, CheckpointFolder folder, ulong seed,
        OutputFolder claimed)
    {
        var result = TaggerRun.Train(context.Backend, new()
        {
            Train = files.Train, Dev = files.Dev, Output = folder.Root, LanguageModels = context.Value(languageModels),
            Embeddings = context.Value(embeddings), Configure = context.Settings.Read, Seed = seed,
            Claimed = claimed, Label = $"tagger, seed {seed}",
        }, context.Progress, context.Cancellation);
        return new(seed, result,
            result.WasInterrupted || files.Test is null
                ? null : TaggerEvaluation.Score(context.Backend, folder.Root, files.Test));
    }
}
