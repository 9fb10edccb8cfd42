using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class VocabularyTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    static TokenCounts Counts(params string[] sentences) =>
        TokenCounts.Of(sentences.Select(sentence => sentence.Split(' ')));

    [Fact]
    public void LanguageModelIdsFallWithFrequencyAndTiesAreOrdinal()
    {
        // a 4, c 3, b 3, rare r and q 1 each: unknown 2; three sentence ends.
        var counts = Counts("a b c r", "a b c q", "a a b c");
        Assert.Equal(["a", "<eos>", "b", "c", "<unk>"], Vocabulary.ForLanguageModel(counts, rareCount: 1).Tokens);
        Assert.Equal(2 / 12.0, Vocabulary.ForLanguageModel(counts, rareCount: 1).UnknownRate(counts));
    }

    [Fact]
    public void DefaultMakesWordsOfThreeOccurrencesUnknown()
    {
        var vocabulary = Vocabulary.ForLanguageModel(Counts("a a a a b b b"));
        Assert.True(vocabulary.Contains("a"));
        Assert.Equal(vocabulary.UnknownId, vocabulary.Id("b"));
    }

    [Fact]
    public void SizeLimitDropsTheRarest() =>
        Assert.Equal(["<unk>", "a", "<eos>"], Vocabulary.ForLanguageModel(Counts("a a a b b c c c"), 0, 3).Tokens);

    [Fact]
    public void AnUnknownAlreadyInTheTextIsTheSame()
    {
        var counts = Counts("a <unk> b <unk>");
        var vocabulary = Vocabulary.ForLanguageModel(counts, rareCount: 0);
        Assert.Equal(4, vocabulary.Count);
        Assert.Equal(0.5, vocabulary.UnknownRate(counts));
    }

    [Fact]
    public void SaveAndLoadGiveTheSameIds()
    {
        var path = files.PathOf("vocab/words.txt");
        var vocabulary = new Vocabulary(["a", " ", "\u00A0", "😀", "x\uFEFF", "\u2028", "<unk>"]);
        vocabulary.Save(path);
        Assert.Equal(vocabulary.Tokens, Vocabulary.Load(path).Tokens);
        Assert.Equal([path], Directory.GetFiles(files.PathOf("vocab")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    [InlineData("\uFEFFa")]
    [InlineData("half a pair")]
    public void TokensThatATextFileWouldChangeAreKeptOut(string token)
    {
        // An attribute cannot hold half a surrogate pair.
        if (token == "half a pair") token = "a" + (char)0xD800;
        Assert.False(Vocabulary.IsStorable(token));
        Assert.Throws<ArgumentException>(() => new Vocabulary([token]));
        Assert.Equal(["<eos>", "<unk>"], Vocabulary.ForLanguageModel(TokenCounts.Of([[token]]), 0).Tokens);
    }

    [Fact]
    public void BadVocabularyFilesAreRefused()
    {
        Refused(() => Vocabulary.Load(files.Write("twice.txt", "a\nb\na\n")), "twice.txt, line 3",
            "\"a\" already stands in line 1");
        Refused(() => Vocabulary.Load(files.Write("gap.txt", "a\n\nb\n")), "gap.txt, line 2");
        Refused(() => Vocabulary.Load(files.Write("empty.txt", "")), "empty.txt", "no tokens");
    }

    static Sentence Words(params string[] words) => new(words, null, 1, 0);

    [Fact]
    public void WordsAreLowerCasedAndKnownByVectorOrFrequency()
    {
        var counts = WordVocabulary.Count([Words("The", "the", "Rare", "Paris")]);
        var table = EmbeddingFile.Load(files.Write("vectors", "zoo 1\nParis 2\n"));
        var vocabulary = WordVocabulary.Build(counts, new WordVectors(table, counts, lowercase: true), rareCount: 1,
            lowercase: true);
        Assert.Equal(["<unk>", "the", "paris", "zoo"], vocabulary.Tokens);
        var words = new WordVocabulary(vocabulary, lowercase: true);
        Assert.Equal([1, 1, 2, 0], new[] { "The", "THE", "PARIS", "Rare" }.Select(words.Id));
        Assert.Equal(0.25, words.UnknownRate(counts));
    }

    [Fact]
    public void WordsAsWrittenFallBackToLowerCase()
    {
        var counts = WordVocabulary.Count([Words("The", "the", "Paris")]);
        var vocabulary = WordVocabulary.Build(counts, new WordVectors(null, counts, lowercase: false), rareCount: 0,
            lowercase: false);
        Assert.Equal(["<unk>", "Paris", "The", "the"], vocabulary.Tokens);
        var words = new WordVocabulary(vocabulary, lowercase: false);
        Assert.Equal([2, 3, 3, 1, 0], new[] { "The", "the", "THE", "Paris", "paris" }.Select(words.Id));
    }

    [Fact]
    public void CasedVectorsAreFound()
    {
        var counts = WordVocabulary.Count([Words("Oslo", "OSLO", "Oslo", "Bank", "may")]);
        var table = EmbeddingFile.Load(files.Write("vectors", "OSLO 1\nOslo 2\nMay 3\nmay 4\nBonn 5\nBONN 6\n"));
        var lower = new WordVectors(table, counts, lowercase: true);
        // The text writes Oslo more often than OSLO; may is there as it is; Bonn stands first in the file.
        Assert.Equal([2f, 4f, 5f], new[] { "oslo", "may", "bonn" }.Select(word => lower.Find(word)![0]));
        Assert.Null(lower.Find("bank"));
        Assert.Equal(["bonn", "may", "oslo"], lower.Words.Order(StringComparer.Ordinal));
        var written = new WordVectors(table, counts, lowercase: false);
        Assert.Equal([1f, 2f, 3f, 4f], new[] { "OSLO", "Oslo", "May", "MAY" }.Select(word => written.Find(word)![0]));
    }

    [Fact]
    public void CharactersAreScalarValues()
    {
        var characters = CharacterVocabulary.Build([Words("aab", "😀b", "a")]);
        Assert.Equal(["<unk>", " ", "a", "b", "😀"], characters.Vocabulary.Tokens);
        Assert.Equal([4, 2, 0], characters.Encode("😀az"));
    }

    [Fact]
    public void OfALongWordBothEndsAreRead()
    {
        var characters = CharacterVocabulary.Build([Words("abcdefg")]);
        Assert.Equal("abcfg", string.Concat(characters.Encode("abcdefg", 5).Select(id => characters.Vocabulary[id])));
        Assert.Equal(CharacterVocabulary.DefaultMaximumWordCharacters,
            characters.Encode(new string('a', 300_000)).Length);
    }

    [Fact]
    public void TagsHoldAllPrefixesAndEndWithTheCrfsOwn()
    {
        var tags = TagVocabulary.FromTypes(["PER", "LOC", "PER"]);
        Assert.Equal(["O", "B-LOC", "E-LOC", "I-LOC", "S-LOC", "B-PER", "E-PER", "I-PER", "S-PER", "<s>", "<eof>"],
            tags.Vocabulary.Tokens);
        Assert.Equal((9, 10, 11), (tags.StartId, tags.EndId, tags.Count));
        Assert.Equal([0, 8], tags.Encode(Tagged(1, "O", "B-PER"), "dev"));
        Assert.Equal(TagScheme.Iobes, tags.Scheme);
        // A tagger without constraints may say its start or end in the middle of a sentence: no span.
        Assert.Equal(["S-PER", "O", "O"], new[] { 8, 9, 10 }.Select(id => tags[id]));
    }

    [Fact]
    public void TagsMayBeInIob2AndWithoutATypeToo()
    {
        var tags = TagVocabulary.FromTypes(["PER", ""], TagScheme.Iob2);
        Assert.Equal(["O", "B", "I", "B-PER", "I-PER", "<s>", "<eof>"], tags.Vocabulary.Tokens);
        Assert.Equal(TagScheme.Iob2, tags.Scheme);
        Assert.Equal([1, 2, 0, 3], tags.Encode(Tagged(1, "B", "L", "O", "U-PER"), "dev"));
    }

    [Fact]
    public void UnknownTagIsNamedWithTheOnesThatAreKnown() =>
        Refused(() => TagVocabulary.FromTypes(["PER"]).Encode(Tagged(7, "O", "B-LOC"), "dev.conll"),
            "dev.conll, line 8", "B-LOC", "the types PER.");

    [Fact]
    public void StrictReadingNamesTheFirstBrokenTagAndLenientReadingMendsIt()
    {
        var path = files.Write("broken.conll", "a B-X\nb I-X\nc O\n\nd O\ne I-X\nf B-X\n");
        Refused(() => LabelledFile.Load(path), "broken.conll, line 6: tag I-X", "IOB2, told from the file");
        var file = LabelledFile.Load(path, lenient: true);
        Assert.Equal((TagScheme.Iob2, TagScheme.Iobes), (file.SourceScheme, file.Scheme));
        Assert.Equal(["O", "S-X", "S-X"], file.Sentences[1].Tags!);
    }

    [Fact]
    public void TagWithoutATypeAmongOthersIsRefused()
    {
        var path = files.Write("mixed.conll", "a O\nb B\n\nc B-X\n");
        Refused(() => LabelledFile.Load(path), "mixed.conll, line 2", "tag B has no type", "B-X");
        Assert.Equal(["O", "S"], LabelledFile.Load(path, lenient: true).Sentences[0].Tags!);
        Assert.Equal(["B", "E"], LabelledFile.Load(files.Write("bare.conll", "a B\nb I\n")).Sentences[0].Tags!);
    }

    [Fact]
    public void RowNumbersAreNoWords()
    {
        var path = files.Write("ids.conll", "1\tAnn\tB-PER\n2\truns\tO\n\n1\tYes\tO\n");
        Refused(() => LabelledFile.Load(path), "ids.conll, line 1", "counts the rows");
        Assert.Equal(["Ann", "runs"], LabelledFile.Load(path, options: new() { WordColumn = 1 }).Sentences[0].Words);
        Assert.Equal(["1", "2"], LabelledFile.Load(path, options: new() { WordColumn = 0 }).Sentences[0].Words);
    }

    [Fact]
    public void TagsThatAreNoTagsAreRefusedEvenLeniently() =>
        Refused(() => LabelledFile.Load(files.Write("odd.conll", "a O\nb Q-X\n"), lenient: true), "odd.conll, line 2",
            "Q-X");

    static Sentence Tagged(int line, params string[] tags) => new(tags, tags, line, 0);
}
