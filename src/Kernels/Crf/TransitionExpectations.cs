using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Weighted sums over sentences of (expected - gold) transition counts: one set of sums a block of sentences, added up
/// in the blocks' order at the end, so that the threads' order does not show.
/// </summary>
sealed unsafe class TransitionExpectations : IDisposable
{
    readonly CrfTransitions transitions;
    readonly HostBuffer<double> memory;
    readonly int blocks;

    public TransitionExpectations(CpuDevice device, CrfTransitions transitions, int blocks)
    {
        (this.transitions, this.blocks) = (transitions, blocks);
        memory = (HostBuffer<double>)device.Allocate<double>((long)blocks * BlockSize);
        for (var block = 0; block < blocks; block++) new Span<double>(Outer(block), BlockSize).Clear();
    }

    int MatrixSize => transitions.Count * transitions.Stride;

    int BlockSize => 2 * MatrixSize + 2 * transitions.Stride;

    /// <summary>[Count x Stride], still to be multiplied by <see cref="CrfTransitions.Factors"/>.</summary>
    public double* Outer(int block) => memory.Pointer + (long)block * BlockSize;

    /// <summary>[Count x Stride], as they are.</summary>
    public double* Expected(int block) => Outer(block) + MatrixSize;

    double* FromStart(int block) => Expected(block) + MatrixSize;

    double* ToEnd(int block) => FromStart(block) + transitions.Stride;

    /// <summary>
    /// Adds the first and the last transition of a sentence: at the ends, (marginal - gold) of a tag is that of its
    /// transition.
    /// </summary>
    public void AddEnds(int block, CrfSentence sentence, double weight)
    {
        AddScaled(FromStart(block), weight, sentence.Forward);
        AddScaled(ToEnd(block), weight, sentence.Forward + (long)(sentence.Length - 1) * transitions.Stride);
    }

    /// <summary>Takes the gold transitions between tags off.</summary>
    public void SubtractGold<T>(int block, in CrfBatch<T> batch, ReadOnlySpan<int> tags, int sentence, double weight)
        where T : unmanaged
    {
        var expected = Expected(block);
        var length = batch.Lengths.Span[sentence];
        for (var t = 1; t < length; t++)
        {
            var from = transitions.IndexOf[tags[(t - 1) * batch.Batch + sentence]];
            var to = transitions.IndexOf[tags[t * batch.Batch + sentence]];
            expected[from * transitions.Stride + to] -= weight;
        }
    }

    /// <summary>Adds the sums to a gradient [K x K].</summary>
    public void AddTo<T>(MatrixView<T> gradient, int startTag, int endTag) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (blocks == 0) return;
        var total = Outer(0);
        for (var block = 1; block < blocks; block++)
            for (var i = 0; i < BlockSize; i++)
                total[i] += Outer(block)[i];
        SmallLinearAlgebra.AddProduct(Expected(0), Outer(0), transitions.Factors, MatrixSize);
        var tags = transitions.Tags;
        for (var i = 0; i < tags.Length; i++)
        {
            var row = gradient.Row(tags[i]);
            for (var j = 0; j < tags.Length; j++)
                row[tags[j]] += T.CreateTruncating(Expected(0)[i * transitions.Stride + j]);
            row[endTag] += T.CreateTruncating(ToEnd(0)[i]);
            gradient.Row(startTag)[tags[i]] += T.CreateTruncating(FromStart(0)[i]);
        }
    }

    public void Dispose() => memory.Dispose();

    void AddScaled(double* sum, double weight, double* values)
    {
        for (var i = 0; i < transitions.Count; i++) sum[i] += weight * values[i];
    }
}
