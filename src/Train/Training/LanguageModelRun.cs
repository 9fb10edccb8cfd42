using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>One direction's outcome, as results name it.</summary>
/// <param name="Direction">"forward" or "backward".</param>
/// <param name="Training">How far it was trained, and how fast.</param>
/// <param name="Valid">Null where the run was interrupted: leaving does not wait for an evaluation.</param>
public sealed record DirectionResult(string Direction, LanguageModelResult Training, PerplexityReport? Valid);

/// <summary>What <see cref="LanguageModelRun"/> trains, on what, and where to.</summary>
public sealed record LanguageModelRunOptions
{
    /// <summary>Files and folders of the training text.</summary>
    public required IReadOnlyList<string> Sources
    {
        get;
        init
        {
            NullElements.Refuse(value, nameof(Sources));
            field = value;
        }
    }

    /// <summary>Validation text.</summary>
    public required string Valid
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Valid));
    }

    /// <summary>Folder that gets one for each direction.</summary>
    public required string Output
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Output));
    }

    /// <summary>"forward", "backward" or both.</summary>
    public IReadOnlyList<string> Directions
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Directions));
    } = [.. LanguageModelFolder.Both];

    /// <summary>Changes the paper's options, or those of a model that is resumed.</summary>
    public Func<LanguageModelOptions, LanguageModelOptions> Configure
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Configure));
    } = options => options;

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Go on from what the folders hold; finished directions stay as they are.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// The processes that train together, each of which makes this call; null for this one alone. Rank 0 writes the
    /// folders, which all must see.
    /// </summary>
    public RankGroup? Ranks { get; init; }

    /// <summary>Whether a run that goes on has the seed it had, whatever <see cref="Seed"/> says.</summary>
    internal bool KeepsSeed { get; init; }
}

/// <summary>
/// Trains language models on text, one direction after the other, from the corpus to the finished folders.
/// </summary>
public static class LanguageModelRun
{
    /// <summary>Trains each direction to its end, or until cancelled: then the folders hold where it stopped.</summary>
    /// <param name="backend">Where the models are trained.</param>
    /// <param name="run">Text, folders, options.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Looked at before every step; what is trained by then is saved.</param>
    /// <exception cref="OptionsException">An option is out of its range, or a direction is none; nothing was
    /// written.</exception>
    /// <exception cref="UserException">The text cannot be used, or a folder holds a model and the run is not to go on
    /// with it.</exception>
    /// <exception cref="OutputFolderException">The output is no folder, and can be made none.</exception>
    /// <exception cref="FolderInUseException">Another run is writing in a folder.</exception>
    /// <exception cref="ResumeException">A folder's run was begun with something else.</exception>
    /// <returns>One for each direction that was begun.</returns>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    /// <exception cref="CheckpointWriteException">A folder cannot be written; what it held before is whole.</exception>
    public static IReadOnlyList<DirectionResult> Train(DeviceBackend<float> backend, LanguageModelRunOptions run,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(run);
        OutputFolder.RequireName(run.Output);
        RequireDirections(run.Directions);
        run.Ranks?.RequireSame([("seed", $"{run.Seed}"), .. RunSettings.Of(run.Configure(new())).Select(one =>
            ($"setting {one.Key}", one.Value))]);
        RequireNoModel(run.Output);
        var fresh = run.Resume && HoldsRun(run) ? null : Configured(run, new());
        // Before the text is read, which takes its time.
        if (run.Ranks is not null && fresh is not null)
            LanguageModelTrainer.RequireStreams(run.Ranks, fresh.BatchSize);
        InputFile.RequireName(run.Valid, "validation text");
        var corpus = new Corpus(run.Sources);
        var validCorpus = new Corpus([run.Valid]);
        InputFile.RequireRereadable(corpus.Files);
        RequireNoText(TokensIn(run), [.. corpus.Files, .. validCorpus.Files]);
        var folders = run.Directions.Select(direction => new CheckpointFolder(Path.Combine(run.Output, direction)))
            .ToArray();
        var claims = OutputFolder.ClaimAll(folders, LanguageModelConfig.KindName, run.Resume, progress,
            run.Ranks);
        try
        {
            if (run.KeepsSeed && folders.Select(SavedRun.Find).FirstOrDefault(found => found is not null) is { } known)
                run = run with { Seed = known.Seed };
            var isBegun = claims.Select(claim => claim.IsTaken).ToArray();
            var saved = folders.Zip(isBegun, (folder, begun) =>
                begun ? LanguageModelFolder.ReadConfig(folder).Options : null).ToArray();
            // A direction that was not begun yet is of the same run as the other one.
            fresh ??= Configured(run, saved.FirstOrDefault(before => before is not null) ?? new());
            var options = saved.Select((before, i) =>
                before is null ? fresh : Resumed(run, folders[i], before, progress)).ToArray();
            return Train(backend, run, options, isBegun, corpus, validCorpus, folders, progress, cancellation);
        }
        finally
        {
            OutputFolder.Release(claims);
        }
    }

