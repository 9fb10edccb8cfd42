using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Cli;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>One direction's outcome, as results name it; not evaluated when interrupted.</summary>
sealed record DirectionResult(string Direction, LanguageModelResult Training, PerplexityReport? Valid);

/// <summary>Trains language models on text, one direction after the other, from the corpus to the finished folders.</summary>
static class LanguageModelRun
{
    /// <param name="sources">Files and folders of the training text.</param>
    /// <param name="valid">Validation text.</param>
    /// <param name="directions">"forward", "backward" or both.</param>
    /// <param name="resume">Go on from what the folders hold; finished directions stay as they are.</param>
    public static IReadOnlyList<DirectionResult> Train(CommandContext context, LanguageModelOptions options, IReadOnlyList<string> sources, string valid,
        IReadOnlyList<string> directions, string output, bool resume)
    {
        var folders = directions.Select(direction => new CheckpointFolder(Path.Combine(output, direction))).ToArray();
        if (!resume && folders.FirstOrDefault(folder => folder.Exists) is { } taken)
            throw new UserException($"{taken.Root}: already holds a language model. Give --resume to go on with it, or another --out.");
        var corpus = new Corpus(sources);
        var known = folders.FirstOrDefault(folder => folder.Exists);
        var vocabulary = known is null
            ? Vocabulary.ForLanguageModel(TokenCounts.Of(corpus.Sentences()), options.UnkThreshold)
            : LanguageModelFolder.ReadVocabulary(known, LanguageModelFolder.ReadConfig(known).Words);
        Directory.CreateDirectory(output);
        using var train = TokenCache.Open(Path.Combine(output, "train.tokens"), corpus, vocabulary);
        var validTokens = TokenArray.Encode(new Corpus([valid]).Sentences(), vocabulary);
        context.Note($"{train.Count:N0} training tokens in {train.SentenceCount:N0} sentences, {100 * train.UnknownRate():f2} % <unk>; vocabulary {vocabulary.Count:N0}; "
            + $"valid {validTokens.Count:N0} tokens, {100 * validTokens.UnknownRate():f2} % <unk>, sentence ends counted.");
        var results = new List<DirectionResult>();
        var backend = new CpuBackend<float>(context.Device);
        for (var i = 0; i < folders.Length; i++)
        {
            var exists = folders[i].Exists;
            var config = exists ? LanguageModelFolder.ReadConfig(folders[i]) : new LanguageModelConfig(LanguageModelConfig.KindName, directions[i], vocabulary.Count, options);
            using var trainer = new LanguageModelTrainer(backend, config, vocabulary, train, validTokens, folders[i], context.Seed);
            if (exists) trainer.Resume();
            var result = trainer.Run(context);
            results.Add(new(directions[i], result, result.WasInterrupted ? null : trainer.Evaluate()));
            if (result.WasInterrupted) break;
        }
        return results;
    }
}
