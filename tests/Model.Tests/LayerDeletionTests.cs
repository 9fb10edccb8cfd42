using FsCheck.Fluent;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>A tagger without its deleted layers gives what it gave with them masked.</summary>
public class LayerDeletionTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(2));

    static Tagger<double> Masked(ulong seed, double[] z)
    {
        var tagger = ToyModels.Tagger(Backend, ToyTagging.Shape(scaled: true), seed);
        tagger.Forward!.Scale!.CopyFrom(z.AsSpan(0, 3));
        tagger.Backward!.Scale!.CopyFrom(z.AsSpan(3, 2));
        return tagger;
    }

    static void AssertPrunedEqualsMasked(ulong seed, double[] z)
    {
        using var masked = Masked(seed, z);
        using var pruned = masked.DeleteLayers();
        var batch = ToyTagging.Batch(ToyTraining.Sentences(seed, [4, 1, 6]));
        foreach (var (expected, actual) in new[]
        {
            (ToyModels.Emissions(masked, batch), ToyModels.Emissions(pruned, batch)),
            (ToyModels.EmissionsAtOnce(masked, batch), ToyModels.EmissionsAtOnce(pruned, batch)),
        })
            Assert.InRange(ToyModels.Difference<double>(expected, actual), 0, 1e-12);
        Assert.Equal(masked.Decode(batch), pruned.Decode(batch));
        Assert.Equal(z[..3].Where(scale => scale > 0), pruned.Forward!.Scale?.ToArray() ?? []);
        Assert.Equal(z[3..].Where(scale => scale > 0), pruned.Backward!.Scale?.ToArray() ?? []);
        Assert.Equal(pruned.Forward.Width + pruned.Backward.Width,
            pruned.LanguageModelProjection!.Weight.Shape.Columns);
    }

    [Fact]
    public void PrunedEqualsMaskedForAnyLayers() => ToyModels.Check(
        (from seed in Gen.Choose(1, 1_000_000)
         from z in Gen.Elements(0.0, 0.0, 0.0, 0.4, 0.75, 1.0).ArrayOf(5)
         select ((ulong)seed, z)).ToArbitrary(),
        given => AssertPrunedEqualsMasked(given.Item1, given.z));

    [Fact]
    public void EveryLayerCanGo() => AssertPrunedEqualsMasked(7, [0, 0, 0, 0, 0]);

    [Fact]
    public void ScalesOfOneChangeNothingAndASecondDeletionNeither()
    {
        using var plain = ToyModels.Tagger(Backend, ToyTagging.Shape(), 8);
        using var scaled = plain.WithScales();
        var batch = ToyTagging.Batch(ToyTraining.Sentences(8, [3, 5]));
        Tolerance.AssertSameBits<double>(ToyModels.Emissions(plain, batch), ToyModels.Emissions(scaled, batch));
        scaled.Forward!.Scale!.CopyFrom([0.5, 0, 1]);
        using var once = scaled.DeleteLayers();
        using var twice = once.DeleteLayers();
        Tolerance.AssertSameBits<double>(ToyModels.Emissions(once, batch), ToyModels.Emissions(twice, batch));
    }

    [Fact]
    public void WhatCannotLoseLayersSaysSo()
    {
        using var none = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), 9);
        Assert.Contains("NoLM", Assert.Throws<UserException>(() => none.WithScales()).Message);
        Assert.Contains("NoLM", Assert.Throws<UserException>(() => none.DeleteLayers()).Message);
        var stackedShape = ToyTagging.Shape() with
            { Backward = new(ToyTagging.BackwardWords, new(RecurrentUnit.Lstm, 2, [3, 3], IsDense: false)) };
        using var stacked = ToyModels.Tagger(Backend, stackedShape, 9);
        Assert.Contains("stacked", Assert.Throws<UserException>(() => stacked.DeleteLayers()).Message);
        var oneSize = ToyTagging.Shape() with
            { Forward = stackedShape.Backward! with { Words = ToyTagging.ForwardWords },
                Backward = stackedShape.Backward };
        using var mixed = ToyModels.Tagger(Backend, oneSize, 9,
            options: ToyTagging.Options with { LmMixing = LanguageModelMixing.Elmo });
        Assert.Contains("lm_mixing", Assert.Throws<UserException>(() => mixed.WithScales()).Message);
    }
}
