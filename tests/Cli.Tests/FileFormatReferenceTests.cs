using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests;

/// <summary>docs/reference/file-formats.md names what the program writes.</summary>
public sealed class FileFormatReferenceTests(TinyModels tiny)
{
    static readonly MarkdownPage Page = MarkdownPage.Read("docs/reference/file-formats.md");

    [Fact]
    public void EveryFileOfAModelIsThere()
    {
        var files = FilesOf(tiny.Tagger)
            .Concat(FilesOf(tiny.LanguageModels).Select(file => file.Replace("forward/", "").Replace("backward/", "")))
            .Distinct().ToList();
        Assert.Contains("model.safetensors", files);
        Assert.DoesNotContain(files, file => !Page.Text.Contains($"`{file}`", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryKeyOfATaggedSentenceIsThere()
    {
        var text = tiny.Write("documented.txt", "Anna sleeps .\n");
        string[] asked = ["--format", "jsonl", "--confidence", "--nbest", "2"];
        var sentence = Ldnet.Run(["tag", "--model", tiny.Tagger, .. asked, text]).Json.AsObject();
        var section = Page.Section("What tag writes");
        Assert.Equal(["line", "words", "tags", "spans", "confidence", "nbest"], sentence.Select(member => member.Key));
        Assert.All(sentence, member => Assert.Contains($"| `{member.Key}` |", section, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryKeyOfRawTextIsThere()
    {
        var text = tiny.Write("documented-raw.txt", "Anna sleeps.\n");
        string[] asked = ["--input", "raw", "--format", "jsonl", "--confidence"];
        var sentence = Ldnet.Run(["tag", "--model", tiny.Tagger, .. asked, text]).Json.AsObject();
        Assert.Equal(["line", "start", "end", "text", "words", "tags", "spans", "confidence", "entities"],
            sentence.Select(member => member.Key));
        var section = Page.Section("What tag writes");
        Assert.All(sentence, member => Assert.Matches($@"\|[^|]*`{member.Key}`[^|]*\|", section));
    }

    static IEnumerable<string> FilesOf(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
}
