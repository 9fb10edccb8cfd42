using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary><c>ldnet tag --input raw</c>: names with their places, in a text that nobody cut.</summary>
public sealed class RawTextCommandTests(NamingTagger tiny) : IClassFixture<NamingTagger>
{
    const string Text = "\uFEFF😀 Anna\r\nlives in  Paris. \"Bob's\ttown\", said Karl.\r\n\r\nOslo e\u0301!\n";

    int files;

    string File(string text) => tiny.Write($"raw{files++}.txt", text);

    Ldnet Tag(string file, params string[] options) =>
        Ldnet.Run(["tag", "--model", tiny.Folder, "--input", "raw", .. options, file]);

    [Fact]
    public void NamesHaveTheKeysOfPipelinesAndTheirPlaces()
    {
        var file = File(Text);
        var points = Text.EnumerateRunes().ToArray();
        var byPoints = Tag(file, "--format", "entities").Json.AsArray();
        var byUnits = Tag(file, "--format", "entities", "--offsets", "utf16").Json.AsArray();
        Assert.NotEmpty(byPoints);
        Assert.Equal(byPoints.Count, byUnits.Count);
        foreach (var (point, unit) in byPoints.Zip(byUnits))
        {
            Assert.Equal(["entity_group", "score", "word", "start", "end"],
                point!.AsObject().Select(property => property.Key));
            Assert.Equal((string?)unit!["word"], (string?)point["word"]);
            Assert.Equal(Text[(int)unit["start"]!..(int)unit["end"]!], (string?)unit["word"]);
            Assert.Equal(string.Concat(points[(int)point["start"]!..(int)point["end"]!]), (string?)point["word"]);
            Assert.Equal((int)unit["start"]! - 1, (int)point["start"]!);
            Assert.InRange((double)point["score"]!, 0, 1);
        }
    }

    [Fact]
    public void SentencesHaveTheirTextAndTheirNames()
    {
        var file = File(Text);
        var lines = Lines(Tag(file, "--format", "jsonl").Succeeded().Output).Select(line => JsonNode.Parse(line)!)
            .ToList();
        Assert.Equal(["😀 Anna\r\nlives in  Paris.", "\"Bob's\ttown\", said Karl.", "Oslo e\u0301!"],
            lines.Select(line => (string?)line["text"]));
        Assert.Equal([1, 2, 4], lines.Select(line => (int)line["line"]!));
        var points = Text.EnumerateRunes().ToArray();
        Assert.All(lines, line => Assert.Equal((string?)line["text"],
            string.Concat(points[(int)line["start"]!..(int)line["end"]!])));
        var names = Tag(file, "--format", "entities").Json.AsArray().Select(name => name!.ToJsonString());
        Assert.Equal(names, lines.SelectMany(line => line["entities"]!.AsArray()).Select(name => name!.ToJsonString()));
        Assert.Equal(lines.Select(line => line.ToJsonString()),
            Lines(Tag(file, "--json").Succeeded().Output).Select(line => JsonNode.Parse(line)!.ToJsonString()));
        Assert.Equal(lines.SelectMany(line => line["spans"]!.AsArray()).Select(span => (double)span!["confidence"]!),
            lines.SelectMany(line => line["entities"]!.AsArray()).Select(name => (double)name!["score"]!));
    }

    [Fact]
    public void ATableHasOneNameALine()
    {
        var file = File(Text);
        var rows = Lines(Tag(file, "--format", "tsv").Succeeded().Output).Select(line => line.Split('\t')).ToList();
        Assert.Equal(["start", "end", "type", "score", "text"], rows[0]);
        var names = Tag(file, "--format", "entities").Json.AsArray();
        Assert.Equal(names.Select(name => ($"{name!["start"]}", $"{name["end"]}", (string)name["entity_group"]!,
            Escaped((string?)name["word"]))), rows.Skip(1).Select(row => (row[0], row[1], row[2], row[4])));
        Assert.Equal(Tag(file, "--format", "entities").Output, Tag(file, "--format", "tsv", "--json").Output);

        static string Escaped(string? word) => word!.Replace("\r", @"\r", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal).Replace("\t", @"\t", StringComparison.Ordinal);
    }

