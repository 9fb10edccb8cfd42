using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// The CRF on a device that runs kernels, a group a sentence. Scores that decide whether a call is refused (gold tags, or every sequence, forbidden)
/// come to the host. The n best are found on the host, by the CPU's code: their lists grow and shrink, and decoding reads them there anyway.
/// </summary>
public sealed class GpuCrf<T>(GpuDevice device, KernelChoice? choice = null) : ICrf<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogPartition(in CrfBatch<T> batch, MatrixView<T> logPartition)
    {
        CrfChecks.Batch("crf log partition", batch);
        CrfChecks.Matrix("crf log partition", "result", logPartition, batch.Batch, 1);
        using var alpha = Alpha(batch);
        Forward(batch, default, logPartition, alpha);
    }

    public void Score(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
    {
        CrfChecks.Batch("crf score", batch);
        CrfChecks.GoldTags("crf score", batch, tags);
        CrfChecks.Matrix("crf score", "result", scores, batch.Batch, 1);
        using var exact = device.Allocate<double>(Math.Max(1, batch.Batch));
        Score(batch, tags, exact);
        CrfKernels.LaunchStore<T>(device, batch.Batch, exact, scores);
    }

    public void NegativeLogLikelihood(in CrfBatch<T> batch, IndexView tags, MatrixView<T> negativeLogLikelihood,
        MatrixView<T> weights, MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient, bool accumulate, CrfSweeps? sweeps = null)
    {
        CrfChecks.NegativeLogLikelihood(batch, tags, negativeLogLikelihood, weights, emissionsGradient, transitionsGradient);
        if (batch.Batch == 0) return;
        using var gold = device.Allocate<double>(batch.Batch);
        Score(batch, tags, gold);
        var forbidden = Array.FindIndex(Read(gold), double.IsNegativeInfinity);
        if (forbidden >= 0) throw Forbidden(batch, tags, forbidden);
        var tagCount = batch.Transitions.Columns;
        using var expected = device.Allocate<double>(transitionsGradient.IsNone ? 0 : batch.Batch * ((long)tagCount * tagCount + 2 * tagCount));
        using var alpha = Alpha(batch);
        Forward(batch, gold, negativeLogLikelihood, alpha);
        if (emissionsGradient.IsNone && transitionsGradient.IsNone) return;
        Backward(batch, tags, weights, emissionsGradient, expected, alpha, accumulate);
        if (!transitionsGradient.IsNone)
            CrfKernels.LaunchAddExpected(device, tagCount * tagCount, CrfOperands<T>.Of(batch), Tagged(batch, expected), transitionsGradient);
    }

    public void Marginals(in CrfBatch<T> batch, MatrixView<T> marginals, MatrixView<T> logPartition)
    {
        CrfChecks.Batch("crf marginals", batch);
        CrfChecks.Matrix("crf marginals", "marginals", marginals, batch.Steps * batch.Batch, batch.Transitions.Columns);
        CrfChecks.Matrix("crf marginals", "log partition", logPartition, batch.Batch, 1);
        if (batch.Batch == 0) return;
        using var copy = device.Allocate<T>(batch.Batch);
        var partition = new MatrixView<T>(copy, 0, batch.Batch, 1, 1);
        using var alpha = Alpha(batch);
        Forward(batch, default, partition, alpha);
        Refuse(Array.FindIndex(Read(copy), T.IsNegativeInfinity));
        Backward(batch, default, default, marginals, default, alpha, accumulate: false);
        new GpuElementwise<T>(device).Copy(partition, logPartition);
    }

    public void Viterbi(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
    {
        CrfChecks.Batch("crf viterbi", batch);
        CrfChecks.TagCount("crf viterbi", batch, tags);
        CrfChecks.Matrix("crf viterbi", "scores", scores, batch.Batch, 1);
        if (batch.Batch == 0) return;
        var tagCount = batch.Transitions.Columns;
        using var exact = device.Allocate<double>(batch.Batch);
        if (KernelVariants.WarpViterbi.IsTaken(Query(batch)))
        {
            using var before = device.Allocate<int>((long)batch.Steps * batch.Batch * tagCount);
            WarpViterbiKernels.LaunchDecode(device, (batch.Batch, WarpCrfKernels.Lanes), tagCount, CrfOperands<T>.Of(batch),
                tags.Array, exact, Tagged(batch, before));
        }
        else
        {
            using var best = device.Allocate<double>((long)batch.Steps * batch.Batch * tagCount);
            ViterbiKernels.LaunchDecode(device, GroupASentence(batch), CrfOperands<T>.Of(batch), tags.Array, exact, Tagged(batch, best));
        }
        Refuse(Array.FindIndex(Read(exact), double.IsNegativeInfinity));
        CrfKernels.LaunchStore<T>(device, batch.Batch, exact, scores);
    }

    public CrfPath[][] NBest(in CrfBatch<T> batch, int n)
    {
        CrfChecks.Batch("crf n-best", batch);
        return OnHost(batch, (host, copy) => new CpuCrf<T>(host).NBest(copy, n));
    }

    void Score(in CrfBatch<T> batch, IndexView tags, DeviceBuffer<double> scores) =>
        CrfKernels.LaunchScore(device, batch.Batch, CrfOperands<T>.Of(batch), tags.Array, scores);

    DeviceBuffer<double> Alpha(in CrfBatch<T> batch) => device.Allocate<double>((long)batch.Steps * batch.Batch * batch.Transitions.Columns);

    KernelQuery Query(in CrfBatch<T> batch) =>
        new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, batch.Batch, batch.Transitions.Columns, batch.Steps);

    void Forward(in CrfBatch<T> batch, DeviceBuffer<double>? goldScores, MatrixView<T> result, DeviceBuffer<double> alpha)
    {
        if (KernelVariants.WarpCrfForward.IsTaken(Query(batch)))
        {
            WarpCrfKernels.LaunchForward(device, (batch.Batch, WarpCrfKernels.Lanes), batch.Transitions.Columns, CrfOperands<T>.Of(batch),
                View(goldScores), result, Tagged(batch, alpha));
            return;
        }
        CrfKernels.LaunchForward(device, GroupASentence(batch), CrfOperands<T>.Of(batch), View(goldScores), result, Tagged(batch, alpha));
    }

    void Backward(in CrfBatch<T> batch, IndexView gold, MatrixView<T> weights, MatrixView<T> output,
        DeviceBuffer<double>? expected, DeviceBuffer<double> alpha, bool accumulate)
    {
        if (KernelVariants.WarpCrfBackward.IsTaken(Query(batch)))
        {
            WarpCrfKernels.LaunchBackward(device, (batch.Batch, WarpCrfKernels.Lanes), batch.Transitions.Columns, CrfOperands<T>.Of(batch),
                gold.Array, weights, output, Tagged(batch, expected), Tagged(batch, alpha), accumulate);
            return;
        }
        using var work = device.Allocate<double>(3L * batch.Batch * batch.Transitions.Columns);
        CrfKernels.LaunchBackward(device, GroupASentence(batch), CrfOperands<T>.Of(batch),
            gold.Array, weights, output, Tagged(batch, expected), Tagged(batch, alpha), Tagged(batch, work), accumulate);
    }

    static ForbiddenTagsException Forbidden(in CrfBatch<T> batch, IndexView tags, int sentence) =>
        OnHost(batch, (_, copy) => GoldPath.Forbidden(copy, tags.ToHost(), sentence));

    static TResult OnHost<TResult>(in CrfBatch<T> batch, Func<CpuDevice, CrfBatch<T>, TResult> read)
    {
        using var host = new CpuDevice(1);
        var copy = batch;
        copy.Lengths = batch.Lengths.CopyTo(host);
        copy.Emissions = batch.Emissions.CopyTo(host);
        copy.Transitions = batch.Transitions.CopyTo(host);
        using (copy.Lengths.Buffer)
        using (copy.Emissions.Buffer)
        using (copy.Transitions.Buffer) return read(host, copy);
    }

    static void Refuse(int sentence)
    {
        if (sentence >= 0) throw ForbiddenTagsException.NoSequence(sentence);
    }

    // An empty buffer as the absent operand that it stands for.
    static ArrayView<TElement> View<TElement>(DeviceBuffer<TElement>? buffer) where TElement : unmanaged =>
        buffer is null || buffer.Length == 0 ? default : buffer.View;

    // Rows of an element for each tag.
    static Matrix<TElement> Tagged<TElement>(in CrfBatch<T> batch, DeviceBuffer<TElement>? buffer) where TElement : unmanaged =>
        new(View(buffer), batch.Transitions.Columns);

    static LaunchConfig GroupASentence(in CrfBatch<T> batch) => (batch.Batch, Math.Clamp((batch.Transitions.Columns + 31) / 32 * 32, 32, 256));

    static TElement[] Read<TElement>(DeviceBuffer<TElement> buffer) where TElement : unmanaged
    {
        var values = new TElement[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
