using LdNetGpu.Kernels.Views;


namespace LdNetGpu.Tests;

/// <summary>The CRF's gradients against differences of its own loss.</summary>
public class CrfGradientTests
{
    [Theory]
    [InlineData(1, 3, 5, 1)]
    [InlineData(6, 5, 7, 1)]
    [InlineData(6, 5, 21, 1)]
    // Scores whose spread takes the sweeps to logarithms.
    [InlineData(4, 3, 5, 120)]
    public void GradientsAreSlopesOfTheLoss(int steps, int batch, int tags, double scale)
    {
        var @case = new CrfCase<double>(steps, batch, tags, scale);
        var emissions = @case.Batch.Emissions;
        // Padded steps are not read; differences need numbers there.
        for (var row = 0; row < emissions.Rows; row++)
            foreach (ref var value in emissions.Row(row))
                if (double.IsNaN(value)) value = 0;
        var weights = Views.Random<double>(@case.Device, batch, 1);
        MatrixView<double> loss = @case.Column(), ofEmissions = @case.OfEmissions(),
            ofTransitions = @case.OfTransitions();
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, ofEmissions, ofTransitions,
            accumulate: false);
        CentralDifferences.AssertGradient(Loss, emissions, ofEmissions, step: 1e-4, relative: 1e-6);
        CentralDifferences.AssertGradient(Loss, @case.Batch.Transitions, ofTransitions, step: 1e-4, relative: 1e-6);

        double Loss()
        {
            @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, default, default, default,
                accumulate: false);
            return CentralDifferences.Dot(weights, loss);
        }
    }

    [Fact]
    public void GradientsAccumulateOrReplace()
    {
        var @case = new CrfCase<double>(4, 3, 6, constrained: true);
        var weights = Views.Filled<double>(@case.Device, 3, 1, 0.5);
        MatrixView<double> loss = @case.Column(), replaced = @case.OfEmissions(7), added = @case.OfEmissions(0);
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, replaced, default, accumulate: false);
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, added, default, accumulate: true);
        Tolerance.AssertSameBits(replaced, added);
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, added, default, accumulate: true);
        Tolerance.AssertClose<double>([.. replaced.ToArray().Select(value => 2 * value)], added);
    }

    [Theory]
    [InlineData(1)]
    // Scores whose spread takes the sweeps to logarithms.
    [InlineData(120)]
    public void KeptSweepsGiveTheSameBitsAndAreUsedUp(double scale)
    {
        var @case = new CrfCase<double>(5, 6, 7, scale);
        var weights = Views.Random<double>(@case.Device, 6, 1);
        MatrixView<double> loss = @case.Column(), lossBefore = @case.Column(), ofEmissions = @case.OfEmissions(),
            ofTransitions = @case.OfTransitions();
        MatrixView<double> keptLoss = @case.Column(), keptOfEmissions = @case.OfEmissions(),
            keptOfTransitions = @case.OfTransitions();
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, ofEmissions, ofTransitions,
            accumulate: false);
        var live = @case.Device.Counters.LiveBytes;
        using var sweeps = @case.Crf.NewSweeps();
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, lossBefore, default, default, default,
            accumulate: false, sweeps);
        Assert.True(@case.Device.Counters.LiveBytes > live, "no sweep was kept");
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, keptLoss, weights, keptOfEmissions, keptOfTransitions,
            accumulate: false, sweeps);
        Tolerance.AssertSameBits(loss, lossBefore);
        Tolerance.AssertSameBits(loss, keptLoss);
        Tolerance.AssertSameBits(ofEmissions, keptOfEmissions);
        Tolerance.AssertSameBits(ofTransitions, keptOfTransitions);
        Assert.Equal(live, @case.Device.Counters.LiveBytes);
        // A sweep turned into marginals must not be taken for a forward sweep.
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, keptLoss, weights, keptOfEmissions, default,
            accumulate: false, sweeps);
        Tolerance.AssertSameBits(ofEmissions, keptOfEmissions);
    }
}
