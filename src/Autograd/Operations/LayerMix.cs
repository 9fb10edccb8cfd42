using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>sum_l weights[l] · layers[l], all of one shape.</summary>
sealed class WeightedSumFunction<T>(Tensor<T>[] layers, Tensor<T> weights) : Function<T>([.. layers, weights])
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(weights.Shape.Count == layers.Length, $"weights {weights.Shape} for {layers.Length} layers.");
        output = Tensor.Empty(Backend, layers[0].Shape);
        for (var l = 0; l < layers.Length; l++)
        {
            Require(layers[l].Shape == layers[0].Shape,
                $"layer {l} {layers[l].Shape} and layer 0 {layers[0].Shape} must be equal.");
            Backend.Elementwise.Scale(Weight(l), layers[l].View, output.View, accumulate: l > 0);
        }
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        var weightsTarget = Needs(weights) ? GradientToAddTo(weights).AsRow() : default;
        for (var l = 0; l < layers.Length; l++)
        {
            if (!weightsTarget.IsNone)
                Backend.Reduction.Dot(gradient, layers[l].View, weightsTarget.SliceColumns(l, 1), accumulate: true);
            if (!Needs(layers[l])) continue;
            var target = GradientFor(layers[l], out var accumulate);
            Backend.Elementwise.Scale(Weight(l), gradient, target, accumulate);
        }
    }

    MatrixView<T> Weight(int l) => weights.AsRow().SliceColumns(l, 1);
}

/// <summary>Weighted sums of layers.</summary>
public static class LayerMixOperations
{
    /// <summary>
    /// ELMo's task-specific mix (Peters et al. 2018, equation 1): scale · sum_l softmax(scores)_l · layers_l. scores
    /// [L], scale [1].
    /// </summary>
    /// <param name="layers">L tensors of one shape.</param>
    /// <param name="scores">[L], learned.</param>
    /// <param name="scale">[1], learned: γ.</param>
    /// <exception cref="Devices.ShapeException">The shapes do not fit.</exception>
    public static Tensor<T> MixLayers<T>(this Tensor<T>[] layers, Tensor<T> scores, Tensor<T> scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NullElements.Refuse(layers);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(scale);
        return new WeightedSumFunction<T>(layers, scores.LogSoftmax().Map(Unary.Exp)).Apply()[0].ScaleBy(scale);
    }
}
