using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Softmax with negative log-likelihood of floats, reading each row once and 16 bytes at a time: what <see cref="CrossEntropyKernels"/>
/// does in three passes. A group a row. Rows lie on multiples of 16 bytes.
/// </summary>
static partial class VectorCrossEntropyKernels
{
    /// <summary>
    /// As <see cref="CrossEntropyKernels.Forward"/>: each lane keeps the largest element it has seen and the sum relative to it,
    /// which it scales whenever a larger one comes.
    /// </summary>
    [Kernel]
    public static void Forward(ArrayView<float> logits, int logitsStride, int columns, ArrayView<int> targets,
        ArrayView<float> logPartition, int logPartitionStride, ArrayView<float> losses, int lossesStride)
    {
        var row = Grid.IdxX;
        var start = (long)row * logitsStride;
        var largest = float.NegativeInfinity;
        var sum = 0f;
        for (var i = 4 * Group.IdxX; i < columns; i += 4 * Group.DimX)
        {
            if (i + 4 <= columns)
            {
                var x = Cuda.Vector.Load(logits, start + i);
                var top = float.MaxNumber(largest, float.MaxNumber(float.MaxNumber(x.X, x.Y), float.MaxNumber(x.Z, x.W)));
                var from = Finite(top);
                sum = sum * float.Exp(largest - from) + (float.Exp(x.X - from) + float.Exp(x.Y - from) + (float.Exp(x.Z - from) + float.Exp(x.W - from)));
                largest = top;
            }
            else
            {
                for (var j = i; j < columns; j++)
                {
                    var x = logits[start + j];
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
        logPartition[(long)row * logPartitionStride] = log;
        losses[(long)row * lossesStride] = target < 0 ? 0 : log - logits[start + target];
    }

    /// <summary>As <see cref="CrossEntropyKernels.Backward"/>; the gradient's rows lie on multiples of 16 bytes too.</summary>
    [Kernel]
    public static void Backward(ArrayView<float> logits, int logitsStride, int columns, ArrayView<int> targets,
        ArrayView<float> logPartition, int logPartitionStride, ArrayView<float> lossGradient, int lossGradientStride,
        ArrayView<float> logitsGradient, int logitsGradientStride, bool accumulate)
    {
        var row = Grid.IdxX;
        var source = (long)row * logitsStride;
        var destination = (long)row * logitsGradientStride;
        var target = targets[row];
        var log = logPartition[(long)row * logPartitionStride];
        var scale = target < 0 ? 0 : lossGradient[(long)row * lossGradientStride];
        for (var i = 4 * Group.IdxX; i < columns; i += 4 * Group.DimX)
        {
            if (i + 4 <= columns)
            {
                var x = Cuda.Vector.Load(logits, source + i);
                var before = new Float4(0, 0, 0, 0);
                if (accumulate) before = Cuda.Vector.Load(logitsGradient, destination + i);
                var sum = new Float4(before.X + Gradient(x.X, log, scale, i, target), before.Y + Gradient(x.Y, log, scale, i + 1, target),
                    before.Z + Gradient(x.Z, log, scale, i + 2, target), before.W + Gradient(x.W, log, scale, i + 3, target));
                Cuda.Vector.Store(logitsGradient, destination + i, sum);
            }
            else
            {
                for (var j = i; j < columns; j++)
                {
                    var gradient = Gradient(logits[source + j], log, scale, j, target);
                    logitsGradient[destination + j] = accumulate ? logitsGradient[destination + j] + gradient : gradient;
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
    static float Finite(float largest) => largest == float.NegativeInfinity ? 0 : largest;
}
