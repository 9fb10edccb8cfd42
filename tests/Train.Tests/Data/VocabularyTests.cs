using LdNetGpu.Train.Data;
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
        var vocabulary =
            WordVocabulary.Build(counts, word => word == "paris", rareCount: 1, addAllEmbedded: ["zoo", "paris"]);
        Assert.Equal(["<unk>", "the", "paris", "zoo"], vocabulary.Tokens);
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
        Assert.Equal([0, 8], tags.Encode(["O", "S-PER"], "dev", 1));
        // A tagger without constraints may say its start or end in the middle of a sentence: no span.
        Assert.Equal(["S-PER", "O", "O"], new[] { 8, 9, 10 }.Select(id => tags[id]));
    }

    [Fact]
    public void UnknownTagIsNamedWithTheOnesThatAreKnown() =>
        Refused(() => TagVocabulary.FromTypes(["PER"]).Encode(["O", "S-LOC"], "dev.conll", 7), "dev.conll, line 8",
            "S-LOC", "PER");

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
    public void TagsThatAreNoTagsAreRefusedEvenLeniently() =>
        Refused(() => LabelledFile.Load(files.Write("odd.conll", "a O\nb Q-X\n"), lenient: true), "odd.conll, line 2",
            "Q-X");
}
