using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>
/// Reads the position of a run, JSON in a file that may be anyone's: nothing of it is believed before it is in its
/// range.
/// </summary>
static class TrainingPosition
{
    /// <param name="text">JSON.</param>
    /// <param name="source">The file, for the message.</param>
    /// <exception cref="UserException">It is not a position, or a value of it cannot be.</exception>
    public static LanguageModelPosition LanguageModel(string text, string source) =>
        Parse(text, source, TrainingJson.Default.LanguageModelPosition, Problem);

    /// <inheritdoc cref="LanguageModel"/>
    public static TaggerPosition Tagger(string text, string source) =>
        Parse(text, source, TrainingJson.Default.TaggerPosition, Problem);

    /// <summary>What a run was begun with, of whichever model; the settings stand elsewhere.</summary>
    /// <inheritdoc cref="LanguageModel"/>
    public static SavedRun Run(string text, string source) =>
        Parse(text, source, TrainingJson.Default.SavedRun, _ => null);

    static T Parse<T>(string text, string source, JsonTypeInfo<T> type, Func<T, string?> problem) where T : class
    {
        T? position;
        try
        {
            position = JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException error)
        {
            throw Broken(source, JsonProblem.Of(error, text, type).TrimEnd('.'), error);
        }
        if (position is null) throw Broken(source, "it is null");
        return problem(position) is { } found ? throw Broken(source, found) : position;
    }

    static string? Problem(LanguageModelPosition position) =>
        Negative(("pass", position.Pass), ("chunk", position.Chunk), ("step", position.Step),
            ("tokens", position.Tokens), ("loss_count", position.LossCount),
            ("looks_without_better", position.EvaluationsWithoutImprovement), ("ranks", position.Ranks))
        ?? NotFinite(("learning_rate", position.LearningRate), ("loss_sum", position.LossSum),
            ("best_loss", position.BestLoss), ("perplexity", position.Perplexity))
        ?? Common(position.LearningRate, position.Layout);

    static string? Problem(TaggerPosition position) =>
        Negative(("epoch", position.Epoch), ("batch", position.Batch), ("step", position.Step),
            ("best_epoch", position.BestEpoch), ("clipped_steps", position.ClippedSteps),
            ("epochs_without_better", position.EpochsWithoutImprovement), ("ranks", position.Ranks))
        ?? NotFinite(("learning_rate", position.LearningRate), ("loss_sum", position.LossSum),
            ("best_f1", position.BestF1), ("best_loss", position.BestLoss ?? 0),
            ("gradient_norm_sum", position.GradientNormSum))
        ?? (position.BestEpoch > position.Epoch ? "best_epoch is still to come" : null)
        ?? Common(position.LearningRate, position.Layout);

    static string? Common(double learningRate, string? layout) =>
        learningRate < 0 ? "learning_rate is negative" : layout is null ? "layout is null" : null;

    static string? Negative(params ReadOnlySpan<(string Name, long Value)> numbers)
    {
        foreach (var (name, value) in numbers)
            if (value < 0) return $"{name} is {value}";
        return null;
    }

    static string? NotFinite(params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        foreach (var (name, value) in numbers)
            if (!double.IsFinite(value)) return $"{name} is not finite";
        return null;
    }

    static UserException Broken(string source, string problem, Exception? inner = null) => new(
        $"{source}: its training position cannot be used ({problem}): damaged or edited. Restore the folder from a "
        + "copy, or train again.", inner);
}
