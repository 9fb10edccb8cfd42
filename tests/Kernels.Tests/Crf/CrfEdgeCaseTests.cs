using LdNetGpu.Devices;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>Ties, forbidden sequences, empty batches and refused arguments.</summary>
public class CrfEdgeCaseTests
{
    const double Forbidden = double.NegativeInfinity;

    [Fact]
    public void TiesGoToTheLowestTag()
    {
        var @case = new CrfCase<float>(4, 2, 6, scale: 0, constrained: true);
        var (best, scores) = (@case.TagsOut(), @case.Column());
        @case.Crf.Viterbi(@case.Batch, best, scores);
        Assert.All(best.ToArray(), tag => Assert.InRange(tag, -1, 0));
        Assert.Equal([[0, 0, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0]],
            @case.Crf.NBest(@case.Batch, 3)[0].Select(path => path.Tags));
    }

    // (2r + 1)·spread up to 600, r being 1 where all follow all, 2 where one way round is forbidden.
    [Theory, InlineData(false, 200, true), InlineData(false, 201, false)]
    [InlineData(true, 120, true), InlineData(true, 121, false)]
    public void ScaledProbabilitiesServeUpToTheirBound(bool forbidsOne, double spread, bool isExact)
    {
        var @case = new CrfCase<double>(2, 1, 5, scale: 0, constrained: true, extra: transitions =>
        {
            transitions[2, 0] = spread;
            if (forbidsOne) transitions[0, 1] = Forbidden;
        });
        using var transitions = CrfTransitions.Read(@case.Device, @case.Batch);
        using var sentence = new CrfSentence(@case.Device, 2, transitions);
        sentence.Read(@case.Batch, 0, transitions);
        Assert.Equal(forbidsOne ? 2 : 1, transitions.Reach);
        Assert.Equal(isExact, LinearForwardBackward.IsExact(transitions, sentence));
    }

    [Fact]
    public void ForbiddenGoldTransitionIsNamed()
    {
        var @case = new CrfCase<float>(3, 2, 5, extra: transitions => transitions[2, 1] = Forbidden);
        // Time-major: sentence 0 is 0 2 1, and 2 -> 1 is forbidden.
        var gold = Views.Indices(@case.Device, 0, 0, 2, 0, 1, 0);
        var error = Refusal(@case, gold);
        Assert.Equal((0, 2), (error.Sentence, error.Position));
        Assert.Contains("sentence 0 take a forbidden transition (score -infinity) at position 2, from tag 2 to tag 1",
            error.Message);
        var score = @case.Column();
        @case.Crf.Score(@case.Batch, gold, score);
        Assert.Equal(float.NegativeInfinity, score.Row(0)[0]);
    }

    [Fact]
    public void ForbiddenGoldEndAndEmissionAreNamed()
    {
        var @case = new CrfCase<float>(2, 1, 5, extra: transitions => transitions[2, 4] = Forbidden);
        Assert.Contains("at position 2, from tag 2 to tag 4",
            Refusal(@case, Views.Indices(@case.Device, 0, 2)).Message);
        @case.Batch.Emissions.Row(1)[1] = float.NegativeInfinity;
        Assert.Contains("gold tag 1 of sentence 0 at position 1",
            Refusal(@case, Views.Indices(@case.Device, 0, 1)).Message);
    }

