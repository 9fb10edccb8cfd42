using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>
/// A way to choose layers while the tagger trains on (LD-Net, section 3.3): a penalty added to the loss, and a proximal
/// step after each update. Layers of both language models are counted together.
/// </summary>
/// <param name="tagger">Its layers have scales (<see cref="LayerDeletion.WithScales"/>).</param>
/// <param name="options">How many layers to keep, and how they are chosen.</param>
public abstract class LayerSelector<T>(Tagger<T> tagger, PruneOptions options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many layers to keep, and the regularizer's weight.</summary>
    protected PruneOptions Options { get; } = options;

    /// <summary>Forward and backward language model.</summary>
    protected LanguageModelEncoder<T>[] Encoders { get; } = [tagger.Forward!, tagger.Backward!];

    /// <summary>The scales of both language models; one without layers has none.</summary>
    protected Parameter<T>[] Scales { get; } = [
        .. new[] { tagger.Forward!.Scale, tagger.Backward!.Scale }.OfType<Parameter<T>>()];

    /// <summary>Layers with z above 0.</summary>
    public int Alive => Encoders.Sum(encoder => encoder.KeptLayers().Length);

    /// <summary>z of both language models, for logs.</summary>
    public double[] ScaleValues =>
        [.. Scales.SelectMany(scale => scale.ToArray()).Select(z => double.CreateChecked(z))];

    /// <summary>What is added to the loss; null for nothing.</summary>
    /// <returns>A scalar.</returns>
    public abstract Tensor<T>? Penalty();

    /// <summary>The proximal step that follows a gradient step of the given size.</summary>
    /// <param name="learningRate">Of the gradient step.</param>
    public abstract void Proximal(double learningRate);

    /// <summary>The method that the options name.</summary>
    /// <param name="tagger">Its layers have scales (<see cref="LayerDeletion.WithScales"/>).</param>
    /// <param name="options">The method, its weight, and how many layers to keep.</param>
    /// <exception cref="OptionsException">
    /// An option is out of its range, or more layers are to be kept than there are.
    /// </exception>
    public static LayerSelector<T> Create(Tagger<T> tagger, PruneOptions options)
    {
        ArgumentNullException.ThrowIfNull(tagger);
        ArgumentNullException.ThrowIfNull(options);
        SettingsSchema<PruneOptions>.Require(options);
        var layers = new[] { tagger.Forward, tagger.Backward }.Sum(encoder => encoder?.Shape.Stack.Layers ?? 0);
        if (options.Layers > layers)
            throw new OptionsException(
                [$"layers: {options.Layers} are to be kept, and the tagger's language models have {layers} together."]);
        return options.Method switch
        {
            PruneMethod.LayerWeights => new ProjectedScales<T>(tagger, options),
            PruneMethod.SoftThreshold => new SoftThresholdedScales<T>(tagger, options),
            PruneMethod.GroupLasso => new GroupLasso<T>(tagger, options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "No method has this name."),
        };
    }
}

/// <summary>The paper's method: z relaxed to [0, 1] under λ0·R, projected after every step.</summary>
sealed class ProjectedScales<T>(Tagger<T> tagger, PruneOptions options) : LayerSelector<T>(tagger, options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override Tensor<T> Penalty() => Scales.Penalty(Options.Regularizer, Options.Layers).Scale(Options.Lambda0);

    public override void Proximal(double learningRate)
    {
        foreach (var scale in Scales) scale.Backend.Selection.Clamp(scale.Mutate(), T.Zero, T.One);
    }
}

/// <summary>
/// L1 on z by its proximal operator, soft-thresholding, while more layers are alive than wanted; then [0, 1].
/// </summary>
sealed class SoftThresholdedScales<T>(Tagger<T> tagger, PruneOptions options) : LayerSelector<T>(tagger, options)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override Tensor<T>? Penalty() => null;

    public override void Proximal(double learningRate)
    {
        var threshold = Math.Min(learningRate * Options.Lambda0, LargestThreshold());
        foreach (var scale in Scales)
        {
            if (threshold > 0) scale.Backend.Selection.SoftThreshold(scale.Mutate(), T.CreateChecked(threshold));
            scale.Backend.Selection.Clamp(scale.Mutate(), T.Zero, T.One);
        }
    }

    // The step ends where the last layer too many reaches 0: layers shrink side by side, and several could go at once
    // where one should.
    double LargestThreshold()
    {
        var surplus = Alive - Options.Layers;
        return surplus <= 0 ? 0 : ScaleValues.Where(z => z > 0).Order().ElementAt(surplus - 1);
    }
}

/// <summary>
/// Group lasso: a layer's group is the columns of W_cr that read it (the language models' own weights are frozen), and
/// the proximal step is block soft-thresholding by η·λ0·sqrt(|g|), while more layers are alive than wanted. A layer
/// whose group reaches zero is masked from then on for later layers too, so that training goes on with the model that
/// deletion will leave.
/// </summary>
sealed class GroupLasso<T> : LayerSelector<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Parameter<T> projection;

    public GroupLasso(Tagger<T> tagger, PruneOptions options) : base(tagger, options)
    {
        projection = tagger.LanguageModelProjection!.Weight;
        foreach (var scale in Scales) scale.RequiresGradient = false;
    }

    public override Tensor<T>? Penalty() => null;

    public override void Proximal(double learningRate)
    {
        var alive = Alive;
        var start = 0;
        foreach (var encoder in Encoders)
        {
            var shape = encoder.Shape.Stack;
            var scales = encoder.Scale?.ToArray() ?? [];
            for (var l = 0; l < scales.Length; l++)
            {
                if (scales[l] == T.Zero || alive <= Options.Layers) continue;
                var group = projection.Mutate().SliceColumns(start + shape.InputOf(l), shape.Hidden[l]);
                var threshold = learningRate * Options.Lambda0 * Math.Sqrt(group.Count);
                if (projection.Backend.Selection.BlockSoftThreshold(group, T.CreateChecked(threshold)) > threshold)
                    continue;
                scales[l] = T.Zero;
                encoder.Scale!.CopyFrom(scales);
                alive--;
            }
            start += encoder.Width;
        }
    }
}
