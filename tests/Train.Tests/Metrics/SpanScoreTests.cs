using System.Text;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Metrics;

/// <summary>
/// Every expected figure is derived by hand from conlleval's rules; the reason stands beside the case.
/// </summary>
public class SpanScoreTests
{
    static SpanReport Score(string gold, string predicted)
    {
        var score = new SpanScore();
        score.Add(gold.Split(' '), predicted.Split(' '));
        return score.Report();
    }

    [Theory]
    // Both columns hold one span 0-2.
    [InlineData("B-A I-A O", "B-A I-A O", 1, 1, 1)]
    // I after O starts a chunk, so IOB1 and IOB2 spell the same span.
    [InlineData("I-A I-A O", "B-A I-A O", 1, 1, 1)]
    // I of another type starts a chunk and ends the one before.
    [InlineData("B-A I-B O", "B-A B-B O", 2, 2, 2)]
    // B after I of its type: two gold spans 0-2 and 2-3, predicted one 0-3. The end after word 1 is in one column only.
    [InlineData("I-A I-A B-A", "I-A I-A I-A", 2, 1, 0)]
    // B B: two spans of one word each.
    [InlineData("B-A B-A O", "B-A I-A O", 2, 1, 0)]
    // Right borders, wrong type.
    [InlineData("B-A I-A O", "B-B I-B O", 1, 1, 0)]
    // The predicted span runs one word too far, then one word too short.
    [InlineData("B-A O O", "B-A I-A O", 1, 1, 0)]
    [InlineData("B-A I-A O", "B-A O O", 1, 1, 0)]
    // The predicted span starts late: the starts never coincide.
    [InlineData("B-A I-A I-A", "O B-A I-A", 1, 1, 0)]
    // Starts coincide, the predicted type changes inside: gold 0-2 A; predicted 0-1 A, 1-2 B.
    [InlineData("B-A I-A O", "B-A I-B O", 1, 2, 0)]
    // A span that reaches the end of the sentence is closed there.
    [InlineData("O B-A", "O B-A", 1, 1, 1)]
    // IOBES: S is one word, B I E one span.
    [InlineData("S-A O B-B I-B E-B", "B-A O B-B I-B I-B", 2, 2, 2)]
    // E then B of one type: raw conlleval would melt them into one; as IOB2 they are 0-2 and 2-4.
    [InlineData("B-A E-A B-A E-A", "B-A I-A B-A I-A", 2, 2, 2)]
    // S then S.
    [InlineData("S-A S-A", "B-A B-A", 2, 2, 2)]
    // E then I, E then E: conlleval starts a chunk at each; 0-2, 2-3 and 0-1, 1-2, 2-3.
    [InlineData("B-A E-A I-A", "B-A I-A B-A", 2, 2, 2)]
    [InlineData("E-A E-A E-A", "B-A B-A B-A", 3, 3, 3)]
    // Broken IOBES predictions: I without B after O starts a span; B without E ends at O.
    [InlineData("B-A E-A O S-A", "I-A E-A O B-A", 2, 2, 2)]
    // BILOU, BMES and BMEWO are IOBES in other letters.
    [InlineData("U-A U-A", "B-A L-A", 2, 1, 0)]
    [InlineData("U-A O B-B I-B L-B", "S-A O B-B M-B E-B", 2, 2, 2)]
    [InlineData("W-A W-A", "U-A S-A", 2, 2, 2)]
    [InlineData("B-A L-A B-A L-A", "B-A I-A B-A I-A", 2, 2, 2)]
    [InlineData("B M E S", "B I I B", 2, 2, 2)]
    // Brackets are chunks of one word.
    [InlineData("[-A ]-A O", "B-A B-A O", 2, 2, 2)]
    // A tag without a hyphen has the empty type: B I is one span of it.
    [InlineData("B I O", "B I O", 1, 1, 1)]
    // The type is all that follows the first hyphen.
    [InlineData("B-creative-work I-creative-work", "B-creative-work I-creative", 1, 2, 0)]
    [InlineData("O O", "O O", 0, 0, 0)]
    public void SpansAreCountedByTheRules(string gold, string predicted, int inGold, int inPredicted, int correct)
    {
        var report = Score(gold, predicted);
        Assert.Equal(new SpanCounts(inGold, inPredicted, correct), report.Overall);
    }

    [Fact]
    public void SpansDoNotCrossSentences()
    {
        var score = new SpanScore();
        score.Add(["O", "B-A"], ["O", "B-A"]);
        score.Add(["I-A", "O"], ["O", "O"]);
        // The I-A that opens the second sentence is a span of its own.
        Assert.Equal(new SpanCounts(2, 1, 1), score.Report().Overall);
    }

    [Fact]
    public void ScoresAgreeWithSpanSetsOnRandomColumns()
    {
        // A second road to the same figures: spans as sets, on pairs of rows of three tags (each row in 38 pairs or
        // so).
        string[] alphabet = ["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B"];
        var rows = (from a in alphabet from b in alphabet from c in alphabet select new[] { a, b, c }).ToArray();
        for (var g = 0; g < rows.Length; g++)
            for (var p = g % 9; p < rows.Length; p += 9)
            {
                var (gold, predicted) = (rows[g], rows[p]);
                var score = new SpanScore();
                score.Add(gold, predicted);
                var (goldSpans, predictedSpans) = (TagConversion.ToSpans(gold), TagConversion.ToSpans(predicted));
                Assert.Equal(new SpanCounts(goldSpans.Count, predictedSpans.Count,
                    goldSpans.Intersect(predictedSpans).Count()), score.Report().Overall);
            }
    }

