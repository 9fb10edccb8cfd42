using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Update rules in place, a lane an element: weights, gradient and state are read once and written once. g is the gradient times the step's
/// scale. A step that does not apply changes nothing.
/// </summary>
static partial class OptimizerKernels
{
    /// <summary>v = momentum · v + g; w -= rate · v. Without velocity, v = g.</summary>
    [Kernel]
    public static void Sgd<T>(Index1D index, ArrayView<T> weight, int weightStride, ArrayView<T> gradient, int gradientStride,
        ArrayView<T> velocity, int velocityStride, int columns, T momentum, DecidedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var at = Elements.Place(index, columns, weightStride);
        var moved = T.CreateTruncating(step.Scale) * gradient[Elements.Place(index, columns, gradientStride)];
        if (velocity.Length > 0)
        {
            var place = Elements.Place(index, columns, velocityStride);
            moved += momentum * velocity[place];
            velocity[place] = moved;
        }
        weight[at] -= T.CreateTruncating(step.Rate) * moved;
    }

    /// <summary>m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²; w -= rate · m / (√v · correction + ε).</summary>
    [Kernel]
    public static void Adam<T>(Index1D index, ArrayView<T> weight, int weightStride, ArrayView<T> gradient, int gradientStride,
        ArrayView<T> first, int firstStride, ArrayView<T> second, int secondStride, int columns, AdamConstants<T> rule, DecidedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var at = Elements.Place(index, columns, weightStride);
        var firstAt = Elements.Place(index, columns, firstStride);
        var secondAt = Elements.Place(index, columns, secondStride);
        var g = T.CreateTruncating(step.Scale) * gradient[Elements.Place(index, columns, gradientStride)];
        var m = rule.Decay1 * first[firstAt] + rule.Share1 * g;
        var v = rule.Decay2 * second[secondAt] + rule.Share2 * (g * g);
        first[firstAt] = m;
        second[secondAt] = v;
        weight[at] -= T.CreateTruncating(step.Rate) * m / (T.Sqrt(v) * T.CreateTruncating(step.Correction) + rule.Epsilon);
    }

    /// <summary>s += g²; w -= rate · g / (√s + ε).</summary>
    [Kernel]
    public static void Adagrad<T>(Index1D index, ArrayView<T> weight, int weightStride, ArrayView<T> gradient, int gradientStride,
        ArrayView<T> squareSum, int squareSumStride, int columns, T epsilon, DecidedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var at = Elements.Place(index, columns, weightStride);
        var sumAt = Elements.Place(index, columns, squareSumStride);
        var g = T.CreateTruncating(step.Scale) * gradient[Elements.Place(index, columns, gradientStride)];
        var s = squareSum[sumAt] + g * g;
        squareSum[sumAt] = s;
        weight[at] -= T.CreateTruncating(step.Rate) * g / (T.Sqrt(s) + epsilon);
    }

    /// <summary>s = ρ s + (1 - ρ) g²; d = √(u + ε) / √(s + ε) · g; u = ρ u + (1 - ρ) d²; w -= rate · d.</summary>
    [Kernel]
    public static void Adadelta<T>(Index1D index, ArrayView<T> weight, int weightStride, ArrayView<T> gradient, int gradientStride,
        ArrayView<T> squareAverage, int squareStride, ArrayView<T> updateAverage, int updateStride,
        int columns, T decay, T share, T epsilon, DecidedStep step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var at = Elements.Place(index, columns, weightStride);
        var squareAt = Elements.Place(index, columns, squareStride);
        var updateAt = Elements.Place(index, columns, updateStride);
        var g = T.CreateTruncating(step.Scale) * gradient[Elements.Place(index, columns, gradientStride)];
        var s = decay * squareAverage[squareAt] + share * (g * g);
        var u = updateAverage[updateAt];
        var d = T.Sqrt(u + epsilon) / T.Sqrt(s + epsilon) * g;
        squareAverage[squareAt] = s;
        updateAverage[updateAt] = decay * u + share * (d * d);
        weight[at] -= T.CreateTruncating(step.Rate) * d;
    }
}