    static ForbiddenTagsException Refusal(CrfCase<float> @case, IndexView gold)
    {
        var (loss, gradient) = (@case.Column(), @case.OfTransitions());
        var error = Assert.Throws<ForbiddenTagsException>(() => @case.Crf.NegativeLogLikelihood(
            @case.Batch, gold, loss, Views.Filled<float>(@case.Device, @case.Batch.Batch, 1, 1), default, gradient,
            false));
        Assert.All(gradient.ToArray(), value => Assert.Equal(0, value));
        return error;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NothingAllowedIsAnError(bool noUsableTag)
    {
        // Either no tag leads on at all, or the only way to the end starts where the start cannot lead.
        var @case = new CrfCase<double>(2, 1, 4, extra: transitions =>
        {
            for (var i = 0; i < 4; i++)
                for (var j = 0; j < 4; j++)
                    if (noUsableTag || !(i == 0 && j == 3) && !(i == 2 && j == 1) && i != j)
                        transitions[i, j] = Forbidden;
        });
        var (partition, marginals, best) = (@case.Column(), @case.OfEmissions(), @case.TagsOut());
        @case.Crf.LogPartition(@case.Batch, partition);
        Assert.Equal(Forbidden, partition.Row(0)[0]);
        Assert.Empty(@case.Crf.NBest(@case.Batch, 3)[0]);
        Assert.Throws<ForbiddenTagsException>(() => @case.Crf.Marginals(@case.Batch, marginals, partition));
        Assert.Throws<ForbiddenTagsException>(() => @case.Crf.Viterbi(@case.Batch, best, partition));
    }

    [Fact]
    public void NaNIsNotSwallowed()
    {
        var @case = new CrfCase<float>(3, 1, 5);
        @case.Batch.Emissions.Row(1)[2] = float.NaN;
        var loss = @case.Column();
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, default, default, default, false);
        Assert.True(float.IsNaN(loss.Row(0)[0]));
    }

    [Fact]
    public void EmptyBatch()
    {
        var @case = new CrfCase<float>(3, 1, 5);
        var batch = @case.Batch;
        (batch.Batch, batch.Emissions, batch.Lengths) = (0, batch.Emissions.SliceRows(0, 0), batch.Lengths.Slice(0, 0));
        var (column, tags, gradient) = (@case.Column().SliceRows(0, 0), Views.Indices(@case.Device),
            @case.OfTransitions());
        @case.Crf.NegativeLogLikelihood(batch, tags, column, column, @case.OfEmissions().SliceRows(0, 0), gradient,
            false);
        @case.Crf.Viterbi(batch, tags, column);
        Assert.All(gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.Empty(@case.Crf.NBest(batch, 2));
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        var @case = new CrfCase<float>(3, 2, 5);
        var (crf, loss, device) = (@case.Crf, @case.Column(), @case.Device);
        Refuses("length 0 of sentence 1", batch => batch with { Lengths = Views.Indices(device, 1, 0) });
        Refuses("length 4 of sentence 0", batch => batch with { Lengths = Views.Indices(device, 4, 1) });
        Refuses("1 lengths for 2 sentences", batch => batch with { Lengths = Views.Indices(device, 1) });
        Refuses("must be [6 x 5]", batch => batch with { Emissions = batch.Emissions.SliceRows(0, 5) });
        Refuses("must be [K x K]", batch => batch with { Transitions = batch.Transitions.SliceRows(0, 4) });
        Refuses("start tag 5", batch => batch with { StartTag = 5 });
        Refuses("start tag 4 and end tag 4", batch => batch with { StartTag = 4 });
        Assert.Contains("result missing",
            Assert.Throws<ShapeException>(() => crf.LogPartition(@case.Batch, default)).Message);
        Assert.Contains("weights missing", Assert.Throws<ShapeException>(
            () => crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, default, @case.OfEmissions(), default,
                false)).Message);
        Assert.Contains("tag 5 of sentence 0 at position 1", Assert.Throws<ShapeException>(
            () => crf.Score(@case.Batch, Views.Indices(device, 0, 0, 5, 0, 0, 0), loss)).Message);
        Assert.Contains("0 best", Assert.Throws<ShapeException>(() => crf.NBest(@case.Batch, 0)).Message);

        void Refuses(string message, Func<CrfBatch<float>, CrfBatch<float>> change) =>
            Assert.Contains(message,
                Assert.Throws<ShapeException>(() => crf.LogPartition(change(@case.Batch), loss)).Message);
    }

    [Fact]
    public void MemoryComesBack()
    {
        var @case = new CrfCase<float>(6, 20, 9, threads: 2);
        var (loss, gradient, best) = (@case.Column(), @case.OfTransitions(), @case.TagsOut());
        var weights = Views.Filled<float>(@case.Device, 20, 1, 1);
        var live = @case.Device.Counters.LiveBuffers;
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, weights, default, gradient, false);
        @case.Crf.Viterbi(@case.Batch, best, loss);
        @case.Crf.NBest(@case.Batch, 4);
        Assert.Equal(live, @case.Device.Counters.LiveBuffers);
    }
}
