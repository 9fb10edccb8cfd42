using System.Text.Json;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

public sealed class LabelWeightsTests
{
    static readonly string[] Tags = ["O", "B-PER", "E-PER", "B-A=B", "<s>", "<eof>"];

    [Theory]
    [InlineData("O=0.5,PER=2", new[] { 0.5, 2, 2, 1, 1, 1 })]
    [InlineData("PER=2,B-PER=3", new[] { 1.0, 3, 2, 1, 1, 1 })]
    [InlineData(" O = 0 , A=B=4", new[] { 0.0, 1, 1, 4, 1, 1 })]
    [InlineData("O=1e6", new[] { 1e6, 1, 1, 1, 1, 1 })]
    [InlineData("none", new[] { 1.0, 1, 1, 1, 1, 1 })]
    public void ATagWeighsWhatItOrItsTypeDoes(string text, double[] expected)
    {
        var weights = LabelWeights.Parse(text);
        Assert.Equal(expected, weights.Of(Tags));
        Assert.Equal(weights, LabelWeights.Parse(weights.ToString()));
        var json = JsonSerializer.Serialize(new TaggerOptions { LabelWeights = weights },
            OptionsJson.Default.TaggerOptions);
        Assert.Equal(weights, JsonSerializer.Deserialize(json, OptionsJson.Default.TaggerOptions)!.LabelWeights);
    }

    [Theory]
    [InlineData("O"), InlineData("O=x"), InlineData("O=-1"), InlineData("O=NaN"), InlineData("=1")]
    [InlineData("O=1000001"), InlineData("O=1e30"), InlineData("O=Infinity")]
    [InlineData("O=1,O=2"), InlineData("O=1,")]
    public void WhatIsNoWeightIsRefused(string text)
    {
        Assert.Throws<FormatException>(() => LabelWeights.Parse(text));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"label_weights": "{{text}}"}""",
            OptionsJson.Default.TaggerOptions));
    }

    [Fact]
    public void LabelsThatTheTaggerLacksAreNamed()
    {
        var error = Assert.Throws<OptionsException>(() => LabelWeights.Parse("PERS=1,O=2,LOC=3").Of(Tags));
        Assert.Equal(2, error.Problems.Count);
        Assert.Contains("'PERS'; it has O, PER, A=B", error.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ASentencesLossIsMultipliedByTheMeanWeightOfItsTags()
    {
        var backend = new CpuBackend<double>(new CpuDevice(1));
        var (plain, weighted) = (Make(LabelWeights.None), Make(LabelWeights.Parse("O=0.25,B-A=3,B=2")));
        var random = new RandomStream(new RandomKey(5, 0, 0));
        EncodedSentence[] sentences = [ToyTagging.Sentence(random, 5), ToyTagging.Sentence(random, 2),
            ToyTagging.Sentence(random, 4)];
        double Loss(Tagger<double> tagger, params EncodedSentence[] some) =>
            tagger.Loss(ToyTagging.Batch(some), ForwardContext.Inference).Item();
        double Mean(EncodedSentence sentence) => sentence.Tags.Average(tag => ToyTagging.Tags[tag] switch
        {
            "O" => 0.25, "B-A" => 3, var name => name.EndsWith('B') ? 2 : 1,
        });
        Assert.Equal(sentences.Average(sentence => Mean(sentence) * Loss(plain, sentence)),
            Loss(weighted, sentences), 1e-12);
        Assert.NotEqual(Loss(plain, sentences), Loss(weighted, sentences));

        Tagger<double> Make(LabelWeights weights)
        {
            var tagger = new Tagger<double>(backend, ToyTagging.Options with { LabelWeights = weights },
                ToyTagging.ShapeWithoutLanguageModels());
            tagger.Initialize(new RandomStream(new RandomKey(1, 0, 0)));
            return tagger;
        }
    }

    [Fact]
    public void GradientsOfTheWeightedLossAreExact()
    {
        var block = new TaggerBlock("tagger with label weights",
            ToyTagging.Options with { LabelWeights = LabelWeights.Parse("O=0.25,A=3") }, ToyTagging.Shape(), null, 1);
        var report = GradientCheck.Run(block.Name, new CpuBackend<double>(new CpuDevice(1)), block);
        Assert.True(report.Passed, report.ToString());
    }
}
