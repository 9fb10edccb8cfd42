using System.Text;
using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

/// <summary>Comments, ids and line ends of other people's column files.</summary>
public sealed class ConllDialectTests
{
    static List<Sentence> Parse(string text, ConllOptions? options = null) =>
        [.. ConllReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input", options)];

    static IEnumerable<string> Lines(IEnumerable<Sentence> sentences) => sentences.Select(sentence =>
        string.Join(' ', sentence.Words.Select((word, i) => $"{sentence.LineOf(i)}:{word}/{sentence.Tags?[i]}")));

    [Theory]
    [InlineData("# id = 1\nAnn\tB-X\n# note = x\nran\tO\n\n# id = 2\nBob\tB-X\n", "2:Ann/B-X 4:ran/O|7:Bob/B-X")]
    // A TAB-less line of a TAB-separated file, CoNLL-2012's, MultiCoNER's, CoNLL-U's keywords.
    [InlineData("a\tO\n# what follows\nb\tB-X\n", "1:a/O 3:b/B-X")]
    [InlineData("#begin document (bc/a); part 000\na O\n#end document\n", "2:a/O")]
    [InlineData("# id 5239d808-f300\tdomain=en\na _ _ O\nb _ _ B-X\n", "2:a/O 3:b/B-X")]
    [InlineData("# newpar\na O\n", "2:a/O")]
    // Hash signs that are words.
    [InlineData("#win\tO\n#\tO\na\tB-X\n", "1:#win/O 2:#/O 3:a/B-X")]
    [InlineData("# SYM O\na NN B-X\n# Case=Nom O\n", "1:#/O 2:a/B-X 3:#/O")]
    public void CommentsAreToldFromWords(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Lines(Parse(text)));

    [Fact]
    public void CommentMarkCanBeNamed()
    {
        var options = new ConllOptions { Comment = "//" };
        Assert.Equal(["2:a/O 3:#/B-X"], Lines(Parse("//x\na O\n# B-X\n", options)));
        Assert.Equal(["1:a/O"], Lines(Parse("a\tO\n#win\tO\n", options with { Comment = "#" })));
        Refused(() => Parse("a O\n# id = 1\n", options with { Comment = "" }), "input, line 2", "4 columns");
    }

    [Fact]
    public void ConllUIsTold()
    {
        const string file = """
            # sent_id = 1
            # text = Ann doesnt run
            1	Ann	Ann	PROPN	NNP	_	2	nsubj	_	B-PER
            2-3	doesnt	_	_	_	_	_	_	_	_
            2	does	do	AUX	VBZ	_	4	aux	_	O
            3	nt	not	PART	RB	_	4	advmod	_	O
            3.1	can	can	VERB	VB	_	_	_	_	_
            4	run	run	VERB	VB	_	0	root	_	O

            """;
        var reader = new ConllReader("input");
        var lines = TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(file)), "input");
        var sentences = reader.Sentences(lines).ToList();
        Assert.Equal(["3:Ann/B-PER 5:does/O 6:nt/O 8:run/O"], Lines(sentences));
        Assert.Equal((2L, 2L), (reader.Comments, reader.OtherLines));
    }

    [Fact]
    public void SentenceMayBeginWithATokenOfSeveralWords() => Assert.Equal(["2:do/O 3:nt/O"],
        Lines(Parse("1-2\tdont\t_\t_\n1\tdo\tx\tO\n2\tnt\tx\tO\n", new() { WordColumn = 1 })));

    [Fact]
    public void ColumnsOfConllUPlusAreNamedByTheFile() => Assert.Equal(["2:Ann/B-PER"],
        Lines(Parse("# global.columns = ID LEMMA FORM NER\n1\tann\tAnn\tB-PER\n")));

    [Fact]
    public void OldMacLineEndsAreRead() =>
        Assert.Equal(["1:Ann/B-PER 2:ran/O", "4:Oslo/B-LOC"], Lines(Parse("Ann B-PER\rran O\r\rOslo B-LOC\r")));

    [Fact]
    public void CarriageReturnInsideALineIsRefused() =>
        Refused(() => Parse("a O\nb O\rc O\n"), "input, line 2", "carriage return inside", "b O\\rc O");

    [Fact]
    public void MarkBeforeABorderOrAWordIsLeftOut()
    {
        var sentences = Parse("\uFEFF-DOCSTART- O\n\nAnn O\n\n\uFEFF-DOCSTART- O\n\n\uFEFFBob O\n");
        Assert.Equal(["Ann 0", "Bob 1"],
            sentences.Select(sentence => $"{string.Join(' ', sentence.Words)} {sentence.DocumentIndex}"));
    }

    [Fact]
    public void KeptLinesAreAllLines()
    {
        const string text = "# a = 1\n\n-DOCSTART- O\n\n# b = 2\nAnn O\nran O\n\n \nBob O\n-DOCSTART- O\n# c = 3";
        var sentences = Parse(text, new() { KeepsLines = true });
        Assert.Equal(text.Split('\n'), sentences.SelectMany(sentence => sentence.Source!).Select(line => line.Text));
        Assert.Equal(["", "", "", "Ann ran", "", "Bob", "", ""],
            sentences.Select(sentence => string.Join(' ', sentence.Words)));
    }

    [Theory]
    [InlineData("a\tO\nb O\n", InputRemedy.Separator)]
    [InlineData("a\n", InputRemedy.Columns)]
    [InlineData("a\tB-X\t\n", InputRemedy.Columns)]
    [InlineData("a O\rb O\nc O\n", InputRemedy.None)]
    public void RemedyIsNamed(string text, InputRemedy remedy) =>
        Assert.Equal(remedy, Assert.Throws<InputException>(() => Parse(text)).Remedy);

    [Fact]
    public void MissingColumnsAreCountedFromOne()
    {
        Refused(() => Parse("a O\n", new() { WordColumn = 4 }), "no word column 5.");
        Refused(() => Parse("a O\n", new() { TagColumn = -3 }), "no tag column -3, counted from the last.");
        Refused(() => Parse("a O\n", new() { WordColumn = -1 }), "column 2 is to hold both");
    }
}
