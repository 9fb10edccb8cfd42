using LdNetGpu.Devices;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// The published formulation, computed by PyTorch: every tag, start and end included, may stand at every step.
/// </summary>
public class CrfGoldenTests
{
    [Theory]
    [InlineData("zero_end_emission")]
    [InlineData("large_scores")]
    [InlineData("end_emission")]
    public void AgreesWithPyTorch(string name)
    {
        using var device = new CpuDevice(1);
        var golden = Golden.Load("crf").Case(name);
        var lengths = golden.Indices("input/lengths");
        var (steps, sentences, tags) = (6, lengths.Length, 7);
        var all = golden.View<double>(device, "input/emissions", stride: tags + 1);
        // The end tag's emission, a constant of every sequence, is no part of a score here.
        var constants = lengths.Select((length, sentence) => name == "end_emission"
            ? all.Row(length * sentences + sentence)[tags - 1] : 0).ToArray();
        var batch = new CrfBatch<double>
        {
            Steps = steps,
            Batch = sentences,
            StartTag = 5,
            EndTag = 6,
            Lengths = Views.Indices(device, lengths),
            Emissions = all.SliceRows(0, steps * sentences),
            Transitions = golden.View<double>(device, "parameter/transitions"),
        };
        var crf = new CpuCrf<double>(device);
        var gold = golden.IndexView(device, "input/tags");
        MatrixView<double> loss = Column(), partition = Column(), score = Column(), bestScores = Column();
        MatrixView<double> marginals = Views.Filled<double>(device, steps * sentences, tags),
            ofEmissions = marginals.Clone();
        var ofTransitions = Views.Filled<double>(device, tags, tags);
        var best = Views.Indices(device, new int[steps * sentences]);
        crf.NegativeLogLikelihood(batch, gold, loss, Views.Filled<double>(device, sentences, 1, 1.0 / sentences),
            ofEmissions, ofTransitions, false);
        crf.Marginals(batch, marginals, partition);
        crf.Score(batch, gold, score);
        crf.Viterbi(batch, best, bestScores);

        const double k = 100;
        var scale = golden.Values("output/log_partition").Max(Math.Abs);
        Tolerance.AssertClose<double>([golden.Scalar("output/loss")], (ReadOnlySpan<double>)[loss.ToArray().Average()],
            k, scale);
        Tolerance.AssertClose<double>(WithoutEnd("output/log_partition"), partition, k, scale);
        Tolerance.AssertClose<double>(WithoutEnd("output/score"), score, k, scale);
        Tolerance.AssertClose<double>(WithoutEnd("output/best_scores"), bestScores, k, scale);
        Tolerance.AssertClose<double>(golden.Values("output/marginals"), marginals, k * scale);
        Assert.Equal(golden.Indices("output/best_tags"), best.ToArray());
        Tolerance.AssertClose<double>(golden.Values(GradientOf("emissions")).AsSpan(0, steps * sentences * tags),
            ofEmissions, k * scale);
        Tolerance.AssertClose<double>(golden.Values(GradientOf("transitions")), ofTransitions, k * scale);

        MatrixView<double> Column() => Views.Filled<double>(device, sentences, 1);
        double[] WithoutEnd(string name) =>
            [.. golden.Values(name).Zip(constants, (value, constant) => value - constant)];
        string GradientOf(string name) =>
            golden.Names.Single(tensor => tensor.Contains("grad") && tensor.EndsWith(name));
    }
}
