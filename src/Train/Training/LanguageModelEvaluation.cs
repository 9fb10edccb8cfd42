using LdNetGpu.Autograd;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>
/// A perplexity with what is needed to compare it with another: how many tokens were predicted, sentence ends among
/// them, in which vocabulary.
/// </summary>
/// <param name="Perplexity">exp of <paramref name="NatsPerToken"/>.</param>
/// <param name="NatsPerToken">Mean loss of a token.</param>
/// <param name="Tokens">Tokens predicted, sentence ends among them.</param>
/// <param name="SentenceEnds">Sentence ends predicted.</param>
/// <param name="UnknownRate">Share of the words that the vocabulary does not hold, 0 to 1.</param>
/// <param name="VocabularySize">Ids, special ones counted.</param>
public sealed record PerplexityReport(
    double Perplexity, double NatsPerToken, long Tokens, long SentenceEnds, double UnknownRate, int VocabularySize);

/// <summary>Perplexity of a language model on a text.</summary>
public static class LanguageModelEvaluation
{
    // Streams side by side: each but the first starts without the words before it, so few keep the figure close to a
    // single pass.
    const int Streams = 16;
    const int Steps = 64;

    /// <summary>exp of the mean loss over every token of the text once; no dropout.</summary>
    /// <param name="model">Of the direction that <paramref name="config"/> says.</param>
    /// <param name="text">In the model's vocabulary: <see cref="TokenArray.Encode"/>.</param>
    /// <param name="sentenceEnd">Id of the sentence end.</param>
    /// <param name="config">Of the model.</param>
    /// <param name="progress">Told of every chunk.</param>
    /// <param name="cancellation">Looked at after every chunk.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two chunks.</exception>
    /// <exception cref="Devices.UserException">The text holds no tokens.</exception>
    public static PerplexityReport Perplexity(LanguageModel<float> model, ITokenSequence text, int sentenceEnd,
        LanguageModelConfig config, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Measure(model, text, sentenceEnd, config, progress, cancellation, null);

    /// <summary>The same by several ranks, each with some of the streams; all come to the same bits.</summary>
    internal static PerplexityReport Perplexity(LanguageModel<float> model, ITokenSequence text, int sentenceEnd,
        LanguageModelConfig config, RankGroup? ranks, CancellationToken cancellation) =>
        Measure(model, text, sentenceEnd, config, null, cancellation, null, ranks);

    /// <summary>The same, and the loss of each token, in nats, in the order of the text.</summary>
    /// <inheritdoc cref="Perplexity(LanguageModel{float}, ITokenSequence, int, LanguageModelConfig,
    /// IProgress{WorkProgress}, CancellationToken)"/>
    /// <returns>
    /// Backward, the last sentence end has the loss of the one in front of the text, which is predicted in its place.
    /// </returns>
    public static (PerplexityReport Report, float[] Losses) Losses(LanguageModel<float> model, ITokenSequence text,
        int sentenceEnd, LanguageModelConfig config, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(config);
        var losses = new float[text.Count];
        return (Measure(model, text, sentenceEnd, config, progress, cancellation, losses), losses);
    }

    static PerplexityReport Measure(LanguageModel<float> model, ITokenSequence text, int sentenceEnd,
        LanguageModelConfig config, IProgress<WorkProgress>? progress, CancellationToken cancellation,
        float[]? byToken, RankGroup? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(config);
        var reporter = new WorkReporter(progress, $"{config.Direction} language model", text.Count, "tokens");
        reporter.Advance(0);
        var stream = BpttStream.ForEvaluation(text, sentenceEnd, Streams, Steps, config.IsBackward);
        var share = ranks?.ShareOf(stream.Streams);
        var state = new CarriedState();
        double sum = 0;
        using (Tape<float>.NoGradient())
        {
            for (var index = 0; index < stream.ChunkCount && share?.Rows != 0; index++)
            {
                using var scope = new TensorScope();
                var chunk = share is { } own ? stream.Chunk(index).Part(own) : stream.Chunk(index);
                var device = model.Backend.Device;
                var (inputs, targets) = (new IntTensor(device, chunk.Inputs), new IntTensor(device, chunk.Targets));
                var (losses, final) = model.Losses(inputs, targets, chunk.Steps, chunk.Streams, state.Layers,
                    ForwardContext.Inference);
                // In double, in order: the figure is the same on any number of threads.
                var values = losses.ToArray();
                foreach (var loss in values) sum += loss;
                for (var i = 0; i < values.Length && byToken is not null; i++)
                    if (chunk.Targets[i] >= 0)
                        byToken[stream.TargetPlace(index, i / chunk.Streams, i % chunk.Streams)] = values[i];
                state.CopyFrom(final, model.Backend);
                cancellation.ThrowIfCancellationRequested();
                reporter.Advance(chunk.TargetCount);
            }
        }
        state.Reset();
        if (ranks is not null) sum = ranks.Gather<double>([sum]).Sum(part => part[0]);
        var mean = sum / stream.TargetCount;
        return new(Math.Exp(mean), mean, stream.TargetCount, text.SentenceCount, text.UnknownRate(), config.Words);
    }
}
