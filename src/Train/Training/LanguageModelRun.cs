using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>One direction's outcome, as results name it.</summary>
/// <param name="Valid">Null where the run was interrupted: leaving does not wait for an evaluation.</param>
/// <param name="Direction">"forward" or "backward".</param>
/// <param name="Training">How far it was trained, and how fast.</param>
public sealed record DirectionResult(string Direction, LanguageModelResult Training, PerplexityReport? Valid);

/// <summary>What <see cref="LanguageModelRun"/> trains, on what, and where to.</summary>
public sealed record LanguageModelRunOptions
{
    /// <summary>Files and folders of the training text.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Validation text.</summary>
    public required string Valid { get; init; }

    /// <summary>Folder that gets one for each direction.</summary>
    public required string Output { get; init; }

    /// <summary>"forward", "backward" or both.</summary>
    public IReadOnlyList<string> Directions { get; init; } = ["forward", "backward"];

    /// <summary>Changes the paper's options, or those of a model that is resumed.</summary>
    public Func<LanguageModelOptions, LanguageModelOptions> Configure { get; init; } = options => options;

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Go on from what the folders hold; finished directions stay as they are.</summary>
    public bool Resume { get; init; }
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
    /// <exception cref="UserException">The text cannot be used, or a folder holds a model and the run is not to go on
    /// with it.</exception>
    /// <returns>One for each direction that was begun.</returns>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    /// <exception cref="CheckpointWriteException">A folder cannot be written; what it held before is whole.</exception>
    public static IReadOnlyList<DirectionResult> Train(DeviceBackend<float> backend, LanguageModelRunOptions run,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var options = run.Configure(new());
        var (directions, output) = (run.Directions, run.Output);
        var corpus = new Corpus(run.Sources);
        var validCorpus = new Corpus([run.Valid]);
        var folders = directions.Select(direction => new CheckpointFolder(Path.Combine(output, direction))).ToArray();
        var taken = Array.ConvertAll(folders, folder => OutputFolder.Claim(folder, run.Resume, progress));
        var vocabulary = folders.FirstOrDefault(folder => folder.Exists) is { } known
            ? LanguageModelFolder.ReadVocabulary(known, LanguageModelFolder.ReadConfig(known).Words)
            : Vocabulary.ForLanguageModel(TokenCounts.Of(corpus.Sentences()), options.UnkThreshold);
        var validTokens = TokenArray.Encode(validCorpus.Sentences(), vocabulary);
        using var train = TokenCache.Open(Path.Combine(output, "train.tokens"), corpus, vocabulary);
        progress?.Report(WorkProgress.Note(
            Invariant(
                $"{train.Count:N0} training tokens in {train.SentenceCount:N0} ")
                + Invariant($"sentences, {100 * train.UnknownRate():f2} % <unk>; ")
            + Invariant(
                $"vocabulary {vocabulary.Count:N0}; valid {validTokens.Count:N0} ")
                + Invariant($"tokens, {100 * validTokens.UnknownRate():f2} % <unk>, ")
            + "sentence ends counted."));
        var results = new List<DirectionResult>();
        for (var i = 0; i < folders.Length; i++)
        {
            var saved = taken[i] ? LanguageModelFolder.ReadConfig(folders[i]) : null;
            var own = saved is null ? options : run.Configure(saved.Options);
            var config = new LanguageModelConfig(LanguageModelConfig.KindName, directions[i], vocabulary.Count, own);
            using var trainer = new LanguageModelTrainer(backend, config, vocabulary, train, validTokens, folders[i],
                run.Seed);
            var rate = config.Options.LearningRate;
            if (saved is not null) trainer.Resume(rate == saved.Options.LearningRate ? null : rate);
            var result = trainer.Run(progress, cancellation);
            results.Add(new(directions[i], result, result.WasInterrupted ? null : trainer.Evaluate()));
            if (result.WasInterrupted) break;
        }
        return results;
    }
}
