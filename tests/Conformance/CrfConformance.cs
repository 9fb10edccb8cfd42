using System.Numerics;
using LdNetGpu.Kernels.Crf;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    /// <summary>
    /// A padded batch with its gold tags. The last two tags, or the first two, are start, which nothing enters, and
    /// end, which nothing leaves.
    /// </summary>
    sealed record CrfProblem(int Steps, int[] LengthValues, int Tags, Operand Emissions, Operand Transitions,
        IndexOperand Lengths, IndexOperand Gold)
    {
        public int Batch => LengthValues.Length;

        public int StartTag { get; init; } = Tags - 2;

        public static CrfProblem Of(int steps, int[] lengths, int tags, float range, bool forbidSome,
            bool startsFirst = false)
        {
            var start = startsFirst ? 0 : tags - 2;
            var random = Operand.Random(tags, tags, 2, low: -range, high: range);
            var key = new Devices.RandomKey(5, 0, 0);
            var transitions = new Operand(tags, tags, tags + 1, (from, to) =>
                to == start || from == start + 1
                    || forbidSome && from < tags - 2 && to == (from + 2) % tags && to != from + 1 && to < tags - 2
                    ? float.NegativeInfinity
                    : range * (2 * key.Uniform(from * tags + to) - 1));
            var gold = Enumerable.Range(0, steps * lengths.Length)
                .Select(i => i / lengths.Length >= lengths[i % lengths.Length] ? -1
                    : (startsFirst ? 2 : 0) + i / lengths.Length % 2);
            return new(steps, lengths, tags,
                Operand.Random(steps * lengths.Length, tags, 1, gap: 2, low: -range, high: range),
                transitions, new(lengths), new([.. gold])) { StartTag = start };
        }

        public CrfBatch<TNumber> On<TNumber>(Side<TNumber> side)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber> => new()
        {
            Steps = Steps, Batch = Batch, StartTag = StartTag, EndTag = StartTag + 1,
            Lengths = side[Lengths], Emissions = side[Emissions], Transitions = side[Transitions],
        };
    }

    [Theory]
    [InlineData(1, 3, 1f, false)]
    [InlineData(4, 5, 2f, false)]
    [InlineData(4, 9, 2f, true)]
    [InlineData(3, 35, 3f, false)]
    // So far apart that probabilities underflow: only logarithms hold them.
    [InlineData(4, 5, 800f, false)]
    // Start and end before the tags, so that a path may have the last one.
    [InlineData(4, 9, 2f, false, true)]
    [InlineData(3, 35, 2f, false, true)]
    [InlineData(4, 5, 800f, false, true)]
    public void CrfLossMarginalsAndGradients(int steps, int tags, float range, bool forbidSome,
        bool startsFirst = false)
    {
        var problem = CrfProblem.Of(steps, steps == 1 ? [1] : [steps, 1, steps - 1], tags, range, forbidSome,
            startsFirst);
        var (rows, batch) = (problem.Steps * problem.Batch, problem.Batch);
        var (score, partition, loss, lossOnly) =
            (Operand.Filled(batch, 1, 9, gap: 2), Operand.Filled(batch, 1, 9, gap: 1),
                Operand.Filled(batch, 1, 9, gap: 3), Operand.Filled(batch, 1, 9));
        var weights = Operand.Random(batch, 1, 3, gap: 2);
        var (written, added) = (Operand.Filled(rows, tags, 9, gap: 1), Operand.Random(rows, tags, 4));
        var transitionsGradient = Operand.Random(tags, tags, 5, gap: 3);
        var (marginals, marginalPartition) = (Operand.Filled(rows, tags, 9), Operand.Filled(batch, 1, 9));
        Work(Ours);
        Work(Reference);
        var scale = 1 + range * steps;
        foreach (var result in new[] { score, partition, loss, lossOnly, marginalPartition })
            Check(result, scale: scale);
        foreach (var result in new[] { written, added, transitionsGradient, marginals }) Check(result, k: 16);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var (crf, call) = (side.Backend.Crf, problem.On(side));
            crf.Score(call, side[problem.Gold], side[score]);
            crf.LogPartition(call, side[partition]);
            crf.NegativeLogLikelihood(call, side[problem.Gold], side[lossOnly], default, default, default,
                accumulate: false);
            crf.NegativeLogLikelihood(call, side[problem.Gold], side[loss], side[weights], side[written],
                side[transitionsGradient], accumulate: false);
            crf.NegativeLogLikelihood(call, side[problem.Gold], side[loss], side[weights], side[added], default,
                accumulate: true);
            crf.Marginals(call, side[marginals], side[marginalPartition]);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(5, 6)]
    [InlineData(4, 32)]
    [InlineData(3, 67)]
    [InlineData(5, 6, true)]
    [InlineData(3, 35, true)]
    public void ViterbiAndTheBestPaths(int steps, int tags, bool startsFirst = false)
    {
        var problem = CrfProblem.Of(steps, [steps, 1], tags, 2, forbidSome: tags == 6 && !startsFirst, startsFirst);
        var (path, scores) = (new IndexOperand(new int[steps * 2]), Operand.Filled(2, 1, 9));
        var (ours, reference) = (Work(Ours), Work(Reference));
        Assert.Equal(Reference[path].ToArray(), Ours[path].ToArray());
        Check(scores, scale: 2 * steps);
        for (var sentence = 0; sentence < 2; sentence++)
        {
            Assert.Equal(reference[sentence].Length, ours[sentence].Length);
            foreach (var (expected, found) in reference[sentence].Zip(ours[sentence]))
            {
                Assert.Equal(expected.Tags, found.Tags);
                Assert.Equal(expected.LogProbability, found.LogProbability, 1e-5);
            }
        }

        CrfPath[][] Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Crf.Viterbi(problem.On(side), side[path], side[scores]);
            return side.Backend.Crf.NBest(problem.On(side), 3);
        }
    }

    [Fact]
    public void ViterbiTiesGoToTheLowestTag()
    {
        var problem = new CrfProblem(3, [3], 4, Operand.Filled(3, 4, 1), Operand.Filled(4, 4, 0), new(3), new(0, 0, 0));
        var (path, scores) = (new IndexOperand(9, 9, 9), Operand.Filled(1, 1, 9));
        Ours.Backend.Crf.Viterbi(problem.On(Ours), Ours[path], Ours[scores]);
        Assert.Equal([0, 0, 0], Ours[path].ToArray());
        Assert.Equal([T.CreateChecked(3)], Ours[scores].ToArray());
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void LossOfUndefinedEmissionsIsUndefined(float bad)
    {
        var problem = CrfProblem.Of(3, [3], 5, 1, forbidSome: false);
        problem = problem with { Emissions = new Operand(3, 5, 5, (row, tag) => row == 1 && tag == 2 ? bad : 0) };
        var loss = Operand.Filled(1, 1, 9);
        Assert.True(double.IsNaN(Loss(Reference)));
        Assert.True(double.IsNaN(Loss(Ours)));

        double Loss<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Crf.NegativeLogLikelihood(problem.On(side), side[problem.Gold], side[loss], default, default,
                default, accumulate: false);
            return double.CreateChecked(side[loss].ToArray()[0]);
        }
    }

    [Theory, InlineData(9), InlineData(32), InlineData(33)]
    public void NoPathLeadsThroughUndefinedEmissions(int tags)
    {
        var problem = CrfProblem.Of(2, [2, 1], tags, 1, forbidSome: false) with
        {
            // The first sentence's last word.
            Emissions = new Operand(4, tags, tags, (row, _) => row == 2 ? float.NaN : 0),
            Transitions = Operand.Filled(tags, tags, -1),
        };
        var (path, scores) = (new IndexOperand(new int[4]), Operand.Filled(2, 1, 9));
        BothRefuse(() => Decode(Ours), () => Decode(Reference));

        void Decode<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Crf.Viterbi(problem.On(side), side[path], side[scores]);
    }

    [Fact]
    public void ForbiddenTagsAreRefused()
    {
        var problem = CrfProblem.Of(2, [2], 4, 1, forbidSome: false);
        // Tag 2 is the start tag, which nothing enters.
        var forbidden = new IndexOperand(0, 2);
        var loss = Operand.Filled(1, 1, 9);
        BothRefuse(() => Loss(Ours), () => Loss(Reference));
        var nothing = problem with { Transitions = Operand.Filled(4, 4, float.NegativeInfinity) };
        var path = new IndexOperand(0, 0);
        BothRefuse(() => Decode(Ours), () => Decode(Reference));

        void Loss<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Crf.NegativeLogLikelihood(problem.On(side), side[forbidden], side[loss], default, default,
                default, accumulate: false);
        void Decode<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Crf.Viterbi(nothing.On(side), side[path], side[loss]);
    }
}