    static LanguageModelOptions Configured(LanguageModelRunOptions run, LanguageModelOptions before) =>
        SettingsSchema<LanguageModelOptions>.Require(run.Configure(before));

    static bool HoldsRun(LanguageModelRunOptions run) => run.Directions.Any(direction =>
        OutputFolder.HoldsRun(new CheckpointFolder(Path.Combine(run.Output, direction))));

    // Beside a model, or among its vocabularies, the directions' folders would be of no use to either.
    static void RequireNoModel(string output)
    {
        var around = new CheckpointFolder(output);
        if (OutputFolder.HoldsRun(around)) throw new FolderTakenException(output, isOther: true);
        OutputFolder.RequireNoneAround(around);
    }

    // They become folders' names.
    static void RequireDirections(IReadOnlyList<string> directions)
    {
        var shown = string.Join(",", directions);
        if (directions.Count == 0 || directions.Except(LanguageModelFolder.Both).Any())
            throw new OptionsException([$"directions: '{shown}' is not forward, backward or both."]);
        if (directions.Distinct().Count() < directions.Count)
            throw new OptionsException([$"directions: '{shown}' names one twice."]);
    }

    static string TokensIn(LanguageModelRunOptions run) => Path.Combine(run.Output, "train.tokens");

    static void RequireNoText(string tokens, IEnumerable<string> texts)
    {
        if (texts.Select(Path.GetFullPath).Contains(Path.GetFullPath(tokens))) throw new FileTakenException(tokens);
    }

    static List<DirectionResult> Train(DeviceBackend<float> backend, LanguageModelRunOptions run,
        LanguageModelOptions[] options, bool[] isBegun, Corpus corpus, Corpus validCorpus, CheckpointFolder[] folders,
        IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var vocabulary = folders.FirstOrDefault(folder => folder.Exists) is { } known
            ? LanguageModelFolder.ReadVocabulary(known, LanguageModelFolder.ReadConfig(known).Words)
            : Vocabulary.ForLanguageModel(TokenCounts.Of(corpus.Sentences()), options[0].UnkThreshold);
        var validTokens = TokenArray.Encode(validCorpus.Sentences(), vocabulary);
        // The first makes the cache, the others find it.
        if (run.Ranks is { IsFirst: false }) run.Ranks.FromFirst([]);
        using var train = TokenCache.Open(TokensIn(run), corpus, vocabulary);
        if (run.Ranks is { IsFirst: true }) run.Ranks.FromFirst([]);
        progress?.Report(WorkProgress.Note(
            Invariant(
                $"{train.Count:N0} training tokens in {train.SentenceCount:N0} ")
                + Invariant($"sentences, {100 * train.UnknownRate():f2} % <unk>; ")
            + Invariant(
                $"vocabulary {vocabulary.Count:N0}; valid {validTokens.Count:N0} ")
                + Invariant($"tokens, {100 * validTokens.UnknownRate():f2} % <unk>, ")
            + "sentence ends counted."));
        var shards = options.Any(own => own.ShuffleShards) ? Shards(corpus, train, progress) : null;
        var results = new List<DirectionResult>();
        for (var i = 0; i < folders.Length; i++)
        {
            var config = new LanguageModelConfig(LanguageModelConfig.KindName, run.Directions[i], vocabulary.Count,
                options[i]);
            using var trainer = new LanguageModelTrainer(backend, config, vocabulary, train, validTokens, folders[i],
                run.Seed, options[i].ShuffleShards ? shards : null, run.Ranks);
            if (isBegun[i])
            {
                var before = LanguageModelFolder.ReadConfig(folders[i]).Options.LearningRate;
                trainer.Resume(options[i].LearningRate == before ? null : options[i].LearningRate, progress);
            }
            var result = trainer.Run(progress, cancellation);
            results.Add(new(run.Directions[i], result, result.WasInterrupted ? null : trainer.Evaluate()));
            if (result.WasInterrupted) break;
        }
        return results;
    }

    static IReadOnlyList<long> Shards(Corpus corpus, TokenCache text, IProgress<WorkProgress>? progress)
    {
        var shards = corpus.TokensByFile();
        if (shards.Sum() != text.Count)
            throw new UserException($"{string.Join(", ", corpus.Files)}: changed while it was read. Start again.");
        if (shards.Count == 1)
            progress?.Report(WorkProgress.Note(
                $"The training text is one file, {corpus.Files[0]}: shuffle_shards has no effect."));
        return shards;
    }

    static LanguageModelOptions Resumed(LanguageModelRunOptions run, CheckpointFolder folder,
        LanguageModelOptions saved, IProgress<WorkProgress>? progress)
    {
        var options = Configured(run, saved);
        RunSettings.RequireResumable(folder.Root,
            SavedRun.Find(folder)! with { Settings = RunSettings.Of(saved) },
            new(run.Seed, RunSettings.Of(options)), progress);
        return options;
    }
}
