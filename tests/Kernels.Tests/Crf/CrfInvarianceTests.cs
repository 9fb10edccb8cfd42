using LdNetGpu.Kernels.Views;


namespace LdNetGpu.Tests;

/// <summary>What must not change a result: the batch, the number of threads, the precision, the route taken.</summary>
public class CrfInvarianceTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1e4, false)]
    public void SentenceAloneGivesTheBitsOfTheBatch(double scale, bool constrained)
    {
        var @case = new CrfCase<float>(7, 11, 9, scale, constrained);
        var (device, batch) = (@case.Device, @case.Batch);
        MatrixView<float> loss = @case.Column(), gradient = @case.OfEmissions(), scores = @case.Column(),
            marginals = @case.OfEmissions(), partition = @case.Column();
        var best = @case.TagsOut();
        @case.Crf.NegativeLogLikelihood(batch, @case.Gold, loss, Views.Filled<float>(device, 11, 1, 0.3), gradient,
            default, false);
        @case.Crf.Viterbi(batch, best, scores);
        @case.Crf.Marginals(batch, marginals, partition);
        var paths = @case.Crf.NBest(batch, 5);
        for (var sentence = 0; sentence < 11; sentence++)
        {
            var length = @case.Length(sentence);
            var rows = Enumerable.Range(0, length).Select(t => t * 11 + sentence).ToArray();
            var alone = batch;
            (alone.Batch, alone.Steps, alone.Lengths) = (1, length, batch.Lengths.Slice(sentence, 1));
            alone.Emissions = Views.From(device, length, 9, (t, tag) => batch.Emissions.Row(rows[t])[tag]);
            MatrixView<float> aloneLoss = Column(), aloneGradient = Rows(), aloneScore = Column(),
                aloneMarginals = Rows(), alonePartition = Column();
            var aloneBest = Views.Indices(device, new int[length]);
            @case.Crf.NegativeLogLikelihood(alone, Views.Indices(device, @case.GoldOf(sentence)), aloneLoss,
                Views.Filled<float>(device, 1, 1, 0.3), aloneGradient, default, false);
            @case.Crf.Viterbi(alone, aloneBest, aloneScore);
            @case.Crf.Marginals(alone, aloneMarginals, alonePartition);
            Tolerance.AssertSameBits(aloneLoss, loss.SliceRows(sentence, 1));
            Tolerance.AssertSameBits(aloneScore, scores.SliceRows(sentence, 1));
            Tolerance.AssertSameBits(alonePartition, partition.SliceRows(sentence, 1));
            Assert.Equal(rows.Select(row => best.ToArray()[row]), aloneBest.ToArray());
            for (var t = 0; t < length; t++)
            {
                Tolerance.AssertSameBits(aloneGradient.SliceRows(t, 1), gradient.SliceRows(rows[t], 1));
                Tolerance.AssertSameBits(aloneMarginals.SliceRows(t, 1), marginals.SliceRows(rows[t], 1));
            }
            var alonePaths = @case.Crf.NBest(alone, 5)[0];
            Assert.Equal(alonePaths.Select(path => path.Tags), paths[sentence].Select(path => path.Tags));
            Assert.Equal(alonePaths.Select(path => path.LogProbability),
                paths[sentence].Select(path => path.LogProbability));

            MatrixView<float> Column() => Views.Filled<float>(device, 1, 1);
            MatrixView<float> Rows() => Views.Filled<float>(device, length, 9);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void ThreadsDoNotShow(double scale)
    {
        var results = new[] { 1, 2, 3 }.Select(threads =>
        {
            // Scores of size 60 send some sentences to logarithms and leave others.
            var @case = new CrfCase<float>(9, 300, 8, scale, constrained: true, threads: threads);
            MatrixView<float> loss = @case.Column(), ofEmissions = @case.OfEmissions(),
                ofTransitions = @case.OfTransitions(), scores = @case.Column();
            var best = @case.TagsOut();
            @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, Views.Random<float>(@case.Device, 300, 1),
                ofEmissions, ofTransitions, false);
            @case.Crf.Viterbi(@case.Batch, best, scores);
            float[] all = [.. loss.ToArray(), .. ofEmissions.ToArray(), .. ofTransitions.ToArray(), .. scores.ToArray(),
                .. best.ToArray()];
            @case.Device.Dispose();
            return all;
        }).ToArray();
        Tolerance.AssertSameBits<float>(results[0], results[1]);
        Tolerance.AssertSameBits<float>(results[0], results[2]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e4)]
    public void FloatIsTheRoundedDouble(double scale)
    {
        var inFloat = new CrfCase<float>(12, 6, 19, scale, constrained: true);
        var inDouble = new CrfCase<double>(12, 6, 19, scale, constrained: true);
        MatrixView<float> loss = inFloat.Column(), ofEmissions = inFloat.OfEmissions(),
            ofTransitions = inFloat.OfTransitions();
        MatrixView<double> lossTruth = inDouble.Column(), ofEmissionsTruth = inDouble.OfEmissions(),
            ofTransitionsTruth = inDouble.OfTransitions();
        inFloat.Crf.NegativeLogLikelihood(inFloat.Batch, inFloat.Gold, loss, Views.Random<float>(inFloat.Device, 6, 1),
            ofEmissions, ofTransitions, false);
        inDouble.Crf.NegativeLogLikelihood(inDouble.Batch, inDouble.Gold, lossTruth,
            Views.Random<double>(inDouble.Device, 6, 1), ofEmissionsTruth, ofTransitionsTruth, false);
        Tolerance.AssertClose<float>(lossTruth.ToDoubles(), loss, k: 0.51, scale: 0);
        Tolerance.AssertClose<float>(ofEmissionsTruth.ToDoubles(), ofEmissions, k: 0.51, scale: 1e-30);
        Tolerance.AssertClose<float>(ofTransitionsTruth.ToDoubles(), ofTransitions, k: 0.51, scale: 1e-30);
    }

    [Theory]
    [InlineData(15, 1, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, true)]
    [InlineData(15, 1, true)]
    [InlineData(300, 5, true)]
    public void LinearAndLogSpaceAgree(int steps, double scale, bool iobes)
    {
        const int batch = 6, tags = 11;
        var linear = new CrfCase<double>(steps, batch, tags, scale, constrained: iobes, iobes ? ForbidByIobes : null);
        var wide = linear.Batch;
        // One more tag, out of reach of every other: it changes no result, and its spread forbids linear space.
        wide.Transitions = Views.From(linear.Device, tags + 1, tags + 1,
            (i, j) => i < tags && j < tags ? linear.Batch.Transitions.Row(i)[j] : -1e4);
        wide.Emissions = Views.From(linear.Device, steps * batch, tags + 1,
            (row, tag) => tag < tags ? linear.Batch.Emissions.Row(row)[tag] : -1e4);
        var gold = linear.TagsOut();
        linear.Crf.Viterbi(linear.Batch, gold, linear.Column());
        var weights = Views.Random<double>(linear.Device, batch, 1);
        MatrixView<double> loss = linear.Column(), ofEmissions = linear.OfEmissions(),
            ofTransitions = linear.OfTransitions();
        MatrixView<double> wideLoss = linear.Column();
        var wideOfEmissions = Views.Filled<double>(linear.Device, steps * batch, tags + 1);
        var wideOfTransitions = Views.Filled<double>(linear.Device, tags + 1, tags + 1);
        linear.Crf.NegativeLogLikelihood(linear.Batch, gold, loss, weights, ofEmissions, ofTransitions, false);
        linear.Crf.NegativeLogLikelihood(wide, gold, wideLoss, weights, wideOfEmissions, wideOfTransitions, false);
        Tolerance.AssertClose<double>(loss.ToArray(), wideLoss, k: 100 * steps * scale);
        Tolerance.AssertClose<double>(ofEmissions.ToArray(), wideOfEmissions.SliceColumns(0, tags),
            k: 100 * steps * scale);
        Tolerance.AssertClose<double>(ofTransitions.ToArray(),
            wideOfTransitions.SliceRows(0, tags).SliceColumns(0, tags), k: 500 * steps * scale);
        // The routes round differently: the same bits would mean that one was taken twice.
        Assert.NotEqual(ofEmissions.ToArray(), wideOfEmissions.SliceColumns(0, tags).ToArray());
    }

    // Tag 0 is O; then B, I, E, S of two types.
    static void ForbidByIobes(double[,] transitions)
    {
        for (var from = 0; from < 9; from++)
            for (var to = 0; to < 9; to++)
                if (!Follows(from, to)) transitions[from, to] = double.NegativeInfinity;
        for (var tag = 0; tag < 9; tag++)
        {
            if (!Follows(0, tag)) transitions[9, tag] = double.NegativeInfinity;
            if (!Follows(tag, 0)) transitions[tag, 10] = double.NegativeInfinity;
        }

        static bool Follows(int from, int to)
        {
            var (isOpen, goesOn) = (from > 0 && (from - 1) % 4 < 2, to > 0 && (to - 1) % 4 is 1 or 2);
            return isOpen == goesOn && (!isOpen || (from - 1) / 4 == (to - 1) / 4);
        }
    }
}
