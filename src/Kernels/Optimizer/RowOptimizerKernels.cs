using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>Rows of a table, each named once, and the idle steps that they are behind.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="LastStep">Of every row of the table: the step it is up to date with; 0: never touched.</param>
/// <param name="To">The last idle step.</param>
readonly record struct IdleRows(ArrayView<int> Rows, ArrayView<int> LastStep, int To)
{
    /// <summary>
    /// The step that the i-th row is up to date with: a row never touched has no state that could move it.
    /// </summary>
    public int From(int i)
    {
        var before = LastStep[Rows[i]];
        return before == 0 ? To : before;
    }
}

/// <summary>What an idle SGD step takes, in double.</summary>
readonly record struct IdleSgd(double Rate, double Momentum);

/// <summary>What an idle Adam step takes, in double.</summary>
/// <param name="LearningRate">Before the correction for the step's number.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="QuarterEpsilon">A quarter of the distance from 1 to the next number of the table's type.</param>
readonly record struct IdleAdam(double LearningRate, double Beta1, double Beta2, double QuarterEpsilon);

/// <summary>
/// Updates of the rows of a table that a step touched, a lane for each of their elements: idle steps are replayed first
/// (<see cref="LazyUpdates"/> says how and why it may stop early; here each element stops for itself), then the
/// gradient is taken. A row is named once. Tables of one parameter share its shape, but not their strides.
/// </summary>
static partial class RowOptimizerKernels
{
    /// <summary>step of each named row; a lane a row.</summary>
    [Kernel]
    public static void SetSteps(Index1D index, ArrayView<int> rows, ArrayView<int> lastStep, int number,
        ClippedStep step)
    {
        if (step.Applies) lastStep[rows[index]] = number;
    }

    /// <summary>
    /// Idle steps at one rate: w -= rate · v · (m + m² + ... + m^k), v becomes m^k v; then, with a gradient, an SGD
    /// step.
    /// </summary>
    [Kernel]
    public static void Sgd<T>(Index1D index, IdleRows rows, Matrix<T> table, Matrix<T> gradient, Matrix<T> velocity,
        int columns, IdleSgd rule, ClippedStep step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (i, column) = Elements.At(index, columns);
        var row = rows.Rows[i];
        var w = table[row, column];
        var v = velocity.IsPresent ? velocity[row, column] : T.Zero;
        var idle = rows.To - rows.From(i);
        if (idle > 0)
        {
            var decay = Math.Pow(rule.Momentum, (double)idle);
            var moved = rule.Momentum == 1
                ? idle : rule.Momentum * Decay.OneMinusPower(rule.Momentum, idle) / (1 - rule.Momentum);
            w += v * T.CreateTruncating(-rule.Rate * moved);
            v *= T.CreateTruncating(decay);
        }
        if (gradient.IsPresent)
        {
            v = T.CreateTruncating(rule.Momentum) * v + T.CreateTruncating(step.Scale) * gradient[i, column];
            w -= T.CreateTruncating(rule.Rate) * v;
        }
        table[row, column] = w;
        if (velocity.IsPresent) velocity[row, column] = v;
    }

    /// <summary>Idle Adam steps, each with its own bias correction; then, with a gradient, the step itself.</summary>
    [Kernel]
    public static void Adam<T>(Index1D index, IdleRows rows, AdamMatrices<T> table, int columns, IdleAdam idle,
        AdamConstants<T> rule, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var (i, column) = Elements.At(index, columns);
        var row = rows.Rows[i];
        var w = table.Weight[row, column];
        var m = table.First[row, column];
        var v = table.Second[row, column];

        var last = rows.From(i);
        var correction1 = Decay.OneMinusPower(idle.Beta1, last);
        var correction2 = Decay.OneMinusPower(idle.Beta2, last);
        var q = idle.Beta1 / Math.Sqrt(idle.Beta2);
        var moving = true;
        while (moving && last < rows.To)
        {
            last++;
            correction1 = Decay.OneMinusNextPower(idle.Beta1, correction1);
            correction2 = Decay.OneMinusNextPower(idle.Beta2, correction2);
            var c = Math.Sqrt(correction2);
            m *= rule.Decay1;
            v *= rule.Decay2;
            var update = T.CreateTruncating(idle.LearningRate / correction1) * m
                / (T.Sqrt(v) * T.CreateTruncating(1 / c) + rule.Epsilon);
            w -= update;
            // All updates still to come together are at most |update| · q / ((1 - q) · c).
            moving = q >= 1
                || double.CreateTruncating(T.Abs(update)) * (q / ((1 - q) * c))
                    > idle.QuarterEpsilon * double.CreateTruncating(T.Abs(w));
        }
        if (last < rows.To)
        {
            m *= T.CreateTruncating(Math.Pow(idle.Beta1, (double)(rows.To - last)));
            v *= T.CreateTruncating(Math.Pow(idle.Beta2, (double)(rows.To - last)));
        }

        if (table.Gradient.IsPresent) (w, m, v) = rule.Updated(w, table.Gradient[i, column], m, v, step);
        table.Weight[row, column] = w;
        table.First[row, column] = m;
        table.Second[row, column] = v;
    }
}
