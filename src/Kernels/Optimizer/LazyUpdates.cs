using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>What dense optimizers do to a row whose gradient is zero, many steps at once.</summary>
static class LazyUpdates
{
    /// <summary>
    /// k steps of SGD at one learning rate: v becomes m^k v and w moves by -lr · v · (m + m² + ... + m^k).
    /// </summary>
    public static void Sgd<T>(Span<T> weight, Span<T> velocity, int steps, SgdStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var m = step.Momentum;
        var decay = Math.Pow(m, steps);
        var moved = m == 1 ? steps : m * Decay.OneMinusPower(m, steps) / (1 - m);
        TensorPrimitives.MultiplyAdd<T>(velocity, T.CreateTruncating(-step.LearningRate * moved), weight, weight);
        TensorPrimitives.Multiply(velocity, T.CreateTruncating(decay), velocity);
    }

    /// <summary>
    /// Adam's steps <paramref name="last"/> + 1 to <paramref name="end"/>, each with its own bias correction. It stops
    /// early, and only decays the moments, once all that is left to come moves no weight by half a unit in its last
    /// place.
    /// </summary>
    /// <remarks>
    /// Why that can be known: let u_s be the update of step s, c_s = √(1 - β2^s) and q = β1 / √β2 &lt; 1. From one idle
    /// step to the next m shrinks by β1, √v by √β2, 1 / (1 - β1^s) falls, and c rises. The denominator √v / c_s + ε
    /// thus shrinks at most by √β2 · c_s / c_(s+1), so |u_(s+j)| ≤ |u_s| · q^j · c_(s+j) / c_s ≤ |u_s| · q^j / c_s, and
    /// all later updates together are at most |u_s| · q / ((1 - q) · c_s). A unit in the last place of w is more than
    /// |w| · ε / 2, where 1 + ε is the number after 1.
    /// </remarks>
    public static void Adam<T>(Span<T> weight, Span<T> first, Span<T> second, int last, int end, AdamStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var quarterEpsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One) / 4;
        var q = step.Beta1 / Math.Sqrt(step.Beta2);
        var (correction1, correction2) = (Decay.OneMinusPower(step.Beta1, last), Decay.OneMinusPower(step.Beta2, last));
        var moving = true;
        while (moving && last < end)
        {
            last++;
            correction1 = Decay.OneMinusNextPower(step.Beta1, correction1);
            correction2 = Decay.OneMinusNextPower(step.Beta2, correction2);
            var c = Math.Sqrt(correction2);
            var rest = q < 1 ? q / ((1 - q) * c) : double.PositiveInfinity;
            var rule = new LazyAdamRule<T>(step, step.LearningRate / correction1, 1 / c, rest / quarterEpsilon);
            moving = rule.Run(weight, first, second);
        }
        if (last == end) return;
        TensorPrimitives.Multiply(first, T.CreateTruncating(Math.Pow(step.Beta1, end - last)), first);
        TensorPrimitives.Multiply(second, T.CreateTruncating(Math.Pow(step.Beta2, end - last)), second);
    }

    /// <summary>One Adam step without a gradient.</summary>
    readonly struct LazyAdamRule<T>(AdamStep step, double rate, double correction, double rest)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        readonly Vector<T> decay1 = new(T.CreateTruncating(step.Beta1)), decay2 = new(T.CreateTruncating(step.Beta2));
        readonly Vector<T> rate = new(T.CreateTruncating(rate)), correction = new(T.CreateTruncating(correction));
        readonly Vector<T> epsilon = new(T.CreateTruncating(step.Epsilon)), rest = new(T.CreateTruncating(rest));

        /// <summary>Whether any weight still has |update| · rest &gt; |weight|.</summary>
        public bool Run(Span<T> weight, Span<T> first, Span<T> second)
        {
            var moving = Vector<T>.Zero;
            var i = 0;
            for (; i <= weight.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                Vector<T> w = VectorLoop.Load<T>(weight, i), m = VectorLoop.Load<T>(first, i),
                    v = VectorLoop.Load<T>(second, i);
                moving |= Apply(ref w, ref m, ref v);
                VectorLoop.Store(w, weight, i);
                VectorLoop.Store(m, first, i);
                VectorLoop.Store(v, second, i);
            }
            if (i < weight.Length)
            {
                Vector<T> w = VectorLoop.LoadPart<T>(weight, i), m = VectorLoop.LoadPart<T>(first, i),
                    v = VectorLoop.LoadPart<T>(second, i);
                moving |= Apply(ref w, ref m, ref v);
                VectorLoop.StorePart(w, weight, i);
                VectorLoop.StorePart(m, first, i);
                VectorLoop.StorePart(v, second, i);
            }
            return !Vector.EqualsAll(moving.As<T, byte>(), Vector<byte>.Zero);
        }

        Vector<T> Apply(ref Vector<T> weight, ref Vector<T> first, ref Vector<T> second)
        {
            first *= decay1;
            second *= decay2;
            var update = rate * first / (Vector.SquareRoot(second) * correction + epsilon);
            weight -= update;
            return Vector.GreaterThan(Vector.Abs(update) * rest, Vector.Abs(weight));
        }
    }
}
