using System.Numerics;
using LdNetGpu.Kernels.Crf;

namespace LdNetGpu.Autograd;

/// <summary>Sizes and roles of a padded batch of tag sequences.</summary>
/// <param name="Steps">T, of the longest sentence.</param>
/// <param name="Batch">B, the sentences.</param>
/// <param name="Lengths">[B], 1 to T.</param>
/// <param name="StartTag">The tag before each sentence's first.</param>
/// <param name="EndTag">The tag behind each sentence's last.</param>
public sealed record CrfSequences(int Steps, int Batch, IntTensor Lengths, int StartTag, int EndTag)
{
    /// <summary>[B], 1 to T.</summary>
    public IntTensor Lengths
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Lengths));
    } = Lengths ?? throw new ArgumentNullException(nameof(Lengths));

    internal CrfBatch<T> With<T>(Tensor<T> emissions, Tensor<T> transitions)
        where T : unmanaged, IFloatingPointIeee754<T> => new()
    {
        Steps = Steps, Batch = Batch, StartTag = StartTag, EndTag = EndTag, Lengths = Lengths.View,
        Emissions = emissions.View, Transitions = transitions.View,
    };
}

/// <summary>
/// log Z - score(tags) of each sentence: [T, B, K] emissions and [K, K] transitions to [B, 1]. Its gradient is
/// marginals minus gold.
/// </summary>
sealed class CrfLossFunction<T>(Tensor<T> emissions, Tensor<T> transitions, CrfSequences sequences, IntTensor tags)
    : Function<T>(emissions, transitions) where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> losses = null!;
    CrfSweeps? sweeps;

    protected override Tensor<T>[] Forward()
    {
        Require(emissions.Shape.Rows == sequences.Steps * sequences.Batch,
            $"emissions {emissions.Shape} for {sequences.Steps} steps of {sequences.Batch} sentences.");
        losses = Tensor.Empty(Backend, new Shape(sequences.Batch, 1));
        if (IsRecording && TensorScope.Current is { } scope && Backend.Crf.NewSweeps() is { } room)
            scope.Own(sweeps = room);
        Backend.Crf.NegativeLogLikelihood(sequences.With(emissions, transitions), tags.View, losses.View, default,
            default, default, accumulate: false, sweeps);
        return [losses];
    }

    protected override void Backward()
    {
        var accumulate = false;
        var emissionsTarget = Needs(emissions) ? GradientFor(emissions, out accumulate) : default;
        var transitionsTarget = Needs(transitions) ? GradientToAddTo(transitions) : default;
        using var scratch = Rent(sequences.Batch, 1);
        Backend.Crf.NegativeLogLikelihood(sequences.With(emissions, transitions), tags.View, scratch.View,
            GradientOf(losses), emissionsTarget, transitionsTarget, accumulate, sweeps);
    }
}

/// <summary>A linear-chain conditional random field over padded sentences.</summary>
public static class CrfOperations
{
    /// <summary>Negative log-likelihood [B, 1] of the tags [T·B] (time-major), ≥ 0.</summary>
    /// <param name="emissions">[T, B, K].</param>
    /// <param name="transitions">[K, K], row = from, column = to; -∞ forbids.</param>
    /// <param name="sequences">Sizes and special tags.</param>
    /// <param name="tags">The gold tags, ignored where padded.</param>
    /// <exception cref="Devices.ShapeException">The shapes do not fit, or a tag is none of K.</exception>
    /// <exception cref="ForbiddenTagsException">The gold tags of a sentence take a score of -∞.</exception>
    public static Tensor<T> CrfLoss<T>(this Tensor<T> emissions, Tensor<T> transitions, CrfSequences sequences,
        IntTensor tags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(emissions);
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(tags);
        return new CrfLossFunction<T>(emissions, transitions, sequences, tags).Apply()[0];
    }

    /// <summary>Kernel-level view of the batch, for decoding: Viterbi, marginals, n-best.</summary>
    /// <param name="sequences">Sizes and special tags.</param>
    /// <param name="emissions">[T, B, K].</param>
    /// <param name="transitions">[K, K].</param>
    public static CrfBatch<T> AsBatch<T>(this CrfSequences sequences, Tensor<T> emissions, Tensor<T> transitions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(emissions);
        ArgumentNullException.ThrowIfNull(transitions);
        return sequences.With(emissions, transitions);
    }
}