    [Fact]
    public void ReportReadsLikeConlleval()
    {
        // 8 words, the predicted tags differ on two: 75 %. PER: gold 2, found 2, correct 1. LOC: gold 1, found 2,
        // correct 1. All: precision 2/4, recall 2/3, F1 = 2 * 50 * 66.67 / 116.67 = 57.14.
        const string file =
            "a NN B-PER B-PER\nb NN I-PER I-PER\nc NN O B-LOC\nd NN B-LOC B-LOC\n\ne NN B-PER B-PER\nf NN I-PER O\ng "
            + "NN O O\nh NN O O\n";
        var report = SpanScoreReader.Score(TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(file)), "input"),
            "input");
        Assert.Equal(
        [
            "processed 8 tokens with 3 phrases; found: 4 phrases; correct: 2.",
            "accuracy:  75.00%; precision:  50.00%; recall:  66.67%; FB1:  57.14",
            "              LOC: precision:  50.00%; recall: 100.00%; FB1:  66.67  2",
            "              PER: precision:  50.00%; recall:  50.00%; FB1:  50.00  2",
        ], SpanReportText.Lines(report));
    }

    static SpanReport ScoreText(string text, SpanScoreOptions? options = null) =>
        SpanScoreReader.Score(TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input"), "input",
            options);

    [Fact]
    public void BoundaryLinesEndSentencesAndDocumentStartsAreWords()
    {
        // -DOCSTART- is a word (3 words in all, as conlleval counts); -X- is none and closes the span, so I-A after it
        // is a second one.
        var report = ScoreText("-DOCSTART- O O\na B-A B-A\n-X- O O\nb I-A I-A\n");
        Assert.Equal((3L, new SpanCounts(2, 2, 2)), (report.Tokens, report.Overall));
    }

    [Theory]
    [InlineData("-DOCSTART- O O _\n\n")]
    [InlineData("-DOCSTART- O O _\n-DOCSTART- O O _\n")]
    [InlineData("-DOCSTART-\n\n")]
    [InlineData("# id = 1\n-DOCSTART- O\n")]
    public void WordsTellTheColumnsNotTheDocumentStartBeforeThem(string start)
    {
        var report = ScoreText(start + "a B-A B-A 0.9731\nb I-A O 0.5000\nc B-B B-B 1.0000\n");
        Assert.Equal(new SpanCounts(2, 2, 1), report.Overall);
        Assert.Equal(report.Overall, ScoreText(start + "a\tB-A\tB-A\nb\tI-A\tO\nc\tB-B\tB-B\n").Overall);
        Assert.Equal(3 + start.Split(" O O").Length - 1, report.Tokens);
    }

    [Fact]
    public void DelimiterAndRawTags()
    {
        // Raw: each word with a type is a span of its own, so A A is two spans; N stands for none.
        var report =
            ScoreText("a|A|A\nb|A|N\n", new SpanScoreOptions { Delimiter = '|', Raw = true, OutsideTag = "N" });
        Assert.Equal(new SpanCounts(2, 1, 1), report.Overall);
        Assert.Equal(50, report.Accuracy);
    }

    [Fact]
    public void TagsOfNoSchemeAreCountedAndScoredAsConllevalDoes()
    {
        // X-A starts a chunk after O for its type, a bare A none for it has no type.
        var report = ScoreText("a X-A B-A\nb O O\nc A O\nd [-A .\n");
        Assert.Equal(new UnknownTags(2, "X-A", 1), report.UnknownTags);
        Assert.Equal(new SpanCounts(2, 1, 1), report.Overall);
        Assert.Null(ScoreText("a U-A W-A\nb B I\n").UnknownTags);
        Assert.Null(ScoreText("a PER PER\n", new() { Raw = true }).UnknownTags);
    }

    [Fact]
    public void CommentsMarksAndLinesOfNoWordArePassedOver()
    {
        var report = ScoreText("# id = 1\n1 Ann B-A B-A\n2-3 dont _ _\n\uFEFF2 do O O\n# a = b = c\n-DOCSTART-\n"
            + "3 x I-A I-A\n");
        Assert.Equal((3L, new SpanCounts(2, 2, 2)), (report.Tokens, report.Overall));
        // As many columns as the other lines: a word, as in conlleval.
        Assert.Equal(2, ScoreText("a = B-A B-A\n# = B-A B-A\n").Tokens);
        Assert.Equal(1, ScoreText("a B-A B-A\n% x\n", new() { Comment = "%" }).Tokens);
        TestFiles.Refused(() => ScoreText("a B-A B-A\n# a = b\n", new() { Comment = "" }), "line 2");
    }

    [Fact]
    public void ColumnsOfTheTagsCanBeNamed()
    {
        var report = ScoreText("B-A x B-B 0.9\n", new() { GoldColumn = 0, PredictedColumn = -2 });
        Assert.Equal(["A", "B"], report.Types.Keys);
        TestFiles.Refused(() => ScoreText("a B-A B-A\n", new() { GoldColumn = 3 }), "line 1", "no column 4");
    }

    [Fact]
    public void BadFilesAreRefused()
    {
        TestFiles.Refused(() => ScoreText("word\n"), "input, line 1", "1 column");
        TestFiles.Refused(() => ScoreText("a O O\nb O\n"), "input, line 2", "2 columns", "have 3");
        TestFiles.Refused(() => ScoreText("\n"), "input", "no words");
    }

    [Fact]
    public void MeanAndDeviationOverSeeds()
    {
        // Mean 91; squares of the differences 1 + 0 + 1 over n - 1 = 2: deviation 1.
        Assert.Equal("91.00 ± 1.00", MeanAndDeviation.Of([90, 91, 92]).ToString());
        Assert.Equal("90.50", MeanAndDeviation.Of([90.5]).ToString());
        Assert.Throws<ArgumentException>(() => MeanAndDeviation.Of([]));
    }
}
