using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

public class SyntheticCorpusTests
{
    static readonly SyntheticCorpus Corpus = new();

    static HashSet<string> LowerCasedWords(IEnumerable<Sentence> sentences) =>
        [.. sentences.SelectMany(sentence => sentence.Words).Select(word => word.ToLowerInvariant())];

    [Fact]
    public void NamesOfTheTestSetAreInNoOtherLabelledText()
    {
        var labelled = LowerCasedWords(Corpus.Train.Concat(Corpus.Dev));
        Assert.DoesNotContain(Corpus.TestNames, name => labelled.Contains(name.ToLowerInvariant()));
    }

    [Fact]
    public void TheTestSetsSpansAreMadeOfItsNames() => Assert.All(Corpus.Test, sentence =>
        Assert.All(TagConversion.ToSpans(sentence.Tags!),
            span => Assert.Contains(sentence.Words[span.Start..span.End], Corpus.TestNames.Contains)));

    [Fact]
    public void EveryTestNameIsOftenInTheUnlabelledText()
    {
        var counts = TokenCounts.Of(Corpus.Unlabelled);
        Assert.All(Corpus.TestNames, name => Assert.True(counts.Types.GetValueOrDefault(name) >= 10, name));
        Assert.InRange(counts.Tokens, 80_000, 80_020);
    }

    [Fact]
    public void TheSeedAloneDecides()
    {
        var small = new SyntheticCorpusOptions { UnlabelledWords = 500, TrainSentences = 20, DevSentences = 5,
            TestSentences = 5 };
        static string Text(SyntheticCorpusOptions options)
        {
            var corpus = new SyntheticCorpus(options);
            return string.Join('\n', corpus.Unlabelled.Concat(corpus.Train.Select(sentence => sentence.Words))
                .Select(words => string.Join(' ', words)));
        }
        Assert.Equal(Text(small), Text(small));
        Assert.NotEqual(Text(small), Text(small with { Seed = 2 }));
    }

    [Fact]
    public void FilesHoldTheCorpus()
    {
        using var files = new TestFiles();
        var corpus = new SyntheticCorpus(
            new() { UnlabelledWords = 500, TrainSentences = 20, DevSentences = 5, TestSentences = 6 });
        corpus.Write(files.PathOf("new/texts"));
        Assert.Equal(["dev.conll", "test.conll", "train.conll", "unlabelled.txt", "unlabelled.valid.txt"],
            Directory.GetFiles(files.PathOf("new/texts")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (name, part) in new[] { ("train", corpus.Train), ("dev", corpus.Dev), ("test", corpus.Test) })
        {
            var read = LabelledFile.Load(files.PathOf($"new/texts/{name}.conll"), TagScheme.Iob2).Sentences;
            Assert.Equal(part.Select(sentence => sentence.Words), read.Select(sentence => sentence.Words));
            Assert.Equal(part.Select(sentence => sentence.Tags), read.Select(sentence => sentence.Tags));
            Assert.Equal(part.Select(sentence => sentence.FirstLine), read.Select(sentence => sentence.FirstLine));
        }
        foreach (var (name, text) in new[] { ("unlabelled", corpus.Unlabelled),
            ("unlabelled.valid", corpus.UnlabelledValid) })
            Assert.Equal(text.Select(words => string.Join(' ', words)),
                File.ReadLines(files.PathOf($"new/texts/{name}.txt")));
    }

    [Fact]
    public void LabelledTextIsValidAndNumbered()
    {
        foreach (var part in new[] { Corpus.Train, Corpus.Dev, Corpus.Test })
        {
            using var writer = new StringWriter();
            ConllWriter.Write(writer, part);
            var read = new ConllReader("synthetic").Sentences(
                writer.ToString().Split('\n').Select((text, i) => new TextLine(text, i + 1))).ToList();
            Assert.Equal(part.Select(sentence => sentence.FirstLine), read.Select(sentence => sentence.FirstLine));
            Assert.Equal(part.SelectMany(sentence => sentence.Tags!), read.SelectMany(sentence => sentence.Tags!));
            Assert.All(read, sentence => Assert.Empty(TagRules.Violations(sentence.Tags!, TagScheme.Iob2)));
            Assert.Equal(["LOC", "ORG", "PER"], TagVocabulary.Types(read).Order());
        }
    }

    /// <summary>
    /// Shared ground of the two tests below: the words beside a name, once for each span or occurrence.
    /// </summary>
    static IEnumerable<string> Neighbours(string[] words, int start, int end)
    {
        string At(int i) => i < 0 ? "^" : i >= words.Length
            ? "$" : Corpus.TestNames.Contains(words[i]) ? "NAME" : words[i].ToLowerInvariant();
        return [$"{At(start - 2)} {At(start - 1)} _", $"_ {At(end)} {At(end + 1)}", $"{At(start - 1)} _ {At(end)}"];
    }

    [Fact]
    public void ManyTestSentencesDoNotTellTheTypeOfTheirNames()
    {
        // The part of a sentence that is no name, with the place of the span; one that stands with two types tells
        // nothing.
        var frames = Corpus.Test.SelectMany(sentence => TagConversion.ToSpans(sentence.Tags!).Select(span => (
            Frame: string.Join('|', Neighbours(sentence.Words, span.Start, span.End)), span.Type))).ToList();
        var types = frames.ToLookup(frame => frame.Frame, frame => frame.Type);
        var untold = frames.Count(frame => types[frame.Frame].Distinct().Count() > 1);
        Assert.InRange((double)untold / frames.Count, 0.25, 0.7);
    }

    [Fact]
    public void TheUnlabelledTextTellsTheTypeOfTestNames()
    {
        // Naive Bayes over neighbours: learned on spans of the labelled training text, applied to where a name stands
        // unlabelled.
        var evidence = new Dictionary<(string, string), int>();
        foreach (var sentence in Corpus.Train)
            foreach (var span in TagConversion.ToSpans(sentence.Tags!))
                foreach (var neighbour in Neighbours(sentence.Words, span.Start, span.End))
                    evidence[(neighbour, span.Type)] = evidence.GetValueOrDefault((neighbour, span.Type)) + 1;
        var scores = Corpus.TestNames.ToDictionary(name => name, _ => new double[3]);
        foreach (var words in Corpus.Unlabelled)
            for (var i = 0; i < words.Length; i++)
                if (scores.TryGetValue(words[i], out var score))
                    foreach (var neighbour in Neighbours(words, i, i + 1))
                        for (var type = 0; type < 3; type++)
                            score[type] += Math.Log(
                                1 + evidence.GetValueOrDefault((neighbour, SyntheticCorpus.Types[type])));
        var spans = Corpus.Test.SelectMany(sentence => TagConversion.ToSpans(sentence.Tags!)
            .Where(span => span.End == span.Start + 1)
            .Select(span => (Name: sentence.Words[span.Start], span.Type))).ToList();
        var right = spans.Count(
            span => SyntheticCorpus.Types[Array.IndexOf(scores[span.Name], scores[span.Name].Max())] == span.Type);
        Assert.InRange((double)right / spans.Count, 0.85, 1);
    }
}
