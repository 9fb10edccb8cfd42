using System.Text.Json.Nodes;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Shards;

namespace LdNetGpu.Tests.Commands;

/// <summary><c>ldnet tag --out</c>: folders of text, in shards, each file once.</summary>
public sealed class ShardedTaggingTests(TinyModels tiny) : IDisposable
{
    const int Files = 9;

    readonly TestFiles files = TestFiles.InMemory();

    string Texts => files.PathOf("texts");

    string Out => files.PathOf("tagged");

    public void Dispose() => files.Dispose();

    [Fact]
    public void ShardsTogetherGiveWhatFilesGiveOneByOne()
    {
        WriteTexts();
        Assert.Equal((1, 0), Check(3));
        var reports = Enumerable.Range(1, 3).Select(i => Tag("--shard", $"{i}/3", "--json").Json).ToList();
        Assert.Equal(Files, reports.Sum(report => (int)report["files"]!));
        Assert.All(reports, report => Assert.InRange((int)report["tagged"]!["new"]!, 2, 4));
        Assert.Equal(Files * 2, reports.Sum(report => (int)report["sentences"]!));
        Assert.Equal(Files * 9, reports.Sum(report => (int)report["words"]!));
        Assert.Equal((0, 3), Check(3));
        // Divided otherwise it is still done.
        Assert.Equal((0, 4), Check(4));
        foreach (var text in Names())
            Assert.Equal(Ldnet.Run("tag", "--model", tiny.NoLm, Path.Combine(Texts, text)).Succeeded().Output,
                File.ReadAllText(Path.Combine(Out, text + ".conll")));
        var written = WriteTimes();
        var again = Tag("--json").Json;
        Assert.Equal(Files, (int)again["done_before"]!);
        Assert.Empty(again["tagged"]!.AsObject());
        Assert.Equal(written, WriteTimes());
        Assert.Contains("9 done before", Tag().Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format jsonl --confidence", ".jsonl")]
    [InlineData("--format jsonl --nbest 2", ".jsonl")]
    [InlineData("--input conll --keep-columns", ".conll")]
    [InlineData("--input raw --format entities --offsets utf16", ".json")]
    [InlineData("--input raw --format tsv --sentence-break line", ".tsv")]
    public void EveryFormatIsThatOfOneFile(string options, string ending)
    {
        var text = files.Write("texts/a.txt", "Ann\tO\nlives\tO\n\nin\tO\nParis\tO\n");
        Tag(options.Split(' ')).Succeeded();
        var alone = Ldnet.Run(["tag", "--model", tiny.NoLm, .. options.Split(' '), text]).Succeeded().Output;
        Assert.Equal(alone, File.ReadAllText(Path.Combine(Out, "a.txt" + ending)));
        // Each of them makes another file than the defaults do, or else makes it anew.
        Assert.Equal(1, (int)Tag([.. options.Split(' '), "--json"]).Json["done_before"]!);
        Assert.Equal(0, (int)Tag("--json").Json["done_before"]!);
    }

    [Fact]
    public void WhatChangedIsDoneAgainAndSaidSo()
    {
        WriteTexts();
        Tag().Succeeded();
        files.Write("texts/2.txt", "Other words .\n");
        File.Delete(Path.Combine(Out, "3.txt.conll"));
        files.Write("texts/new.txt", "New words .\n");
        var report = Tag("--json").Json;
        Assert.Equal("""{"new":1,"output_missing":1,"input_changed":1}""", report["tagged"]!.ToJsonString());
        Assert.Equal(Files - 2, (int)report["done_before"]!);
        Assert.Equal((1, 0), Check(1, "--confidence"));
        Assert.Contains("10 of other options", Tag("--confidence").Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("10 of another model",
            Run(tiny.Tagger, "--confidence").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(0, Run(tiny.Tagger, "--confidence", "--check-shards", "2").ExitCode);
        // A temperature is part of the model.
        var model = tiny.CopyOf(tiny.NoLm, "calibrated");
        Run(model).Succeeded();
        Assert.Equal(Files + 1, (int)Run(model, "--json").Json["done_before"]!);
        new TaggerTemperature(2, "dev.conll", 12, 0.4, 0.3).Write(model);
        Assert.Equal(Files + 1, (int)Run(model, "--json").Json["tagged"]!["model_changed"]!);
    }

    [Fact]
    public void WhatOthersWroteStaysAndIsNamed()
    {
        WriteTexts();
        Tag("--shard", "1/1").Succeeded();
        var edited = files.Write("tagged/1.txt.conll", "corrected\n");
        var foreign = files.Write("tagged/x.txt.conll", "somebody's\n");
        files.Write("texts/x.txt", "Ann lives .\n");
        var done = Tag();
        Assert.Equal(1, done.ExitCode);
        Assert.Contains("error: 2 of 10 files not tagged:", done.Error, StringComparison.Ordinal);
        Assert.Contains($"{edited}: is not as it was written", done.Error, StringComparison.Ordinal);
        Assert.Contains($"{foreign}: is there, and no manifest", done.Error, StringComparison.Ordinal);
        Assert.Equal(("corrected\n", "somebody's\n"), (File.ReadAllText(edited), File.ReadAllText(foreign)));
        var left = Tag("--check-shards", "1", "--json");
        Assert.Equal((1, """[{"input":"1.txt","state":"output_edited"},{"input":"x.txt","state":"output_foreign"}]"""),
            (left.ExitCode, JsonNode.Parse(left.Output)!["shards"]![0]!["left"]!.ToJsonString()));
        File.Delete(edited);
        File.Delete(foreign);
        Tag().Succeeded();
    }

    [Fact]
    public void FilesThatCannotBeReadAreNamedAndTheOthersDone()
    {
        WriteTexts();
        files.Write("texts/binary.txt", [65, 0, 66]);
        files.Write("texts/empty.txt", "");
        files.Write("texts/late.txt", [.. "Ann lives .\n"u8, 0xC3]);
        File.CreateSymbolicLink(files.PathOf("texts/nowhere.txt"), files.PathOf("none"));
        var done = Tag("--json");
        var report = JsonNode.Parse(done.Output)!;
        Assert.Equal((1, Files, false),
            (done.ExitCode, (int)report["tagged"]!["new"]!, (bool)report["complete"]!));
        Assert.Equal(["binary.txt", "empty.txt", "late.txt", "nowhere.txt"],
            report["not_tagged"]!.AsArray().Select(fault => (string?)fault!["input"]));
        foreach (var words in new[] { "a zero byte", "no text", "line 2, byte 1", "no such file" })
            Assert.Contains(words, done.Error, StringComparison.Ordinal);
        Assert.Equal(Files, Directory.GetFiles(Out, "*.conll", SearchOption.AllDirectories).Length);
        foreach (var name in new[] { "binary", "empty", "late", "nowhere" })
        {
            File.Delete(files.PathOf($"texts/{name}.txt"));
            files.Write($"texts/{name}.txt", "Mended .\n");
        }
        Assert.Equal(4, (int)Tag("--json").Json["tagged"]!["new"]!);
    }

    [Fact]
    public void TheManifestHasARecordOfEachFile()
    {
        WriteTexts();
        Tag("--shard", "2/2").Succeeded();
        var manifest = Path.Combine(Out, ".shards", "2-of-2", "manifest.jsonl");
        var records = File.ReadAllLines(manifest).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(Directory.GetFiles(Out, "*.conll", SearchOption.AllDirectories).Length, records.Count);
        var page = MarkdownPage.Read("docs/reference/file-formats.md").Section("Folders of tagged files");
        Assert.All(records[0], key => Assert.Contains($"`{key.Key}`", page, StringComparison.Ordinal));
        Assert.All(records, record =>
        {
            Assert.Equal((2, 9), ((int)record["sentences"]!, (int)record["words"]!));
            Assert.Equal(new FileInfo(Path.Combine(Out, (string)record["output"]!)).Length,
                (long)record["output_bytes"]!);
        });
    }

    [Fact]
    public void OneShardIsTaggedOnceAtATime()
    {
        WriteTexts();
        using (ShardRun.Begin(new(Out), new(1, 2)))
        {
            Tag("--shard", "1/2").Failed(1, "1-of-2: in use", "Wait for its end");
            Tag("--shard", "2/2").Succeeded();
        }
        using (ShardRun.Begin(new(Out), new(1, 1)))
            LdnetProcess.RunWith([("PMI_RANK", "1"), ("PMI_SIZE", "2")],
                ["tag", "--model", tiny.NoLm, "--out", Out, "--shard", "1/1", Texts])
                .Failed(1, "1-of-1: in use", "this command does not divide it among them; --shard does");
        Tag("--shard", "1/2").Succeeded();
    }

    [Fact]
    public void AnInterruptedRunGoesOn()
    {
        WriteTexts();
        string[] command = ["tag", "--model", tiny.NoLm, "--out", Out, Texts];
        Assert.Equal(130, Ldnet.RunInterrupted(command).ExitCode);
        Assert.Empty(Directory.Exists(Out) ? Directory.GetFiles(Out, "*.conll", SearchOption.AllDirectories) : []);
        Ldnet.Run(command).Succeeded();
    }

    [Fact]
    public void WhatCannotBeDoneIsSaid()
    {
        WriteTexts();
        Directory.CreateDirectory(files.PathOf("empty"));
        Ldnet Of(string output, string source) => Ldnet.Run("tag", "--model", tiny.NoLm, "--out", output, source);
        Of(Out, files.PathOf("empty")).Failed(1, "empty: the folder holds no file");
        Of(Out, files.PathOf("none")).Failed(1, "none: no such file or folder");
        Of(Path.Combine(Texts, "tagged"), Texts).Failed(1, "lies in");
        Of(tiny.Tagger, Texts).Failed(1, "holds a model", "another --out");
        Of(Path.Combine(Texts, "1.txt"), Path.Combine(Texts, "2.txt")).Failed(1, "is a file", "another --out");
        Of(" ", Texts).Failed(1, "no name of a folder");
        Ldnet.Run("tag", "--model", files.PathOf("empty"), "--out", Out, Texts).Failed(1, "no config.json");
        Ldnet.Run("tag", "--model", tiny.NoLm, Texts).Failed(1, "is a folder", "--out");
        Assert.False(Directory.Exists(Out));
        // More shards than files.
        Assert.Contains("0 files", Tag("--shard", "40/40").Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--out o", "--out: goes with files")]
    [InlineData("--shard 1/2 a.txt", "--shard: goes with --out")]
    [InlineData("--check-shards 2 a.txt", "--check-shards: goes with --out")]
    [InlineData("a.txt b.txt", "2 files: several go with --out")]
    [InlineData("--out o --live a.txt", "--live")]
    [InlineData("--out o --shard 1/2 --check-shards 2 a.txt", "do not go together")]
    [InlineData("--out o --shard 0/2 a.txt", "--shard 0/2: expected I/N")]
    [InlineData("--out o --shard 3/2 a.txt", "--shard 3/2: expected I/N")]
    [InlineData("--out o --shard / a.txt", "--shard /: expected I/N")]
    [InlineData("--out o --shard 1/+2 a.txt", "--shard 1/+2: expected I/N")]
    [InlineData("--out o --shard 1/100001 a.txt", "100000 at most")]
    [InlineData("--out o --check-shards 0 a.txt", "--check-shards 0: expected a number from 1")]
    public void OptionsThatMakeNoSenseAreBadUsage(string options, string words) =>
        Ldnet.Run(["tag", "--model", "m", .. options.Split(' ')]).Failed(2, words);

    Ldnet Tag(params string[] options) => Run(tiny.NoLm, options);

    Ldnet Run(string model, params string[] options) =>
        Ldnet.Run(["tag", "--model", model, "--out", Out, .. options, Texts]);

    (int ExitCode, int Complete) Check(int count, params string[] options)
    {
        var done = Tag(["--check-shards", $"{count}", "--json", .. options]);
        var json = JsonNode.Parse(done.Output)!;
        Assert.Equal(done.ExitCode == 0, (bool)json["complete"]!);
        return (done.ExitCode, json["shards"]!.AsArray().Count(shard => (bool)shard!["complete"]!));
    }

    void WriteTexts()
    {
        foreach (var name in Names()) files.Write($"texts/{name}", $"Ann {name} lives in Paris .\nBob sleeps .\n");
    }

    static IEnumerable<string> Names() => Enumerable.Range(1, Files).Select(i => i % 2 == 0 || i < 4
        ? $"{i}.txt" : $"deep/er/{i}.txt");

    string WriteTimes() => string.Join('\n', Directory.EnumerateFiles(Out, "*.conll", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => File.GetLastWriteTimeUtc(file).Ticks));
}
