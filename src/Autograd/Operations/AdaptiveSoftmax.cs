using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Weights of an adaptive softmax (Grave et al. 2017) over ids sorted by falling frequency.</summary>
/// <param name="Cutoffs">Ascending; the last is the vocabulary's size. Ids below Cutoffs[0] are in the head,
/// [Cutoffs[i], Cutoffs[i+1]) in tail i.</param>
/// <param name="HeadWeight">[Cutoffs[0] + tails, D]: the frequent words, then one slot for each tail.</param>
/// <param name="HeadBias">[Cutoffs[0] + tails].</param>
/// <param name="Tails">For each: Down [d_i, D], then Up [size_i, d_i]; no bias.</param>
public sealed record AdaptiveSoftmaxWeights<T>(int[] Cutoffs, Tensor<T> HeadWeight, Tensor<T> HeadBias,
    (Tensor<T> Down, Tensor<T> Up)[] Tails)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>[Cutoffs[0] + tails, D]: the frequent words, then one slot for each tail.</summary>
    public Tensor<T> HeadWeight
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(HeadWeight));
    } = HeadWeight ?? throw new ArgumentNullException(nameof(HeadWeight));

    /// <summary>[Cutoffs[0] + tails].</summary>
    public Tensor<T> HeadBias
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(HeadBias));
    } = HeadBias ?? throw new ArgumentNullException(nameof(HeadBias));

    /// <summary>For each: Down [d_i, D], then Up [size_i, d_i]; no bias.</summary>
    public (Tensor<T> Down, Tensor<T> Up)[] Tails { get; init => field = Whole(value); } = Whole(Tails);

    /// <summary>
    /// Ascending; the last is the vocabulary's size. Ids below Cutoffs[0] are in the head, [Cutoffs[i], Cutoffs[i+1])
    /// in tail i.
    /// </summary>
    /// <exception cref="ShapeException">They do not rise from 1 on, or there are none.</exception>
    public int[] Cutoffs { get; init => field = Rising(value); } = Rising(Cutoffs);

    /// <summary>Cut-offs that no weights are made for yet.</summary>
    /// <param name="cutoffs">The last is the vocabulary's size.</param>
    /// <exception cref="ShapeException">They do not rise from 1 on, or there are none.</exception>
    public static void RequireRising(ReadOnlySpan<int> cutoffs)
    {
        var rise = cutoffs.Length > 0 && cutoffs[0] >= 1;
        for (var i = 1; i < cutoffs.Length; i++) rise &= cutoffs[i] > cutoffs[i - 1];
        if (!rise)
            throw new ShapeException("adaptive softmax",
                $"cut-offs [{string.Join(", ", cutoffs.ToArray())}] do not rise from 1 on.");
    }

    static int[] Rising(int[] cutoffs)
    {
        ArgumentNullException.ThrowIfNull(cutoffs, nameof(Cutoffs));
        RequireRising(cutoffs);
        return cutoffs;
    }

    static (Tensor<T> Down, Tensor<T> Up)[] Whole((Tensor<T> Down, Tensor<T> Up)[] tails)
    {
        ArgumentNullException.ThrowIfNull(tails, nameof(Tails));
        for (var i = 0; i < tails.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(tails[i].Down, $"{nameof(Tails)}[{i}].Down");
            ArgumentNullException.ThrowIfNull(tails[i].Up, $"{nameof(Tails)}[{i}].Up");
        }
        return tails;
    }

    internal IEnumerable<Tensor<T>> All =>
        [HeadWeight, HeadBias, .. Tails.SelectMany(tail => new[] { tail.Down, tail.Up })];
}

