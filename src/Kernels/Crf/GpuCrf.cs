using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>The CRF on a device that runs kernels.</summary>
static class GpuCrf
{
    /// <summary>
    /// Scores of floats are kept in double, those of counted floats in counted doubles; dual numbers keep their
    /// tangents.
    /// </summary>
    public static ICrf<T> Of<T>(GpuDevice device, KernelChoice? choice = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? new GpuCrf<T, double>(device, choice)
        : typeof(T) == typeof(Counted<float>) ? new GpuCrf<T, Counted<double>>(device, choice)
        : new GpuCrf<T, T>(device, choice);
}

/// <summary>
/// The CRF on a device that runs kernels, a group a sentence. Scores that decide whether a call is refused (gold tags,
/// or every sequence, forbidden) come to the host. The n best are found on the host, by the CPU's code: their lists
/// grow and shrink, and decoding reads them there anyway.
/// </summary>
sealed class GpuCrf<T, TScore>(GpuDevice device, KernelChoice? choice) : ICrf<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TScore : unmanaged, IFloatingPointIeee754<TScore>
{
    readonly KernelChoice choice = choice ?? KernelChoice.Default;

    public void LogPartition(in CrfBatch<T> batch, MatrixView<T> logPartition)
    {
        CrfChecks.LogPartition(device, batch, logPartition);
        using var alpha = Alpha(batch);
        Forward(batch, default, logPartition, alpha);
    }

    public void Score(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
    {
        CrfChecks.Score(device, batch, tags, scores);
        using var exact = device.Allocate<TScore>(Math.Max(1, batch.Batch));
        Score(batch, tags, exact);
        CrfKernels.LaunchStore<T, TScore>(device, batch.Batch, exact, scores);
    }

    public void NegativeLogLikelihood(in CrfBatch<T> batch, IndexView tags, MatrixView<T> negativeLogLikelihood,
        MatrixView<T> weights, MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient, bool accumulate,
        CrfSweeps? sweeps = null)
    {
        CrfChecks.NegativeLogLikelihood(device, batch, tags, negativeLogLikelihood, weights, emissionsGradient,
            transitionsGradient);
        if (batch.Batch == 0) return;
        using var gold = device.Allocate<TScore>(batch.Batch);
        Score(batch, tags, gold);
        var forbidden = Array.FindIndex(Read(gold), TScore.IsNegativeInfinity);
        if (forbidden >= 0) throw Forbidden(batch, tags, forbidden);
        var tagCount = batch.Transitions.Columns;
        using var expected = device.Allocate<TScore>(transitionsGradient.IsNone
            ? 0 : batch.Batch * ((long)tagCount * tagCount + 2 * tagCount));
        using var alpha = Alpha(batch);
        Forward(batch, gold, negativeLogLikelihood, alpha);
        if (emissionsGradient.IsNone && transitionsGradient.IsNone) return;
        Backward(batch, tags, weights, emissionsGradient, expected, alpha, accumulate);
        if (!transitionsGradient.IsNone)
        {
            var crf = CrfOperands<T, TScore>.Of(batch);
            CrfKernels.LaunchAddExpected(device, tagCount * tagCount, crf, CrfVariants<T, TScore>.ByTag(crf, expected),
                transitionsGradient);
        }
    }

    public void Marginals(in CrfBatch<T> batch, MatrixView<T> marginals, MatrixView<T> logPartition)
    {
        CrfChecks.Marginals(device, batch, marginals, logPartition);
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
        CrfChecks.Viterbi(device, batch, tags, scores);
        if (batch.Batch == 0) return;
        using var exact = device.Allocate<TScore>(batch.Batch);
        CrfVariants<T, TScore>.Viterbi.Run(device, Query(batch),
            new(CrfOperands<T, TScore>.Of(batch), tags.Array, exact));
        Refuse(Array.FindIndex(Read(exact), TScore.IsNegativeInfinity));
        CrfKernels.LaunchStore<T, TScore>(device, batch.Batch, exact, scores);
    }

    public CrfPath[][] NBest(in CrfBatch<T> batch, int n)
    {
        CrfChecks.Batch(device, "crf n-best", batch);
        CrfChecks.Paths("crf n-best", n);
        return OnHost(batch, (host, copy) => new CpuCrf<T>(host).NBest(copy, n));
    }

    void Score(in CrfBatch<T> batch, IndexView tags, DeviceBuffer<TScore> scores) =>
        CrfKernels.LaunchScore(device, batch.Batch, CrfOperands<T, TScore>.Of(batch), tags.Array, scores);

    DeviceBuffer<TScore> Alpha(in CrfBatch<T> batch) =>
        device.Allocate<TScore>((long)batch.Steps * batch.Batch * batch.Transitions.Columns);

    KernelQuery Query(in CrfBatch<T> batch) =>
        new(device.Capabilities, typeof(T), choice, batch.Batch, batch.Transitions.Columns, batch.Steps);

    void Forward(in CrfBatch<T> batch, ArrayView<TScore> goldScores, MatrixView<T> result, DeviceBuffer<TScore> alpha)
    {
        var crf = CrfOperands<T, TScore>.Of(batch);
        CrfVariants<T, TScore>.Forward.Run(device, Query(batch),
            new(crf, goldScores, result, CrfVariants<T, TScore>.ByTag(crf, alpha)));
    }

    void Backward(in CrfBatch<T> batch, IndexView gold, MatrixView<T> weights, MatrixView<T> output,
        DeviceBuffer<TScore>? expected, DeviceBuffer<TScore> alpha, bool accumulate)
    {
        var crf = CrfOperands<T, TScore>.Of(batch);
        CrfVariants<T, TScore>.Backward.Run(device, Query(batch),
            new(crf, gold.Array, weights, output, CrfVariants<T, TScore>.ByTag(crf, expected),
                CrfVariants<T, TScore>.ByTag(crf, alpha), accumulate));
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
        using (copy.Transitions.Buffer)
            return read(host, copy);
    }

    static void Refuse(int sentence)
    {
        if (sentence >= 0) throw ForbiddenTagsException.NoSequence(sentence);
    }

    static TElement[] Read<TElement>(DeviceBuffer<TElement> buffer) where TElement : unmanaged
    {
        var values = new TElement[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
