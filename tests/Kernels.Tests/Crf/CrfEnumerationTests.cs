using LdNetGpu.Kernels.Views;


namespace LdNetGpu.Tests;

/// <summary>Everything the CRF computes, against the enumeration of all sequences, in double.</summary>
public class CrfEnumerationTests
{
    /// <summary>
    /// Steps, batch, tags, size of scores, constraints: none, start and end, any, or a ring in which a tag leads to
    /// itself and the next alone.
    /// </summary>
    public static TheoryData<int, int, int, double, string> Cases()
    {
        var data = new TheoryData<int, int, int, double, string>();
        foreach (var (steps, batch, tags) in new[] { (1, 1, 2), (1, 4, 3), (2, 3, 4), (3, 2, 5), (4, 9, 3), (5, 5, 4),
            (5, 2, 5) })
            foreach (var scale in new[] { 1, 30, 1e4 })
                foreach (var constraints in tags > 2 ? new[] { "none", "start and end", "any", "ring" } : ["none"])
                    data.Add(steps, batch, tags, scale, constraints);
        return data;
    }

    static CrfCase<double> Case(int steps, int batch, int tags, double scale, string constraints) =>
        new(steps, batch, tags, scale, constraints is "start and end" or "ring", constraints switch
        {
            "any" => transitions =>
                (transitions[0, 1], transitions[1, 0]) = (double.NegativeInfinity, double.NegativeInfinity),
            "ring" => Ring,
            _ => null,
        });

    static void Ring(double[,] transitions)
    {
        var free = transitions.GetLength(0) - 2;
        for (var i = 0; i < free; i++)
            for (var j = 0; j < free; j++)
                if (j != i && j != (i + 1) % free)
                    transitions[i, j] = double.NegativeInfinity;
        if (free > 1) transitions[free, free - 1] = double.NegativeInfinity;
    }

    [Theory, MemberData(nameof(Cases))]
    public void PartitionMarginalsAndScores(int steps, int batch, int tags, double scale, string constraints)
    {
        var @case = Case(steps, batch, tags, scale, constraints);
        MatrixView<double> partition = @case.Column(), partitionAgain = @case.Column(), marginals = @case.OfEmissions(),
            score = @case.Column();
        @case.Crf.LogPartition(@case.Batch, partition);
        @case.Crf.Marginals(@case.Batch, marginals, partitionAgain);
        Tolerance.AssertSameBits(partition, partitionAgain);
        for (var sentence = 0; sentence < batch; sentence++)
        {
            var truth = EnumeratedCrf.Of(@case, sentence);
            Tolerance.AssertClose<double>([truth.LogPartition], partition.SliceRows(sentence, 1), k: 50, scale: scale);
            for (var t = 0; t < steps; t++)
                Tolerance.AssertClose<double>(
                    [.. Enumerable.Range(0, tags)
                        .Select(tag => t < @case.Length(sentence) ? truth.Marginals[t, tag] : 0)],
                    marginals.SliceRows(t * batch + sentence, 1), k: 200 * Math.Max(1, scale));
        }
        // The gold tags may be forbidden.
        if (constraints is "any" or "ring") return;
        @case.Crf.Score(@case.Batch, @case.Gold, score);
        for (var sentence = 0; sentence < batch; sentence++)
        {
            var gold = EnumeratedCrf.Of(@case, sentence).Sequences
                .Single(sequence => sequence.Tags.SequenceEqual(@case.GoldOf(sentence)));
            Tolerance.AssertClose<double>([gold.Score], score.SliceRows(sentence, 1), k: 20, scale: scale);
            // Not clamped: rounding alone may take it below 0.
            Assert.True(partition.Row(sentence)[0] - score.Row(sentence)[0] >= -1e-14 * scale);
        }
        partition.AssertGapsUntouched();
        marginals.AssertGapsUntouched();
    }

