using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// Update rules in place, a lane an element: weights, gradient and state are read once and written once. g is the
/// gradient times the step's scale. A step that does not apply changes nothing.
/// </summary>
static partial class OptimizerKernels
{
    /// <summary>v = momentum · v + g; w -= rate · v. Without velocity, v = g.</summary>
    [Kernel]
    public static void Sgd<T>(Index1D index, Matrix<T> weight, Matrix<T> gradient, Matrix<T> velocity, int columns,
        T momentum, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (row, column) = Elements.At(index, columns);
        var moved = T.CreateTruncating(step.Scale) * gradient[row, column];
        if (velocity.IsPresent)
        {
            moved += momentum * velocity[row, column];
            velocity[row, column] = moved;
        }
        weight[row, column] -= T.CreateTruncating(step.Rate) * moved;
    }

    /// <summary>The rule is <see cref="AdamConstants{T}.Updated"/>.</summary>
    [Kernel]
    public static void Adam<T>(Index1D index, AdamMatrices<T> parameter, int columns, AdamConstants<T> rule,
        ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (row, column) = Elements.At(index, columns);
        var (w, m, v) = rule.Updated(parameter.Weight[row, column], parameter.Gradient[row, column],
            parameter.First[row, column], parameter.Second[row, column], step);
        parameter.First[row, column] = m;
        parameter.Second[row, column] = v;
        parameter.Weight[row, column] = w;
    }

    /// <summary>s += g²; w -= rate · g / (√s + ε).</summary>
    [Kernel]
    public static void Adagrad<T>(Index1D index, Matrix<T> weight, Matrix<T> gradient, Matrix<T> squareSum, int columns,
        T epsilon, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (row, column) = Elements.At(index, columns);
        var g = T.CreateTruncating(step.Scale) * gradient[row, column];
        var s = squareSum[row, column] + g * g;
        squareSum[row, column] = s;
        weight[row, column] -= T.CreateTruncating(step.Rate) * g / (T.Sqrt(s) + epsilon);
    }

    /// <summary>s = ρ s + (1 - ρ) g²; d = √(u + ε) / √(s + ε) · g; u = ρ u + (1 - ρ) d²; w -= rate · d.</summary>
    [Kernel]
    public static void Adadelta<T>(Index1D index, Matrix<T> weight, Matrix<T> gradient, Matrix<T> squareAverage,
        Matrix<T> updateAverage, int columns, AdadeltaConstants<T> rule, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (row, column) = Elements.At(index, columns);
        var g = T.CreateTruncating(step.Scale) * gradient[row, column];
        var s = rule.Decay * squareAverage[row, column] + rule.Share * (g * g);
        var u = updateAverage[row, column];
        var d = T.Sqrt(u + rule.Epsilon) / T.Sqrt(s + rule.Epsilon) * g;
        squareAverage[row, column] = s;
        updateAverage[row, column] = rule.Decay * u + rule.Share * (d * d);
        weight[row, column] -= T.CreateTruncating(step.Rate) * d;
    }
}

/// <summary>What every step of an Adadelta run has in common, in T: ρ, 1 - ρ, ε.</summary>
readonly record struct AdadeltaConstants<T>(T Decay, T Share, T Epsilon) where T : unmanaged, IFloatingPointIeee754<T>
{
    public static AdadeltaConstants<T> Of(AdadeltaStep step) =>
        new(T.CreateTruncating(step.Rho), T.CreateTruncating(1 - step.Rho), T.CreateTruncating(step.Epsilon));
}
