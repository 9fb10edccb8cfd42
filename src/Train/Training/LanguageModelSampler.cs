using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>How a language model's text is drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>
    /// What log-probabilities are divided by: below 1 likely words are drawn more often, at 0 the likeliest always.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double Temperature
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "It is no number of 0 or more.");
    } = 1;

    /// <summary>Only so many of the likeliest words are drawn from; 0: from all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int TopK
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(TopK));
            field = value;
        }
    }

    /// <summary>Tokens to draw, sentence ends among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Length
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Length));
            field = value;
        }
    } = 50;

    /// <summary>Of the draws: one seed gives one text on the same device.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Draws text from a language model, word by word.</summary>
public static class LanguageModelSampler
{
    const uint Site = 31;

    /// <summary>
    /// The words that follow a prompt, or precede it where the model is a backward one, in reading order;
    /// <see cref="Vocabulary.SentenceEnd"/> between sentences. <see cref="Vocabulary.Unknown"/> is never drawn.
    /// </summary>
    /// <param name="loaded">Of either direction.</param>
    /// <param name="prompt">Words, none for the start of a sentence; those that the vocabulary lacks are read as
    /// <c>&lt;unk&gt;</c>.</param>
    /// <param name="options">How words are drawn; null: by the model's own probabilities.</param>
    /// <param name="cancellation">Looked at before every word.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two words.</exception>
    public static string[] Sample(LoadedLanguageModel loaded, IReadOnlyList<string> prompt,
        SamplingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        NullElements.Refuse(prompt);
        options ??= new();
        var (model, vocabulary, isBackward) = (loaded.Model, loaded.Vocabulary, loaded.Config.IsBackward);
        var random = new RandomStream(new RandomKey(options.Seed, 0, Site));
        int[] read = [vocabulary.SentenceEndId,
            .. vocabulary.Encode(isBackward ? [.. prompt.Reverse()] : prompt)];
        var drawn = new List<string>();
        var state = new CarriedState();
        try
        {
            using var pause = Tape<float>.NoGradient();
            while (drawn.Count < options.Length)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = new TensorScope();
                var (probabilities, final) = model.Next(new IntTensor(model.Backend.Device, read), read.Length,
                    state.Layers);
                var id = Draw(probabilities.ToArray().AsSpan()[^probabilities.Shape.Columns..], vocabulary, options,
                    random);
                state.CopyFrom(final, model.Backend);
                drawn.Add(vocabulary[id]);
                read = [id];
            }
        }
        finally
        {
            state.Reset();
        }
        if (isBackward) drawn.Reverse();
        return [.. drawn];
    }

    // The spare row of a softmax stands behind the words.
    static int Draw(ReadOnlySpan<float> logProbabilities, Vocabulary vocabulary, SamplingOptions options,
        RandomStream random)
    {
        var scores = new (int Id, double Score)[vocabulary.Count];
        for (var id = 0; id < scores.Length; id++)
            scores[id] = (id, id == vocabulary.UnknownId ? double.NegativeInfinity : logProbabilities[id]);
        // Equal scores in the order of ids: the sort keeps it.
        var ranked = scores.OrderByDescending(entry => entry.Score)
            .Take(options.TopK == 0 ? scores.Length : options.TopK).ToArray();
        if (options.Temperature == 0) return ranked[0].Id;
        var weights = Array.ConvertAll(ranked,
            entry => Math.Exp((entry.Score - ranked[0].Score) / options.Temperature));
        var left = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
            if ((left -= weights[i]) < 0) return ranked[i].Id;
        return ranked[0].Id;
    }
}
