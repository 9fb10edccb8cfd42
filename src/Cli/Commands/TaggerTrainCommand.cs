using System.CommandLine;
using System.CommandLine.Parsing;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary><c>ldnet tagger train</c>: a BiLSTM-CRF tagger, with or without language models.</summary>
sealed class TaggerTrainCommand : CliCommand
{
    readonly Option<string?> dev = new("--dev")
    {
        Description = "Labelled text for early stopping; with --folds a tenth of each fold's rest when left out.",
        HelpName = "FILE",
    };

    readonly Option<string?> languageModels = new("--lm")
    {
        Description = "Folder that 'ldnet lm train' wrote, both directions; none: NoLM.", HelpName = "DIR",
    };

    readonly Option<string?> embeddings = new("--embeddings")
    {
        Description = "Word vectors: text as of GloVe, or word2vec's or fastText's .bin.", HelpName = "FILE",
    };

    readonly Option<string?> initial = new("--init")
    {
        Description = "Tagger to fine-tune, whole or pruned: known words and tags keep their weights, new ones get "
            + "new.",
        HelpName = "DIR",
    };

    readonly Option<string> output = new("--out")
    {
        Description = "Folder to make; with several seeds seed-N/ in it, with folds fold-K/, of a sweep run-N/.",
        HelpName = "DIR", Required = true,
    };

    readonly Option<int> seeds = NumberOption.Of("--seeds",
        "Runs with seeds --seed, --seed+1, ...; the result is mean ± standard deviation.", 1, 1, 1000);

    readonly Option<int?> folds = NumberOption.Optional("--folds",
        "Divides --train by --seed into so many parts; each is tested by a tagger of the others.", 2, 1000);

    readonly Option<string> by = new("--by")
    {
        Description = "What stays together in folds: document or sentence.", HelpName = "U",
        DefaultValueFactory = _ => "document",
    };

    readonly Option<string?> sweep = new("--sweep")
    {
        Description = "JSON: a list of objects of settings, or one object of lists, whose combinations are tried.",
        HelpName = "FILE",
    };

    public TaggerTrainCommand()
        : base("train", "Trains a BiLSTM-CRF tagger on characters, words and language models' layers.")
    {
        ReadsSettings = true;
        Examples =
        [
            ("ldnet tagger train --train train.conll --dev dev.conll --test test.conll --lm lm --embeddings "
            + "glove.6B.100d.txt --out tagger",
                "The paper's tagger."),
            ("ldnet tagger train --train train.conll --dev dev.conll --out tagger --seeds 5",
                "NoLM, mean and deviation over five seeds."),
            ("ldnet tagger train --train new.conll --dev newdev.conll --init tagger --out tuned",
                "Goes on from a tagger, on other labels."),
            ("ldnet tagger train --train corpus.conll --folds 5 --out folds", "Cross-validation by document."),
            ("ldnet tagger train --train train.conll --dev dev.conll --sweep settings.json --out sweep",
                "A run for each settings, and a table."),
        ];
        Notes = "Settings: 'ldnet config list tagger'. The folder always holds the model of the best epoch by stop_by.";
        by.AcceptOnlyFromAmong("document", "sentence");
        foreach (var option in new Option[]
        {
            CommonOptions.TrainFile, dev, CommonOptions.TestFile, languageModels, embeddings, initial, output,
            seeds, folds, by, sweep,
            CommonOptions.Resume, CommonOptions.Lenient, CommonOptions.RankTimeout, CommonOptions.Bucket,
            CommonOptions.ShardOptimizer,
        })
            Add(option);
        foreach (var option in ColumnOptions.Labelled) Add(option);
        Validators.Add(RequireThatTheyGoTogether);
    }

