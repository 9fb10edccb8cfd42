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
        string[] words = ["Ann", "lives", "in", "Paris", "."];
        using var loaded = Random(Two(), Small);
        var path = files.PathOf("tagger.onnx");
        TaggerOnnxFile.Write(loaded, path);
        var (output, error, code) = await RunExample(path, string.Join(' ', words) + "\n\nParis\n");
        var expected = new[] { words, ["Paris"] }.Select(sentence => string.Concat(
            sentence.Zip(new TextTagger(loaded).Tag(sentence).Tags, (word, tag) => $"{word}\t{tag}\n")) + "\n");
        Assert.Equal(("", 0), (error, code));
        Assert.Equal(string.Concat(expected), output);
    }

    [Fact]
    public async Task TheExampleSaysWhatItCannotRead()
    {
        using (var other = File.Create(files.PathOf("other.onnx")))
        {
            var graph = new OnnxGraph("other");
            graph.Output(graph.Named(graph.Input("x", OnnxType.Float, "1"), "y"), OnnxType.Float, "1");
            new OnnxModel(graph, []).WriteTo(other);
        }
        foreach (var (file, words) in new[] { (files.Write("torn.onnx", "torn"), "torn.onnx"),
            (files.PathOf("other.onnx"), "no tagger"), (files.PathOf("none.onnx"), "none.onnx") })
        {
            var (output, error, code) = await RunExample(file, "Ann\n");
            Assert.Equal(("", 1), (output, code));
            Assert.Contains(words, error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    static async Task<(string Output, string Error, int Code)> RunExample(string model, string input)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "LdNetGpu.TagWithOnnx.dll"), model])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (output.ReplaceLineEndings("\n"), await error, process.ExitCode);
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
