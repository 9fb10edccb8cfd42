using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Metrics;

/// <summary>Which predicted span stands for which gold one.</summary>
public class SpanAlignmentTests
{
    [Theory]
    [InlineData("B-PER I-PER O", "B-PER I-PER O", "Correct")]
    [InlineData("B-PER I-PER O", "B-ORG I-ORG O", "WrongType")]
    [InlineData("B-PER I-PER O", "B-PER O O", "WrongExtent")]
    [InlineData("B-PER I-PER O", "O B-ORG I-ORG", "WrongBoth")]
    [InlineData("B-PER I-PER O", "O O O", "Missed")]
    [InlineData("O O O", "O B-LOC O", "Spurious")]
    [InlineData("O O O", "O O O", "")]
    // Two predictions in the place of one: that which shares more words stands for it.
    [InlineData("B-PER I-PER I-PER O", "B-PER B-PER I-PER O", "WrongExtent Spurious")]
    // The same words go together, whatever overlaps beside.
    [InlineData("B-PER B-LOC O", "B-LOC B-LOC O", "WrongType Correct")]
    // One that is longer than two gold spans stands for one of them.
    [InlineData("B-PER B-LOC O", "B-PER I-PER O", "WrongExtent Missed")]
    public void EverySpanStandsInOnePair(string gold, string predicted, string outcomes) =>
        Assert.Equal(outcomes, string.Join(' ', SpanAlignment.Of(Spans(gold), Spans(predicted))
            .Select(pair => pair.Outcome)));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void NoSpanIsLostAndTheCorrectOnesAreThoseOfTheScore(int seed)
    {
        var random = new Random(seed);
        string[] tags = ["O", "O", "B-A", "I-A", "B-B", "I-B"];
        var score = new SpanScore();
        var (gold, predicted, correct) = (0, 0, 0);
        for (var sentence = 0; sentence < 50; sentence++)
        {
            string[] Draw() => [.. Enumerable.Range(0, 11).Select(_ => tags[random.Next(tags.Length)])];
            var (one, other) = (Draw(), Draw());
            score.Add(one, other);
            var aligned = SpanAlignment.Of(TagConversion.ToSpans(one), TagConversion.ToSpans(other));
            Assert.Equal(TagConversion.ToSpans(one), aligned.Select(pair => pair.Gold).OfType<EntitySpan>()
                .OrderBy(span => span.Start));
            Assert.Equal(TagConversion.ToSpans(other), aligned.Select(pair => pair.Predicted).OfType<EntitySpan>()
                .OrderBy(span => span.Start));
            gold += aligned.Count(pair => pair.Gold is not null);
            predicted += aligned.Count(pair => pair.Predicted is not null);
            correct += aligned.Count(pair => pair.Outcome == SpanOutcome.Correct);
        }
        Assert.Equal(new SpanCounts(gold, predicted, correct), score.Report().Overall);
    }

    static List<EntitySpan> Spans(string tags) => TagConversion.ToSpans(tags.Split(' '));
}
