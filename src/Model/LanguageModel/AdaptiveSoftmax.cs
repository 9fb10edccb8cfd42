using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Model;

/// <summary>
/// Adaptive softmax (Grave et al. 2017) over ids sorted by falling frequency: <c>head.weight</c>, <c>head.bias</c>,
/// <c>tail.{i}.0.weight</c>, <c>tail.{i}.1.weight</c>.
/// </summary>
public sealed class AdaptiveSoftmax<T> : Module<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly AdaptiveSoftmaxWeights<T> weights;

    /// <summary>Weights of head and tails, zero until <see cref="Initialize"/>.</summary>
    /// <param name="backend">Where it lives.</param>
    /// <param name="inputs">D, the width of what it reads.</param>
    /// <param name="cutoffs">Ascending; those not below <paramref name="words"/> are left out.</param>
    /// <param name="words">V, the vocabulary's size.</param>
    /// <param name="exponentStart">Tail i is D / 4^(i + this) wide: 1 in the paper, 0 in the published code.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are no words or no columns, or <paramref name="exponentStart"/> is negative.
    /// </exception>
    /// <exception cref="ShapeException">The cut-offs do not rise from 1 on.</exception>
    public AdaptiveSoftmax(DeviceBackend<T> backend, int inputs, IEnumerable<int> cutoffs, int words, int exponentStart)
        : base(backend)
    {
        ArgumentNullException.ThrowIfNull(cutoffs);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(words, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exponentStart);
        int[] borders = [.. cutoffs.Where(cutoff => cutoff < words), words];
        AdaptiveSoftmaxWeights<T>.RequireRising(borders);
        var tails = borders.Length - 1;
        var headWeight = Register("head.weight", new Shape(borders[0] + tails, inputs));
        var headBias = Register("head.bias", new Shape(borders[0] + tails));
        var pairs = new (Tensor<T>, Tensor<T>)[tails];
        for (var i = 0; i < tails; i++)
        {
            var width = Math.Max(1, inputs >> (int)Math.Min(31, 2 * ((long)i + exponentStart)));
            pairs[i] = (Register($"tail.{i}.0.weight", new Shape(width, inputs)),
                Register($"tail.{i}.1.weight", new Shape(borders[i + 1] - borders[i], width)));
        }
        weights = new(borders, headWeight, headBias, pairs);
    }

    /// <summary>V.</summary>
    public int Words => weights.Cutoffs[^1];

    /// <summary>Negative log-likelihoods [N, 1] of targets [N] given [N, D].</summary>
    /// <param name="input">[N, D].</param>
    /// <param name="targets">[N] ids.</param>
    /// <exception cref="ShapeException">There is not one target a row, or the width is another.</exception>
    public Tensor<T> Losses(Tensor<T> input, IntTensor targets)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(targets);
        return input.AdaptiveSoftmaxLoss(weights, targets);
    }

    /// <summary>The whole log-distribution [N, V] given [N, D].</summary>
    /// <param name="input">[N, D].</param>
    /// <exception cref="ShapeException">The width is another.</exception>
    public Tensor<T> LogProb(Tensor<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var frequent = weights.Cutoffs[0];
        var head = input.Linear(weights.HeadWeight, weights.HeadBias).LogSoftmax();
        var rows = input.Shape.Rows;
        var parts = new List<Tensor<T>> { head.Columns(0, frequent) };
        for (var i = 0; i < weights.Tails.Length; i++)
        {
            var tail = input.Linear(weights.Tails[i].Down).Linear(weights.Tails[i].Up).LogSoftmax();
            var slot = Tensor.Full(Backend, new Shape(1, tail.Shape.Columns), T.One);
            parts.Add(tail.Add(head.Columns(frequent + i, 1).MatrixProduct(slot).Reshape(rows, tail.Shape.Columns)));
        }
        return RowOperations.Concatenate([.. parts]);
    }

    /// <summary>Draws the weights (Glorot and Bengio 2010, normal); biases are 0.</summary>
    /// <param name="random">Where the draws come from.</param>
    public void Initialize(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Initialization.XavierNormal(weights.HeadWeight, random);
        Initialization.Fill(weights.HeadBias, 0);
        foreach (var (down, up) in weights.Tails)
        {
            Initialization.XavierNormal(down, random);
            Initialization.XavierNormal(up, random);
        }
    }
}
