using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Updates of the rows of a table that a step touched, a lane for each of their elements: idle steps are replayed first
/// (<see cref="IdleSteps"/> says how and why it may stop early; here each element stops for itself), then the gradient is taken. A row is
/// named once. Tables of one parameter share its shape, but not their strides.
/// </summary>
static partial class RowOptimizerKernels
{
    /// <summary>step of each named row; a lane a row.</summary>
    [Kernel]
    public static void SetSteps(Index1D index, ArrayView<int> rows, ArrayView<int> lastStep, int number, DecidedStep step)
    {
        if (step.Applies) lastStep[rows[index]] = number;
    }

    /// <summary>Idle steps at one rate: w -= rate · v · (m + m² + ... + m^k), v becomes m^k v; then, with a gradient, an SGD step.</summary>
    [Kernel]
    public static void Sgd<T>(Index1D index, ArrayView<int> rows, ArrayView<int> lastStep, int idleTo,
        ArrayView<T> table, int tableStride, ArrayView<T> gradient, int gradientStride, ArrayView<T> velocity, int velocityStride,
        int columns, double rate, double momentum, DecidedStep step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var i = index / columns;
        var column = index - i * columns;
        var idleFrom = IdleFrom(lastStep[rows[i]], idleTo);
        var at = (long)rows[i] * tableStride + column;
        var w = table[at];
        var v = velocity.Length > 0 ? velocity[(long)rows[i] * velocityStride + column] : T.Zero;
        var idle = idleTo - idleFrom;
        if (idle > 0)
        {
            var decay = Math.Pow(momentum, (double)idle);
            var moved = momentum == 1 ? idle : momentum * Decay.OneMinusPower(momentum, idle) / (1 - momentum);
            w += v * T.CreateTruncating(-rate * moved);
            v *= T.CreateTruncating(decay);
        }
        if (gradient.Length > 0)
        {
            v = T.CreateTruncating(momentum) * v + T.CreateTruncating(step.Scale) * gradient[(long)i.X * gradientStride + column];
            w -= T.CreateTruncating(rate) * v;
        }
        table[at] = w;
        if (velocity.Length > 0) velocity[(long)rows[i] * velocityStride + column] = v;
    }

    /// <summary>Idle Adam steps, each with its own bias correction; then, with a gradient, the step itself.</summary>
    [Kernel]
    public static void Adam<T>(Index1D index, ArrayView<int> rows, ArrayView<int> lastStep, int idleTo,
        ArrayView<T> table, int tableStride, ArrayView<T> gradient, int gradientStride,
        ArrayView<T> first, int firstStride, ArrayView<T> second, int secondStride, int columns,
        double learningRate, double beta1, double beta2, double quarterEpsilon, AdamConstants<T> rule, DecidedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var i = index / columns;
        var column = index - i * columns;
        var idleFrom = IdleFrom(lastStep[rows[i]], idleTo);
        var at = (long)rows[i] * tableStride + column;
        var firstAt = (long)rows[i] * firstStride + column;
        var secondAt = (long)rows[i] * secondStride + column;
        var w = table[at];
        var m = first[firstAt];
        var v = second[secondAt];

        var last = idleFrom;
        var correction1 = Decay.OneMinusPower(beta1, last);
        var correction2 = Decay.OneMinusPower(beta2, last);
        var q = beta1 / Math.Sqrt(beta2);
        var moving = true;
        while (moving && last < idleTo)
        {
            last++;
            correction1 = Decay.OneMinusNextPower(beta1, correction1);
            correction2 = Decay.OneMinusNextPower(beta2, correction2);
            var c = Math.Sqrt(correction2);
            m *= rule.Decay1;
            v *= rule.Decay2;
            var update = T.CreateTruncating(learningRate / correction1) * m / (T.Sqrt(v) * T.CreateTruncating(1 / c) + rule.Epsilon);
            w -= update;
            // All updates still to come together are at most |update| · q / ((1 - q) · c).
            moving = q >= 1 || double.CreateTruncating(T.Abs(update)) * (q / ((1 - q) * c)) > quarterEpsilon * double.CreateTruncating(T.Abs(w));
        }
        if (last < idleTo)
        {
            m *= T.CreateTruncating(Math.Pow(beta1, (double)(idleTo - last)));
            v *= T.CreateTruncating(Math.Pow(beta2, (double)(idleTo - last)));
        }

        if (gradient.Length > 0)
        {
            var g = T.CreateTruncating(step.Scale) * gradient[(long)i.X * gradientStride + column];
            m = rule.Decay1 * m + rule.Share1 * g;
            v = rule.Decay2 * v + rule.Share2 * (g * g);
            w -= T.CreateTruncating(step.Rate) * m / (T.Sqrt(v) * T.CreateTruncating(step.Correction) + rule.Epsilon);
        }
        table[at] = w;
        first[firstAt] = m;
        second[secondAt] = v;
    }

    // A row never touched has no state that could move it.
    static int IdleFrom(int before, int idleTo) => before == 0 ? idleTo : before;
}
