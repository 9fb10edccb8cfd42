using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Cli;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>One direction's outcome, as results name it.</summary>
/// <param name="Valid">Null where the run was interrupted: leaving does not wait for an evaluation.</param>
sealed record DirectionResult(string Direction, LanguageModelResult Training, PerplexityReport? Valid);

/// <summary>Trains language models on text, one direction after the other, from the corpus to the finished folders.</summary>
static class LanguageModelRun
{
    /// <param name="settings">Over the defaults, or over a resumed model's own options.</param>
    /// <param name="sources">Files and folders of the training text.</param>
    /// <param name="valid">Validation text.</param>
    /// <param name="directions">"forward", "backward" or both.</param>
    /// <param name="resume">Go on from what the folders hold; finished directions stay as they are.</param>
    public static IReadOnlyList<DirectionResult> Train(CommandContext context, Func<LanguageModelOptions?, LanguageModelOptions> settings,
        IReadOnlyList<string> sources, string valid, IReadOnlyList<string> directions, string output, bool resume)
    {
        var options = settings(null);
        var corpus = new Corpus(sources);
        var validCorpus = new Corpus([valid]);
        var folders = directions.Select(direction => new CheckpointFolder(Path.Combine(output, direction))).ToArray();
        var taken = Array.ConvertAll(folders, folder => OutputFolder.Claim(folder, resume, context));
        var vocabulary = folders.FirstOrDefault(folder => folder.Exists) is { } known
            ? LanguageModelFolder.ReadVocabulary(known, LanguageModelFolder.ReadConfig(known).Words)
            : Vocabulary.ForLanguageModel(TokenCounts.Of(corpus.Sentences()), options.UnkThreshold);
        var validTokens = TokenArray.Encode(validCorpus.Sentences(), vocabulary);
        using var train = TokenCache.Open(Path.Combine(output, "train.tokens"), corpus, vocabulary);
        context.Note($"{train.Count:N0} training tokens in {train.SentenceCount:N0} sentences, {100 * train.UnknownRate():f2} % <unk>; "
            + $"vocabulary {vocabulary.Count:N0}; valid {validTokens.Count:N0} tokens, {100 * validTokens.UnknownRate():f2} % <unk>, "
            + "sentence ends counted.");
        var results = new List<DirectionResult>();
        var backend = context.Backend;
        for (var i = 0; i < folders.Length; i++)
        {
            var saved = taken[i] ? LanguageModelFolder.ReadConfig(folders[i]) : null;
            var config = new LanguageModelConfig(LanguageModelConfig.KindName, directions[i], vocabulary.Count, settings(saved?.Options));
            using var trainer = new LanguageModelTrainer(backend, config, vocabulary, train, validTokens, folders[i], context.Seed);
            var rate = config.Options.LearningRate;
            if (saved is not null) trainer.Resume(rate == saved.Options.LearningRate ? null : rate);
            var result = trainer.Run(context);
            results.Add(new(directions[i], result, result.WasInterrupted ? null : trainer.Evaluate()));
            if (result.WasInterrupted) break;
        }
        return results;
    }
}