    [Fact]
    public void TextWithoutNamesGivesAnEmptyArrayOrTheHeadAlone()
    {
        var file = File(".\n");
        foreach (var (format, output) in new[] { ("entities", "[]"), ("tsv", "start\tend\ttype\tscore\ttext") })
        {
            var run = Ldnet.Run("tag", "--model", tiny.Folder, "--input", "raw", "--format", format, file).Succeeded();
            Assert.Equal(output, run.Output.Trim());
        }
    }

    [Fact]
    public void LinesEndSentencesWhereTheyAreToldTo()
    {
        var file = File("Anna left\nBob came\n");
        Assert.Equal(["Anna left\nBob came"], Texts());
        Assert.Equal(["Anna left", "Bob came"], Texts("--sentence-break", "line"));
        Assert.Equal(["Anna left", "Bob came"], Texts("--live"));
        Assert.Equal(["Anna left\nBob came"], Texts("--live", "--sentence-break", "blank"));

        IEnumerable<string?> Texts(params string[] options) =>
            Lines(Tag(file, ["--format", "jsonl", .. options]).Succeeded().Output)
                .Select(line => (string?)JsonNode.Parse(line)!["text"]);
    }

    [Fact]
    public void OptionsOfRawTextMeanRawText()
    {
        var file = File("Anna left .\n");
        string[] ofRaw = ["--format entities", "--format tsv", "--offsets utf16", "--sentence-break line"];
        foreach (var options in ofRaw)
            foreach (var input in new[] { "auto", "text", "conll" })
                Ldnet.Run(["tag", "--model", tiny.Folder, "--input", input, .. options.Split(' '), file])
                    .Failed(2, options.Split(' ')[0], "--input raw");
        Tag(file, "--format", "entities", "--nbest", "2").Failed(2, "--nbest");
        Tag(file, "--format", "tsv", "--confidence").Failed(2, "--confidence", "tsv has scores without it");
        Tag(file, "--offsets", "bytes").Failed(2, "bytes", "codepoints");
    }

    [Fact]
    public void ScoresOfSpansComeWithConfidence()
    {
        var file = File("Anna lives in Paris .\n");
        string[] command = ["tag", "--model", tiny.Folder, "--input", "text", "--format", "jsonl", file];
        Assert.DoesNotContain("\"confidence\"", Ldnet.Run(command).Succeeded().Output, StringComparison.Ordinal);
        var line = Ldnet.Run([.. command, "--confidence"]).Json;
        Assert.NotEmpty(line["spans"]!.AsArray());
        Assert.All(line["spans"]!.AsArray(), span => Assert.InRange((double)span!["confidence"]!, 0, 1));
        Assert.Null(line["entities"]);
    }

    [Theory]
    [InlineData("", "no text")]
    [InlineData(" \r\n\t\n", "no text")]
    [InlineData("Anna\0left", "zero byte")]
    public void TextThatIsNoneIsRefused(string text, string words)
    {
        foreach (var format in new[] { "conll", "jsonl", "entities", "tsv" })
            Tag(File(text), "--format", format).Failed(1, words);
    }

    [Fact]
    public void BytesThatAreNoTextAreRefused()
    {
        Tag(tiny.Write("latin.txt", "caf\u00E9"u8.ToArray()[..4])).Failed(1, "latin.txt", "0xC3 is not UTF-8");
        Tag(tiny.Write("half.txt", [.. "Anna "u8, 0xED, 0xA0, 0x80])).Failed(1, "line 1", "0xED is not UTF-8");
        Tag(tiny.Write("long.txt", Encoding.UTF8.GetBytes(new string('x', 1_100_000)))).Failed(1, "--max-word");
    }

    [Fact]
    public void AWordOfAMillionCharactersIsOneWord()
    {
        var line = new string('x', 1_000_000);
        var tagged = JsonNode.Parse(Tag(tiny.Write("million.txt", line), "--format", "jsonl").Succeeded().Output)!;
        Assert.Equal(line, (string?)tagged["text"]);
        Assert.Single(tagged["words"]!.AsArray());
    }

    [Fact]
    public void GzipIsCountedAsWhatItHolds()
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(Text));
        Assert.Equal(Tag(File(Text), "--format", "entities").Output,
            Tag(tiny.Write("raw.gz", memory.ToArray()), "--format", "entities").Output);
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