    void RequireThatTheyGoTogether(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        Option[] several = [.. new Option[] { seeds, folds, sweep }.Where(Given)];
        if (several.Length > 1)
            result.AddError($"{several[0].Name} and {several[1].Name} do not go together.");
        if (several is [var first, ..] && Given(CommonOptions.ShardOptimizer)
            && (first != seeds || result.GetResult(seeds)!.Tokens.Any(token =>
                int.TryParse(token.Value, out var count) && count > 1)))
            result.AddError($"{CommonOptions.ShardOptimizer.Name} does not go with {first.Name}: each run is trained "
                + "by one rank alone, which keeps all of its optimizer's state.");
        if (!Given(folds) && !Given(dev)) result.AddError("Option '--dev' is required.");
        if (Given(folds) && Given(CommonOptions.TestFile))
            result.AddError("--test does not go with --folds: each fold is tested on the part left out.");
        if (Given(by) && !Given(folds)) result.AddError("--by belongs to --folds.");
        if (Given(languageModels) && Given(initial))
            result.AddError("--lm does not go with --init: the language models are those of the tagger.");
    }

    protected override int Execute(CommandContext context)
    {
        context.JoinRanks();
        // Wrong settings are said before a folder is made.
        if (context.Value(sweep) is null) context.Settings.Read<TaggerOptions>();
        OutputFolder.RequireName(context.Value(output));
        return context.Value(folds) is { } count ? CrossValidate(context, count) : context.Value(sweep) is { } file
            ? Sweep(context, SettingsSweep.Read(file, context.Settings)) : TrainSeeds(context);
    }

    int TrainSeeds(CommandContext context)
    {
        var files = LabelledFiles.LoadWith(context, context.Value(dev)!);
        var count = context.Value(seeds);
        var runs = Enumerable.Range(0, count).Select(s => context.Seed + (ulong)s).Select(seed => new PlannedRun(
            $"{seed}", FolderOf(context, count == 1 ? "" : $"seed-{seed}"), null, seed, files,
            context.Settings)).ToArray();
        var ended = TrainAll(context, runs, keepsSeed: count == 1);
        return Ended(context, ended, () => SeedResult.Report(context,
            [.. ended.Results.Select(result => new SeedResult(result.Run.Seed, result.Training!, result.Test))]));
    }

    int CrossValidate(CommandContext context, int count)
    {
        var file = LabelledFiles.Load(context, context.Value(CommonOptions.TrainFile));
        SpanTypes.RequireSome(file);
        var unit = context.Value(by) == "document" ? SplitUnit.Document : SplitUnit.Sentence;
        var parts = CrossValidation.Folds(file, count, context.Seed, unit,
            context.Value(dev) is { } path ? LabelledFiles.Load(context, path) : null);
        var predictions = Path.Combine(context.Value(output), FoldResults.FileName);
        if (!context.Value(CommonOptions.Resume)) FileTakenException.RequireFree([predictions]);
        var runs = parts.Select(fold => new PlannedRun($"{fold.Number}",
            FolderOf(context, $"fold-{fold.Number}"), $"tagger, fold {fold.Number}", context.Seed,
            new(fold.Train, fold.Dev, null), context.Settings)).ToArray();
        var ended = TrainAll(context, runs, keepsSeed: false, (place, cancellation) =>
        {
            using var loaded = TaggerFolder.Load(context.Backend, runs[place].Folder.Root);
            var test = parts[place].Test;
            var found = new TaggerEvaluation(loaded.Vocabularies, test)
                .Predict(loaded.Tagger, cancellation: cancellation);
            return (CrossValidation.Score(test, found), found);
        });
        return Ended(context, ended, () =>
        {
            if (ended.WasInterrupted)
            {
                FoldResults.Report(context, ended.Results, null, null);
                return;
            }
            var tagged = new string[file.Sentences.Count][];
            foreach (var (fold, result) in parts.Zip(ended.Results))
                foreach (var (place, tags) in fold.TestPlaces.Zip(result.Tags!)) tagged[place] = tags;
            if (context.Ranks is not { IsFirst: false }) CrossValidation.Write(predictions, file, tagged);
            FoldResults.Report(context, ended.Results, CrossValidation.Score(file, tagged), predictions);
        });
    }

