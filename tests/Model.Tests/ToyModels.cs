using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Small taggers with random weights, and batches for them.</summary>
static class ToyModels
{
    /// <param name="scale">Deviation of the weights: large ones make scores in the hundreds.</param>
    public static Tagger<T> Tagger<T>(DeviceBackend<T> backend, TaggerShape shape, ulong seed,
        CrfConstraints constraints = CrfConstraints.Structure, TaggerOptions? options = null, double scale = 0.7)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tagger = new Tagger<T>(backend, (options ?? ToyTagging.Options) with { Constraints = constraints },
            shape);
        var random = new RandomStream(new RandomKey(seed, 0, 0));
        foreach (var (_, parameter) in tagger.Parameters())
            parameter.CopyFrom(
                [.. Enumerable.Range(0, (int)parameter.Shape.Count)
                    .Select(_ => T.CreateChecked(scale * random.NextNormal()))]);
        return tagger;
    }

    /// <summary>A seed, and the lengths of one to six sentences of up to nine words.</summary>
    public static Arbitrary<(ulong Seed, int[] Lengths)> Batches { get; } = (
        from seed in Gen.Choose(1, 1_000_000)
        from count in Gen.Choose(1, 6)
        from lengths in Gen.Choose(1, 9).ArrayOf(count)
        select ((ulong)seed, lengths)).ToArbitrary();

    public static void Check<TCase>(Arbitrary<TCase> cases, Action<TCase> property, int count = 40) =>
        Prop.ForAll(cases, property)
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(20180901, 5).WithMaxTest(count));

    /// <summary>Largest |a - b| relative to max(1, |a|).</summary>
    public static double Difference<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(a.Length, b.Length);
        var worst = 0.0;
        for (var i = 0; i < a.Length; i++)
            worst = Math.Max(worst,
                double.CreateChecked(T.Abs(a[i] - b[i])) / Math.Max(1, Math.Abs(double.CreateChecked(a[i]))));
        return worst;
    }

    public static T[] Emissions<T>(Tagger<T> tagger, TaggerBatch batch) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = new TensorScope();
        return tagger.Emissions(batch, ForwardContext.Inference).ToArray();
    }

    /// <summary>Emissions by way of the whole representation, as training computes them.</summary>
    public static T[] EmissionsAtOnce<T>(Tagger<T> tagger, TaggerBatch batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = new TensorScope();
        return tagger.Emissions(batch, ForwardContext.Inference, tagger.Representation(batch)).ToArray();
    }
}
