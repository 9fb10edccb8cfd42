using System.Diagnostics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Onnx;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;
using Example = LdNetGpu.TagWithOnnx.OnnxTagger;

namespace LdNetGpu.Tests;

/// <summary>The file alone, from words to tags, as <c>examples/TagWithOnnx</c> reads it.</summary>
public sealed class TaggerOnnxFileTests : IDisposable
{
    static readonly CpuBackend<float> Backend = new(new CpuDevice(2));

    static readonly TaggerOptions Small = new()
    {
        CharEmbedding = 8, CharHidden = 12, WordEmbedding = 20, WordHidden = 16, WordThreshold = 0,
    };

    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Theory, InlineData("wnut17/train.conll", "wnut17/test.conll"), InlineData("wikigold/wikigold.conll.txt", null)]
    public void TheWholeOfARealTestSetGetsTheSameTags(string train, string? test)
    {
        var labelled = LabelledFile.Load(TestFiles.Shared(train));
        var sentences = test is null ? labelled.Sentences : LabelledFile.Load(TestFiles.Shared(test)).Sentences;
        using var loaded = Random(labelled, Small);
        var path = files.PathOf("tagger.onnx");
        TaggerOnnxFile.Write(loaded, path);
        using var runtime = new Runtime(path);
        foreach (var chunk in sentences.OrderBy(sentence => sentence.Words.Length).Chunk(64))
        {
            EncodedSentence[] encoded = [.. chunk.Select(loaded.Vocabularies.Encode)];
            Parity.Check(loaded.Tagger, runtime, new TaggerBatch(encoded), encoded);
        }
        using var example = new Example(path);
        var expected = new TextTagger(loaded).Tag(sentences).Select(sentence => sentence.Tags).ToList();
        Assert.Equal(expected, sentences.Chunk(64)
            .SelectMany(chunk => example.Tag([.. chunk.Select(sentence => sentence.Words)])));
        Assert.Contains(expected, tags => tags.Any(tag => tag.StartsWith("I-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Straße İstanbul ΣΑΣ Ǆ K")]
    [InlineData("a 🙂🙂 é e\u0301 \uFFFD")]
    public void OddWordsAreReadTheSame(string text)
    {
        string[] words = [.. text.Split(' '), new('x', 201), "🙂" + new string('y', 350) + "z"];
        var train = new LabelledFile("train", [new([.. words, .. words.Select(word => word.ToLowerInvariant())],
            [.. Enumerable.Repeat("O", 2 * words.Length - 1), "S-A"], 1, 0)], TagScheme.Iobes, TagScheme.Iobes, "");
        foreach (var options in new[] { Small, Small with { Lowercase = false },
            Small with { SentenceEnd = SentenceEnd.Characters }, Small with { SentenceEnd = SentenceEnd.Words } })
        {
            using var loaded = Random(train, options);
            var path = files.PathOf($"{options.Lowercase}-{options.SentenceEnd}.onnx");
            TaggerOnnxFile.Write(loaded, path);
            using var example = new Example(path);
            var tagger = new TextTagger(loaded);
            string[][] sentences = [[.. words, "unseen"], [words[0]], [.. words.Reverse()]];
            Assert.Equal(sentences.Select(sentence => tagger.Tag(sentence).Tags), example.Tag(sentences));
        }
    }

    [Fact]
    public async Task TheExampleTagsWhatItReads()
    {
        var train = LabelledFile.Load(TestFiles.Shared("wnut17/train.conll"));
        using var loaded = Random(train, Small);
        var path = files.PathOf("tagger.onnx");
        TaggerOnnxFile.Write(loaded, path);
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "LdNetGpu.TagWithOnnx.dll"), path])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync("Ann lives in Paris .");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[] words = ["Ann", "lives", "in", "Paris", "."];
        var expected = words.Zip(new TextTagger(loaded).Tag(words).Tags, (word, tag) => $"{word}\t{tag}\n");
        Assert.Equal(string.Concat(expected) + "\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void AFileThatIsThereStays()
    {
        var path = files.Write("tagger.onnx", "another's");
        using var loaded = Random(Two(), Small);
        Assert.Throws<FileTakenException>(() => TaggerOnnxFile.Write(loaded, path));
        Assert.Equal("another's", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(files.Folder));
    }

    [Fact]
    public void AModelLargerThanTheFormatIsRefusedBeforeItsValuesAreRead()
    {
        var graph = new OnnxGraph("large");
        graph.Constant("weight", [30_000, 20_000],
            float[] () => throw new InvalidOperationException("The values were read."));
        using var output = new MemoryStream();
        TestFiles.Refused(() => new OnnxModel(graph, []).WriteTo(output), "2400000", "2147483647");
        Assert.Equal(0, output.Length);
    }

    static LabelledFile Two() => new("train",
        [new(["Ann", "lives"], ["S-PER", "O"], 1, 0)], TagScheme.Iobes, TagScheme.Iobes, "");

    // Weights that make all tags likely.
    static LoadedTagger Random(LabelledFile train, TaggerOptions options)
    {
        var loaded = TaggerSetup.Create(Backend, options, train);
        var random = new RandomStream(new RandomKey(7, 0, 0));
        foreach (var (_, parameter) in loaded.Tagger.Parameters())
            parameter.CopyFrom([.. Enumerable.Range(0, (int)parameter.Shape.Count)
                .Select(_ => (float)(0.3 * random.NextNormal()))]);
        return loaded;
    }
}