/// <summary>
/// Negative log-likelihood of each target: [N, D] to [N, 1]. Only the rows whose target lies in a tail go through it;
/// they are found on the host, which has the targets and needs the counts, as the sizes of the tails' products: from
/// the device they would have to be read back. The backward pass overwrites the logits with their gradient, so a tail's
/// logits exist once.
/// </summary>
sealed class AdaptiveSoftmaxFunction<T>(Tensor<T> input, AdaptiveSoftmaxWeights<T> weights, IntTensor targets)
    : Function<T>([input, .. weights.All]) where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly List<TailPass> passes = [];
    Tensor<T> losses = null!, headLogits = null!, headPartition = null!;
    IntTensor headTargets = null!;

    sealed record TailPass(int Tail, IntTensor Rows, IntTensor Targets, Tensor<T> Gathered, Tensor<T> Narrow,
        Tensor<T> Logits, Tensor<T> Partition);

    protected override Tensor<T>[] Forward()
    {
        var cutoffs = weights.Cutoffs;
        var count = input.Shape.Rows;
        Require(targets.Count == count, $"{targets.Count} targets for {input.Shape}: one a row is needed.");
        Require(cutoffs.Length == weights.Tails.Length + 1,
            $"{cutoffs.Length} cut-offs for {weights.Tails.Length} tails.");
        Require(weights.HeadWeight.Shape.Rows == (long)cutoffs[0] + weights.Tails.Length
            && weights.HeadBias.Shape.Count == weights.HeadWeight.Shape.Rows,
            $"a head of {cutoffs[0]} words and {weights.Tails.Length} tails has weight "
            + $"{weights.HeadWeight.Shape} and bias {weights.HeadBias.Shape}.");
        for (var tail = 0; tail < weights.Tails.Length; tail++)
            Require(weights.Tails[tail].Up.Shape.Rows == cutoffs[tail + 1] - cutoffs[tail],
                $"tail {tail} of {cutoffs[tail + 1] - cutoffs[tail]} words has weight {weights.Tails[tail].Up.Shape}.");
        losses = Tensor.Empty(Backend, new Shape(count, 1));
        var ids = targets.ToArray();
        Require(Array.TrueForAll(ids, id => id >= -1 && id < cutoffs[^1]),
            $"a target lies outside -1..{cutoffs[^1] - 1}, the {cutoffs[^1]} words (-1: a row that does not count).");
        var head = (int[])ids.Clone();
        headLogits = Save(count, weights.HeadWeight.Shape[0]);
        headPartition = Save(count, 1);
        Backend.Gemm.Multiply(GemmKind.NT, input.View, weights.HeadWeight.View, headLogits.View,
            bias: weights.HeadBias.AsRow());
        for (var tail = 0; tail < weights.Tails.Length; tail++)
        {
            var rows = new List<int>();
            for (var row = 0; row < count; row++)
                if (ids[row] >= cutoffs[tail] && ids[row] < cutoffs[tail + 1])
                {
                    rows.Add(row);
                    head[row] = cutoffs[0] + tail;
                }
            if (rows.Count > 0) passes.Add(ForwardTail(tail, [.. rows], ids));
        }
        headTargets = new IntTensor(Backend.Device, head);
        Backend.CrossEntropy.Forward(headLogits.View, headTargets.View, headPartition.View, losses.View);
        foreach (var pass in passes)
        {
            using var tailLosses = Rent(pass.Rows.Count, 1);
            Backend.CrossEntropy.Forward(pass.Logits.View, pass.Targets.View, pass.Partition.View, tailLosses.View);
            Backend.Rows.ScatterAdd(tailLosses.View, pass.Rows.View, losses.View);
        }
        return [losses];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(losses);
        Backend.CrossEntropy.Backward(headLogits.View, headTargets.View, headPartition.View, gradient, headLogits.View);
        BackwardProduct(headLogits.View, input.View, weights.HeadWeight);
        if (Needs(weights.HeadBias))
        {
            var target = GradientFor(weights.HeadBias, out var accumulate).AsRow();
            Backend.Reduction.SumRows(headLogits.View, target, accumulate);
        }
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.Gemm.Multiply(GemmKind.NN, headLogits.View, weights.HeadWeight.View, target, accumulate);
        }
        foreach (var pass in passes) BackwardTail(pass, gradient);
        for (var tail = 0; tail < weights.Tails.Length; tail++)
            if (!passes.Exists(pass => pass.Tail == tail))
                foreach (var weight in new[] { weights.Tails[tail].Down, weights.Tails[tail].Up })
                    if (Needs(weight)) GradientToAddTo(weight);
    }

    TailPass ForwardTail(int tail, int[] rows, int[] ids)
    {
        var (down, up) = weights.Tails[tail];
        var rowIndices = new IntTensor(Backend.Device, rows);
        var tailTargets =
            new IntTensor(Backend.Device, Array.ConvertAll(rows, row => ids[row] - weights.Cutoffs[tail]));
        var gathered = Save(rows.Length, input.Shape.Columns);
        var narrow = Save(rows.Length, down.Shape[0]);
        var logits = Save(rows.Length, up.Shape[0]);
        Backend.Rows.Gather(input.View, rowIndices.View, gathered.View);
        Backend.Gemm.Multiply(GemmKind.NT, gathered.View, down.View, narrow.View);
        Backend.Gemm.Multiply(GemmKind.NT, narrow.View, up.View, logits.View);
        return new(tail, rowIndices, tailTargets, gathered, narrow, logits, Save(rows.Length, 1));
    }

    void BackwardTail(TailPass pass, MatrixView<T> gradient)
    {
        var (down, up) = weights.Tails[pass.Tail];
        using (var lossGradient = Rent(pass.Rows.Count, 1))
        {
            Backend.Rows.Gather(gradient, pass.Rows.View, lossGradient.View);
            Backend.CrossEntropy.Backward(pass.Logits.View, pass.Targets.View, pass.Partition.View, lossGradient.View,
                pass.Logits.View);
        }
        BackwardProduct(pass.Logits.View, pass.Narrow.View, up);
        if (!Needs(down) && !Needs(input)) return;
        using var narrowGradient = Rent(pass.Rows.Count, down.Shape[0]);
        Backend.Gemm.Multiply(GemmKind.NN, pass.Logits.View, up.View, narrowGradient.View);
        BackwardProduct(narrowGradient.View, pass.Gathered.View, down);
        if (!Needs(input)) return;
        using var gathered = Rent(pass.Rows.Count, input.Shape.Columns);
        Backend.Gemm.Multiply(GemmKind.NN, narrowGradient.View, down.View, gathered.View);
        Backend.Rows.ScatterAdd(gathered.View, pass.Rows.View, GradientToAddTo(input));
    }

    // dW += dYᵀ X.
    void BackwardProduct(MatrixView<T> outputGradient, MatrixView<T> layerInput, Tensor<T> weight)
    {
        if (!Needs(weight)) return;
        var target = GradientFor(weight, out var accumulate);
        Backend.Gemm.Multiply(GemmKind.TN, outputGradient, layerInput, target, accumulate);
    }
}

/// <summary>
/// The adaptive softmax (Grave et al. 2017), for vocabularies whose full softmax would cost too much.
/// </summary>
public static class AdaptiveSoftmaxOperations
{
    /// <summary>Negative log-likelihood [N, 1] of each target [N] given rows [N, D].</summary>
    /// <param name="input">[N, D].</param>
    /// <param name="weights">Of head and tails.</param>
    /// <param name="targets">[N] ids, each 0 to the last cut-off - 1.</param>
    /// <exception cref="ShapeException">Targets, cut-offs or weights do not fit.</exception>
    public static Tensor<T> AdaptiveSoftmaxLoss<T>(this Tensor<T> input, AdaptiveSoftmaxWeights<T> weights,
        IntTensor targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(targets);
        return new AdaptiveSoftmaxFunction<T>(input, weights, targets).Apply()[0];
    }
}