    int Sweep(CommandContext context, IReadOnlyList<SweptSettings> swept)
    {
        var files = LabelledFiles.LoadWith(context, context.Value(dev)!);
        var runs = swept.Select((settings, i) => new PlannedRun($"{i + 1}",
            FolderOf(context, $"run-{i + 1}"), $"tagger, run {i + 1}", context.Seed, files, settings.Source)).ToArray();
        var ended = TrainAll(context, runs, keepsSeed: true, goesOnAfterDivergence: true);
        return Ended(context, ended, () => SweepResults.Report(context, swept, ended.Results));
    }

    CheckpointFolder FolderOf(CommandContext context, string name) =>
        new(Path.Combine(context.Value(output), name));

    int Ended(CommandContext context, RunResults ended, Action report)
    {
        report();
        return ended.WasInterrupted ? context.Interrupted(context.Value(output)) : ExitCode.Success;
    }

    /// <summary>One after the other, or of several ranks each its own, until the last or until interrupted.</summary>
    /// <param name="context">Of the command.</param>
    /// <param name="runs">At least one.</param>
    /// <param name="keepsSeed">Whether a run that goes on has the seed it had, where none is given.</param>
    /// <param name="test">Scores a run that has ended, and gives the tags that it found where they are to be kept;
    /// null: on the run's test text.</param>
    /// <param name="goesOnAfterDivergence">Whether the others are still worth having.</param>
    RunResults TrainAll(CommandContext context, PlannedRun[] runs, bool keepsSeed,
        Func<int, CancellationToken, (SpanReport, string[][]?)>? test = null, bool goesOnAfterDivergence = false)
    {
        var root = context.Value(output);
        if (runs.Length > 1 || runs[0].Folder.Root != FolderOf(context, "").Root)
            OutputFolder.RequireNoModel(new(root));
        var ranks = runs.Length > 1 ? context.Ranks : null;
        if (ranks is not null) RunsOverRanks.Require(context, ranks, runs);
        // All of them first: the third of five is not to be refused after the hours of the first two.
        var claims = OutputFolder.ClaimAll(runs.Select(run => run.Folder), TaggerConfig.KindName,
            context.Value(CommonOptions.Resume), context.Progress, context.Ranks);
        try
        {
            return ranks is not null ? RunsOverRanks.Train(context, ranks, runs, TrainOne) : InTurn();
        }
        finally
        {
            OutputFolder.Release(claims);
        }

        RunResults InTurn()
        {
            var results = new List<RunResult>();
            for (var i = 0; i < runs.Length && !(results.Count > 0 && results[^1].WasInterrupted); i++)
                results.Add(TrainOne(i, context.Ranks, context.Progress, context.Cancellation));
            return new(results, results[^1].WasInterrupted);
        }

        RunResult TrainOne(int i, RankGroup? together, IProgress<WorkProgress> progress,
            CancellationToken cancellation)
        {
            var run = keepsSeed ? runs[i] with { Seed = RunSeed.Of(context, runs[i].Folder) } : runs[i];
            try
            {
                var training = Train(context, run, claims[i], together, progress, cancellation);
                if (training.WasInterrupted) return new(run, training, null);
                if (test is null) return new(run, training, run.Files.Test is { } file
                    ? TaggerEvaluation.Score(context.Backend, run.Folder.Root, file) : null);
                var (report, tags) = test(i, cancellation);
                return new(run, training, report) { Tags = tags };
            }
            catch (TrainingDivergedException error) when (goesOnAfterDivergence)
            {
                progress.Report(WorkProgress.Note($"{run.Folder.Root}: {error.Message}"));
                return new(run, null, null, error.Message);
            }
        }
    }

    TaggerResult Train(CommandContext context, PlannedRun run, OutputFolder claimed, RankGroup? together,
        IProgress<WorkProgress> progress, CancellationToken cancellation) =>
        TaggerRun.Train(context.Backend, new()
        {
            Train = run.Files.Train, Dev = run.Files.Dev, Output = run.Folder.Root,
            LanguageModels = context.Value(languageModels), Embeddings = context.Value(embeddings),
            Initial = context.Value(initial), Configure = run.Settings.Read, Seed = run.Seed,
            Claimed = claimed, Ranks = together, Label = run.Title,
        }, progress, cancellation);
}
