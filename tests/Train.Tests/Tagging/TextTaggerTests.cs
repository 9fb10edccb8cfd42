using LdNetGpu.Devices;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Tagging;

/// <summary>
/// Sentences in, tags out: in order, as they come, and with one forward pass a batch whatever is asked for.
/// </summary>
public sealed class TextTaggerTests : IDisposable
{
    readonly CountingBackend backend = new();
    readonly LoadedTagger loaded;

    public TextTaggerTests() => loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);

    public void Dispose() => loaded.Dispose();

    [Fact]
    public void ConfidencesAndReadingsCostNoSecondForwardPass()
    {
        var plain = Passes(new(), out var tagged);
        Assert.True(plain > 0);
        Assert.All(tagged,
            sentence => Assert.True(sentence is { Confidence: null, Readings: [{ Probability: null }] }));
        Assert.Equal(plain, Passes(new() { WithConfidence = true }, out tagged));
        Assert.All(tagged, sentence => Assert.Equal(sentence.Words.Length, sentence.Confidence!.Length));
        Assert.Equal(plain, Passes(new() { Readings = 3, WithConfidence = true }, out tagged));
        Assert.All(tagged,
            sentence =>
                Assert.Equal(sentence.Readings.OrderByDescending(reading => reading.Probability), sentence.Readings));
        Assert.All(tagged, sentence => Assert.Equal(sentence.Words.Length, sentence.Confidence!.Length));
    }

    [Fact]
    public void TheMostLikelySequenceIsAmongTheReadings()
    {
        Passes(new(), out var plain);
        Passes(new() { Readings = 4, WithConfidence = true }, out var many);
        Assert.All(plain.Zip(many),
            pair => Assert.Contains(pair.Second.Readings, reading => reading.Tags.SequenceEqual(pair.First.Tags)));
        Assert.Equal(SmallCorpus.Dev.Sentences.Select(sentence => sentence.Words),
            many.Select(sentence => sentence.Words));
    }

    [Fact]
    public void ReadingsDifferAndHoldWhatMarksTheSame()
    {
        Passes(new() { Readings = 30 }, out var many);
        var states = SmallCorpus.Dev.Sentences.Select(sentence => loaded.Tagger.Read(
            new([loaded.Vocabularies.Encode(sentence)], loaded.Vocabularies.BackwardEnd), 60)[0]).ToList();
        var merged = 0;
        foreach (var (sentence, paths) in many.Zip(states))
        {
            Assert.Equal(sentence.Readings.Count,
                sentence.Readings.DistinctBy(reading => string.Join(' ', reading.Tags)).Count());
            foreach (var reading in sentence.Readings)
            {
                var alike = paths.Where(path => TagConversion.Convert(
                    [.. path.Tags.Select(tag => loaded.Vocabularies.Tags[tag])], TagScheme.Iob2)
                    .SequenceEqual(reading.Tags)).ToList();
                Assert.Equal(alike.Sum(path => Math.Exp(path.LogProbability!.Value)), reading.Probability!.Value, 1e-6);
                merged += alike.Count > 1 ? 1 : 0;
            }
        }
        Assert.True(merged > 0, "no two sequences mark the same");
    }

    [Fact]
    public void EachSentenceIsAnsweredBeforeTheNextIsReadWhereWindowsHoldOne()
    {
        var read = 0;
        var sentences = SmallCorpus.Dev.Sentences.Select(sentence =>
        {
            read++;
            return sentence;
        });
        var answered = 0;
        foreach (var _ in new TextTagger(loaded, new() { WindowWords = 1 }).Tag(sentences))
            Assert.Equal(++answered, read);
        Assert.Equal(SmallCorpus.Dev.Sentences.Count, answered);
    }

    [Fact]
    public void ALongSentenceIsTaggedInPiecesEachByItself()
    {
        var words = SmallCorpus.Dev.Sentences.SelectMany(sentence => sentence.Words).Take(23).ToArray();
        var options = new TextTaggerOptions { PieceWords = 10, Readings = 3, WithConfidence = true };
        var whole = new TextTagger(loaded, options).Tag(words);
        var pieces = words.Chunk(10).Select(piece => new TextTagger(loaded, options).Tag(piece)).ToArray();
        Assert.Equal(words, whole.Words);
        Assert.Equal(pieces.SelectMany(piece => piece.Tags), whole.Tags);
        Assert.Equal(pieces.SelectMany(piece => piece.Confidence!), whole.Confidence);
        Assert.Equal(3, whole.Readings.Count);
        // All 27 ways to put three readings together, the best three of them.
        var expected = from first in pieces[0].Readings
                       from second in pieces[1].Readings
                       from third in pieces[2].Readings
                       orderby first.Probability * second.Probability * third.Probability descending
                       select first.Probability * second.Probability * third.Probability;
        Assert.All(expected.Take(3).Zip(whole.Readings),
            pair => Assert.Equal(pair.First!.Value, pair.Second.Probability!.Value, 1e-9));
    }

    [Fact]
    public void PiecesStandInTheOrderOfTheText()
    {
        Sentence[] sentences = [.. SmallCorpus.Dev.Sentences.Take(6)];
        var tagger = new TextTagger(loaded, new() { PieceWords = 2 });
        var tagged = tagger.Tag(sentences).ToArray();
        Assert.Equal(sentences.Select(sentence => sentence.Words), tagged.Select(sentence => sentence.Words));
        foreach (var (sentence, i) in sentences.Select((sentence, i) => (sentence, i)))
            Assert.Equal(sentence.Words.Chunk(2).SelectMany(piece => new TextTagger(loaded).Tag(piece).Tags),
                tagged[i].Tags);
    }

    public static TheoryData<string, Func<int, TextTaggerOptions>, int, int> Ranges => new()
    {
        { "Readings", value => new() { Readings = value }, 1, 1000 },
        { "WindowWords", value => new() { WindowWords = value }, 1, int.MaxValue },
        { "PieceWords", value => new() { PieceWords = value }, 1, int.MaxValue },
    };

    [Theory, MemberData(nameof(Ranges), DisableDiscoveryEnumeration = true)]
    public void OptionsAreHeldToTheirRanges(string named, Func<int, TextTaggerOptions> make, int least, int most)
    {
        var words = SmallCorpus.Dev.Sentences[0].Words;
        foreach (var value in new[] { least, most })
            Assert.Equal(words, new TextTagger(loaded, make(value)).Tag(words).Words);
        var outside = new List<int> { least - 1, int.MinValue };
        if (most < int.MaxValue) outside.AddRange([most + 1, int.MaxValue]);
        Assert.All(outside, value =>
            Assert.Equal(named, Assert.Throws<ArgumentOutOfRangeException>(() => make(value)).ParamName));
    }

    [Fact]
    public void SpansAreThoseOfTheTags()
    {
        var reading = new TaggedReading(["O", "B-PER", "I-PER", "B-LOC"], null, null);
        var sentence = new TaggedSentence(["by", "Ann", "Lee", "Rome"], [reading]);
        Assert.Equal([new EntitySpan(1, 3, "PER"), new EntitySpan(3, 4, "LOC")], sentence.Spans);
        Assert.Equal(["Ann Lee", "Rome"], sentence.Spans.Select(sentence.TextOf));
        foreach (var (start, end) in new[] { (-1, 1), (2, 1), (3, 5), (7, 9) })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => sentence.TextOf(new(start, end, "PER")));
            Assert.Equal("span", error.ParamName);
            Assert.Contains("4 words", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SentencesWithoutWordsKeepTheirPlace()
    {
        var full = SmallCorpus.Dev.Sentences[0];
        Sentence[] sentences = [Empty(1), full, Empty(2), Empty(3), full, Empty(4)];
        var tagged = new TextTagger(loaded, new() { Readings = 2, WithConfidence = true }).Tag(sentences).ToList();
        Assert.Equal(sentences, tagged.Select(sentence => sentence.Source));
        Assert.Equal(tagged[1].Tags, tagged[4].Tags);
        Assert.All([0, 2, 3, 5], place => Assert.True(tagged[place] is
            { Words: [], Confidence: [], Readings: [{ Tags: [], Probability: 1 }] }));
        // However many there are, no more are held than words of a window.
        var read = 0;
        var endless = Enumerable.Repeat(Empty(1), 1000).Select(sentence =>
        {
            read++;
            return sentence;
        });
        Assert.Empty(new TextTagger(loaded, new() { WindowWords = 10 }).Tag(endless).First().Words);
        Assert.Equal(10, read);
    }

    static Sentence Empty(int line) => new([], null, line, 0);

    [Fact]
    public void ASentenceThatIsNullIsNamedByItsPlace()
    {
        Sentence[] sentences = [SmallCorpus.Dev.Sentences[0], null!];
        var tagged = new TextTagger(loaded, new() { WindowWords = 1 }).Tag(sentences);
        Assert.Equal(sentences[0], tagged.First().Source);
        Assert.Equal("sentences[1]", Assert.Throws<ArgumentNullException>(() => tagged.ToList()).ParamName);
    }

    [Fact]
    public void ProgressTellsTheWordsOfEveryBatch()
    {
        var heard = new CancelledProgress(int.MaxValue);
        var tagged = new TextTagger(loaded, new() { WindowWords = 20 }).Tag(SmallCorpus.Dev.Sentences, heard).ToList();
        Assert.Equal(SmallCorpus.Dev.Sentences.Count, tagged.Count);
        var done = heard.Reports.Select(report => report.Done).ToArray();
        Assert.True(done.Length > 1);
        Assert.Equal(done.Distinct().Order(), done);
        Assert.Equal(SmallCorpus.Dev.WordCount, done[^1]);
        Assert.All(heard.Reports, report => Assert.Equal(("tagging", "words", 0L),
            (report.Label, report.Unit, report.Total)));
    }

    [Fact]
    public void TaggingIsCancelledBetweenBatches()
    {
        var heard = new CancelledProgress(2);
        var tagged = new TextTagger(loaded, new() { WindowWords = 1 })
            .Tag(SmallCorpus.Dev.Sentences, heard, heard.Token).GetEnumerator();
        Assert.True(tagged.MoveNext());
        Assert.True(tagged.MoveNext());
        Assert.Throws<OperationCanceledException>(() => tagged.MoveNext());
        Assert.Equal(2, heard.Reports.Count);
        // Sentences without words make no batches.
        Assert.Throws<OperationCanceledException>(() =>
            new TextTagger(loaded).Tag([Empty(1)], cancellation: heard.Token).Count());
    }

    [Fact]
    public void SentenceWithoutWordsIsRefused() => Assert.ThrowsAny<UserException>(() => new TextTagger(loaded).Tag());

    int Passes(TextTaggerOptions options, out TaggedSentence[] tagged)
    {
        var before = backend.Recurrences;
        tagged = [.. new TextTagger(loaded, options).Tag(SmallCorpus.Dev.Sentences)];
        return backend.Recurrences - before;
    }
}
