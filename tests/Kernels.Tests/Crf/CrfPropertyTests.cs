using FsCheck;
using FsCheck.Fluent;

namespace LdNetGpu.Tests;

/// <summary>What holds for every size and every scale of scores.</summary>
public class CrfPropertyTests
{
    static readonly Arbitrary<(int Steps, int Batch, int Tags, double Scale, int N)> Sizes = (
        from steps in Gen.Choose(1, 20)
        from batch in Gen.Choose(1, 12)
        from tags in Gen.Choose(3, 24)
        from scale in Gen.Elements(0.01, 1, 10, 100, 1e4)
        from n in Gen.Choose(1, 8)
        select (steps, batch, tags, scale, n)).ToArbitrary();

    static void ForAllSizes(Func<(int Steps, int Batch, int Tags, double Scale, int N), bool> property) =>
        Prop.ForAll(Sizes, property).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20180911, 7));

    [Fact]
    public void ProbabilitiesStayAtMostOne() => ForAllSizes(size =>
    {
        var @case = new CrfCase<float>(size.Steps, size.Batch, size.Tags, size.Scale, constrained: true);
        var loss = @case.Column();
        @case.Crf.NegativeLogLikelihood(@case.Batch, @case.Gold, loss, default, default, default, false);
        return loss.ToArray().All(value => value >= 0 && float.IsFinite(value))
            && @case.Crf.NBest(@case.Batch, size.N).All(paths =>
                paths.All(path => path.LogProbability <= 0)
                    && paths.Sum(path => Math.Exp(path.LogProbability)) <= 1 + 1e-8);
    });

    [Fact]
    public void MarginalsOfAStepSumToOne() => ForAllSizes(size =>
    {
        var @case = new CrfCase<double>(size.Steps, size.Batch, size.Tags, size.Scale, constrained: true);
        var (marginals, partition) = (@case.OfEmissions(), @case.Column());
        @case.Crf.Marginals(@case.Batch, marginals, partition);
        return Enumerable.Range(0, marginals.Rows).All(row =>
            Math.Abs(marginals.Row(row).ToArray().Sum() - (row / size.Batch < @case.Length(row % size.Batch) ? 1 : 0))
                < 1e-9);
    });

    [Fact]
    public void BestOfNIsViterbis() => ForAllSizes(size =>
    {
        var @case = new CrfCase<float>(size.Steps, size.Batch, size.Tags, size.Scale, constrained: true);
        var (best, scores) = (@case.TagsOut(), @case.Column());
        @case.Crf.Viterbi(@case.Batch, best, scores);
        var paths = @case.Crf.NBest(@case.Batch, size.N);
        return Enumerable.Range(0, size.Batch).All(sentence =>
            paths[sentence][0].Tags.Index().All(tag => best.ToArray()[tag.Index * size.Batch + sentence] == tag.Item)
            && paths[sentence].Zip(paths[sentence].Skip(1))
                .All(pair => pair.First.LogProbability >= pair.Second.LogProbability));
    });
}
