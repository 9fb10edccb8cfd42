using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Initial weights as the published code draws them.</summary>
public class InitializationTests
{
    static readonly CpuBackend<float> Backend = new(new CpuDevice(1));

    [Fact]
    public void LanguageModelWeightsFillTheirStatedRanges()
    {
        const int embedding = 60, hidden = 40, projection = 48;
        var options = new LanguageModelOptions { EmbeddingSize = embedding, Layers = 2, HiddenSize = hidden,
            ProjectionSize = projection, Cutoffs = [30] };
        using var model = new LanguageModel<float>(Backend, options, 100);
        model.Initialize(new RandomStream(new RandomKey(1, 0, 0)));
        var values = model.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.ToArray());
        AssertUniform(values["word_embed.weight"], Math.Sqrt(3.0 / embedding));
        AssertUniform(values["rnn.layer.1.layer.weight_ih_l0"], Math.Sqrt(6.0 / (hidden + embedding + hidden)));
        AssertUniform(values["rnn.layer.1.layer.weight_hh_l0"], Math.Sqrt(6.0 / (hidden + hidden)));
        AssertUniform(values["project.weight"], Math.Sqrt(6.0 / (embedding + 2 * hidden + projection)));
        AssertNormal(values["soft_max.head.weight"], Math.Sqrt(2.0 / (31 + projection)));
        Assert.All(values["project.bias"].Concat(values["soft_max.head.bias"]), value => Assert.Equal(0, value));
        foreach (var bias in new[] { "bias_ih_l0", "bias_hh_l0" })
            Assert.Equal(Enumerable.Range(0, 4 * hidden).Select(i => i / hidden == 1 ? 1f : 0f),
                values[$"rnn.layer.0.layer.{bias}"]);
    }

    [Fact]
    public void TaggerStartsWithEqualTransitionsAndEveryLayerWhole()
    {
        using var tagger = new Tagger<float>(Backend, ToyTagging.Options, ToyTagging.Shape(scaled: true));
        tagger.Initialize(new RandomStream(new RandomKey(1, 0, 0)));
        var values = tagger.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.ToArray());
        Assert.All(values["crf.transitions"], value => Assert.Equal(0, value));
        Assert.Equal([1f, 1, 1], values["f_lm.rnn.weight_list"]);
        Assert.Equal([1f, 1], values["b_lm.rnn.weight_list"]);
        AssertUniform(values["crf.hidden2tag.weight"],
            Math.Sqrt(6.0 / (2 * ToyTagging.Options.WordHidden + ToyTagging.Tags.Length)));
    }

    static void AssertUniform(float[] values, double bound)
    {
        Assert.InRange(values.Max(value => Math.Abs(value)), 0.9 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.8 * bound);
        Assert.InRange(values.Average(), -0.2 * bound, 0.2 * bound);
    }

    static void AssertNormal(float[] values, double deviation)
    {
        Assert.InRange(Math.Sqrt(values.Average(value => value * value)), 0.93 * deviation, 1.07 * deviation);
        Assert.InRange(values.Max(), 2 * deviation, 6 * deviation);
    }
}