    [Theory, MemberData(nameof(Cases))]
    public void NegativeLogLikelihoodAndItsGradients(int steps, int batch, int tags, double scale, string constraints)
    {
        var @case = Case(steps, batch, tags, scale, constraints);
        // Gold: each sentence's fourth best sequence, so that no constraint forbids it.
        var truths = Enumerable.Range(0, batch).Select(sentence => EnumeratedCrf.Of(@case, sentence)).ToArray();
        var golds = truths.Select(truth => truth.Sequences[Math.Min(3, truth.Sequences.Length - 1)]).ToArray();
        var tagsView = Views.Indices(@case.Device,
            [.. Enumerable.Range(0, steps * batch)
                .Select(row => golds[row % batch].Tags.ElementAtOrDefault(row / batch))]);
        var weights = Views.Random<double>(@case.Device, batch, 1, 3);
        MatrixView<double> loss = @case.Column(), ofEmissions = @case.OfEmissions(0.5),
            ofTransitions = @case.OfTransitions();
        ofTransitions.Row(0)[0] = 0.25;
        @case.Crf.NegativeLogLikelihood(@case.Batch, tagsView, loss, weights, ofEmissions, ofTransitions,
            accumulate: true);
        var expectedTransitions = new double[tags, tags];
        expectedTransitions[0, 0] = 0.25;
        for (var sentence = 0; sentence < batch; sentence++)
        {
            var (truth, gold, weight) = (truths[sentence], golds[sentence].Tags, weights.Row(sentence)[0]);
            Tolerance.AssertClose<double>([truth.LogPartition - golds[sentence].Score], loss.SliceRows(sentence, 1),
                k: 50, scale: scale * steps);
            for (var t = 0; t < steps; t++)
                Tolerance.AssertClose<double>(
                    [.. Enumerable.Range(0, tags).Select(tag => 0.5 + Slope(t, tag))],
                    ofEmissions.SliceRows(t * batch + sentence, 1), k: 200 * Math.Max(1, scale));
            for (var i = 0; i < tags; i++)
                for (var j = 0; j < tags; j++)
                    expectedTransitions[i, j] += weight * truth.ExpectedTransitions[i, j];
            for (var t = 0; t <= gold.Length; t++)
            {
                var from = t == 0 ? @case.Batch.StartTag : gold[t - 1];
                var to = t == gold.Length ? @case.Batch.EndTag : gold[t];
                expectedTransitions[from, to] -= weight;
            }

            // Of the loss along an emission; none behind the sentence's end.
            double Slope(int t, int tag) =>
                t >= gold.Length ? 0 : weight * (truth.Marginals[t, tag] - (gold[t] == tag ? 1 : 0));
        }
        Tolerance.AssertClose<double>([.. expectedTransitions.Cast<double>()], ofTransitions,
            k: 400 * Math.Max(1, scale));
        ofEmissions.AssertGapsUntouched();
        ofTransitions.AssertGapsUntouched();
    }

    [Theory, MemberData(nameof(Cases))]
    public void BestSequences(int steps, int batch, int tags, double scale, string constraints)
    {
        var @case = Case(steps, batch, tags, scale, constraints);
        var (best, scores) = (@case.TagsOut(), @case.Column());
        @case.Crf.Viterbi(@case.Batch, best, scores);
        var nine = @case.Crf.NBest(@case.Batch, 9);
        var all = @case.Crf.NBest(@case.Batch, 100_000);
        for (var sentence = 0; sentence < batch; sentence++)
        {
            var truth = EnumeratedCrf.Of(@case, sentence);
            var column = Enumerable.Range(0, steps).Select(t => best.ToArray()[t * batch + sentence]).ToArray();
            Assert.Equal(truth.Sequences[0].Tags, column[..@case.Length(sentence)]);
            Assert.All(column[@case.Length(sentence)..], tag => Assert.Equal(-1, tag));
            Tolerance.AssertClose<double>([truth.Sequences[0].Score], scores.SliceRows(sentence, 1), k: 20,
                scale: scale);
            Assert.Equal(truth.Sequences.Length, all[sentence].Length);
            Assert.Equal(truth.Sequences.Select(sequence => sequence.Tags), all[sentence].Select(path => path.Tags));
            Tolerance.AssertClose<double>(
                [.. truth.Sequences.Select(sequence => Math.Min(0, sequence.Score - truth.LogPartition))],
                (ReadOnlySpan<double>)[.. all[sentence].Select(path => path.LogProbability)], k: 50,
                scale: scale * steps);
            Assert.Equal(all[sentence].Take(9).Select(path => path.Tags), nine[sentence].Select(path => path.Tags));
            Assert.InRange(all[sentence].Sum(path => Math.Exp(path.LogProbability)), 1 - 1e-10, 1 + 1e-10);
        }
    }
}
