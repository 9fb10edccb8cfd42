using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>
/// Softmax with negative log-likelihood of floats, reading each row once and 16 bytes at a time: what
/// <see cref="CrossEntropyKernels"/> does in three passes. A group a row. Rows lie on multiples of 16 bytes.
/// </summary>
static partial class VectorCrossEntropyKernels
{
    /// <summary>
    /// As <see cref="CrossEntropyKernels.Forward"/>: each lane keeps the largest element it has seen and the sum
    /// relative to it, which it scales whenever a larger one comes.
    /// </summary>
    [Kernel]
    public static void Forward(Matrix<float> logits, int columns, ArrayView<int> targets, Matrix<float> logPartition,
        Matrix<float> losses)
    {
        var row = Grid.IdxX;
        var largest = float.NegativeInfinity;
        var sum = 0f;
        for (var i = 4 * Group.IdxX; i < columns; i += 4 * Group.DimX)
        {
            if (i + 4 <= columns)
            {
                var x = Cuda.Vector.Load(logits.Values, logits.Place(row, i));
                var top =
                    float.MaxNumber(largest, float.MaxNumber(float.MaxNumber(x.X, x.Y), float.MaxNumber(x.Z, x.W)));
                var from = Finite(top);
                sum = sum * float.Exp(largest - from)
                    + (float.Exp(x.X - from) + float.Exp(x.Y - from) + (float.Exp(x.Z - from) + float.Exp(x.W - from)));
                largest = top;
            }
            else
            {
                for (var j = i; j < columns; j++)
                {
                    var x = logits[row, j];
                    var top = float.MaxNumber(largest, x);
                    sum = sum * float.Exp(largest - Finite(top)) + float.Exp(x - Finite(top));
                    largest = top;
                }
            }
        }
        var best = GroupExtensions.AllReduce<float, Max<float>>(largest);
        var total = GroupExtensions.AllReduce<float, Add<float>>(sum * float.Exp(largest - Finite(best)));
        if (Group.IdxX > 0) return;
        var log = best + float.Log(total);
        var target = targets[row];
        logPartition[row, 0] = log;
        losses[row, 0] = target < 0 ? 0f : log - logits[row, target];
    }

    /// <summary>
    /// As <see cref="CrossEntropyKernels.Backward"/>; the gradient's rows lie on multiples of 16 bytes too.
    /// </summary>
    [Kernel]
    public static void Backward(Matrix<float> logits, int columns, ArrayView<int> targets, Matrix<float> logPartition,
        Matrix<float> lossGradient, Matrix<float> logitsGradient, Flag accumulate)
    {
        var row = Grid.IdxX;
        var target = targets[row];
        var log = logPartition[row, 0];
        var scale = target < 0 ? 0f : lossGradient[row, 0];
        for (var i = 4 * Group.IdxX; i < columns; i += 4 * Group.DimX)
        {
            if (i + 4 <= columns)
            {
                var x = Cuda.Vector.Load(logits.Values, logits.Place(row, i));
                var before = new FloatQuad(0, 0, 0, 0);
                if (accumulate) before = Cuda.Vector.Load(logitsGradient.Values, logitsGradient.Place(row, i));
                var sum = new FloatQuad(before.X + Gradient(x.X, log, scale, i, target),
                    before.Y + Gradient(x.Y, log, scale, i + 1, target),
                    before.Z + Gradient(x.Z, log, scale, i + 2, target),
                    before.W + Gradient(x.W, log, scale, i + 3, target));
                Cuda.Vector.Store(logitsGradient.Values, logitsGradient.Place(row, i), sum);
            }
            else
            {
                for (var j = i; j < columns; j++)
                {
                    var gradient = Gradient(logits[row, j], log, scale, j, target);
                    logitsGradient[row, j] = accumulate ? logitsGradient[row, j] + gradient : gradient;
                }
            }
        }
    }

    // 0 for a row that does not count, whatever its logits.
    static float Gradient(float logit, float logPartition, float scale, int column, int target)
    {
        if (target < 0) return 0;
        var probability = float.Exp(logit - logPartition);
        return scale * (column == target ? probability - 1 : probability);
    }

    // What sums are taken relative to: 0 where every element so far is -infinity.
    static float Finite(float largest) => largest == float.NegativeInfinity ? 0f : largest;
}
