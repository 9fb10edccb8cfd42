using System.Numerics;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// v = momentum · v + g; w -= learningRate · v. The first step from v = 0 gives v = g, as PyTorch's does.
/// </summary>
readonly struct SgdRule<T>(SgdStep step) : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Vector<T> rate = new(T.CreateTruncating(step.LearningRate));
    readonly Vector<T> momentum = new(T.CreateTruncating(step.Momentum));
    readonly Vector<T> scale = new(T.CreateTruncating(step.GradientScale));

    public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> velocity, ref Vector<T> unused)
    {
        velocity = momentum * velocity + scale * gradient;
        weight -= rate * velocity;
    }
}

/// <summary>
/// m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g²; w -= lr / (1 - β1^t) · m / (√v / √(1 - β2^t) + ε).
/// </summary>
readonly struct AdamRule<T>(AdamStep step) : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Vector<T> decay1 = new(T.CreateTruncating(step.Beta1)), share1 = new(T.CreateTruncating(1 - step.Beta1));
    readonly Vector<T> decay2 = new(T.CreateTruncating(step.Beta2)), share2 = new(T.CreateTruncating(1 - step.Beta2));
    readonly Vector<T> rate = new(T.CreateTruncating(step.LearningRate / Decay.OneMinusPower(step.Beta1, step.Number)));
    readonly Vector<T> correction =
        new(T.CreateTruncating(1 / Math.Sqrt(Decay.OneMinusPower(step.Beta2, step.Number))));
    readonly Vector<T> epsilon = new(T.CreateTruncating(step.Epsilon));
    readonly Vector<T> scale = new(T.CreateTruncating(step.GradientScale));

    public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second)
    {
        var g = scale * gradient;
        first = decay1 * first + share1 * g;
        second = decay2 * second + share2 * (g * g);
        weight -= rate * first / (Vector.SquareRoot(second) * correction + epsilon);
    }
}

/// <summary>s += g²; w -= learningRate · g / (√s + ε).</summary>
readonly struct AdagradRule<T>(AdagradStep step) : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Vector<T> rate = new(T.CreateTruncating(step.LearningRate));
    readonly Vector<T> epsilon = new(T.CreateTruncating(step.Epsilon));
    readonly Vector<T> scale = new(T.CreateTruncating(step.GradientScale));

    public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> squareSum, ref Vector<T> unused)
    {
        var g = scale * gradient;
        squareSum += g * g;
        weight -= rate * g / (Vector.SquareRoot(squareSum) + epsilon);
    }
}

/// <summary>s = ρ s + (1 - ρ) g²; d = √(u + ε) / √(s + ε) · g; u = ρ u + (1 - ρ) d²; w -= learningRate · d.</summary>
readonly struct AdadeltaRule<T>(AdadeltaStep step) : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Vector<T> rate = new(T.CreateTruncating(step.LearningRate));
    readonly Vector<T> decay = new(T.CreateTruncating(step.Rho)), share = new(T.CreateTruncating(1 - step.Rho));
    readonly Vector<T> epsilon = new(T.CreateTruncating(step.Epsilon));
    readonly Vector<T> scale = new(T.CreateTruncating(step.GradientScale));

    public void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> squareAverage,
        ref Vector<T> updateAverage)
    {
        var g = scale * gradient;
        squareAverage = decay * squareAverage + share * (g * g);
        var update = Vector.SquareRoot(updateAverage + epsilon) / Vector.SquareRoot(squareAverage + epsilon) * g;
        updateAverage = decay * updateAverage + share * (update * update);
        weight -= rate * update;
    }
}
