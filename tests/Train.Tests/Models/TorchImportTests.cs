using System.IO.Compression;
using System.Text;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Import;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Models;

/// <summary>Models as the published code saves them, in both of PyTorch's formats, against PyTorch's numbers.</summary>
public sealed class TorchImportTests : IDisposable
{
    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory, InlineData("lm.zip.th"), InlineData("lm.older.th")]
    public void ALanguageModelGivesPyTorchsNumbers(string file)
    {
        var result = TorchImport.Run(backend, Options(file, "lm_map.pk") with { IsBackward = false });
        Assert.Equal(("language_model", 30), (result.Kind, result.Words));
        using var loaded = LanguageModelFolder.Load(backend, files.PathOf("out"));
        Assert.Equal("forward", loaded.Config.Direction);
        Assert.Equal([8, 16], loaded.Config.Options.Cutoffs);
        Assert.True(loaded.Config.Options.SpareSoftmaxRow);
        Assert.Equal((29, 28), (loaded.Vocabulary.SentenceEndId, loaded.Vocabulary.UnknownId));
        var golden = Golden.Load("published_lm").Case("linear");
        using var scope = new TensorScope();
        Near(golden.Values("output/log_prob"), loaded.Model.LogProb(
            new IntTensor(backend.Device, golden.Indices("input/ids")), steps: 4, batch: 3).ToArray());
    }

    [Fact]
    public void DirectionAndReluAreAsTheOptionsSay()
    {
        TorchImport.Run(backend,
            Options("lm.zip.th", "lm_map.pk") with { IsBackward = true, ProjectionRelu = true });
        using var loaded = LanguageModelFolder.Load(backend, files.PathOf("out"));
        Assert.True(loaded.Config is { IsBackward: true, Options.ProjectionRelu: true });
    }

    [Theory, InlineData("tagger.zip.th"), InlineData("tagger.older.th")]
    public void ATaggerGivesPyTorchsNumbers(string file)
    {
        TorchImport.Run(backend, Options(file, "tagger_map.pk"));
        using var loaded = TaggerFolder.Load(backend, files.PathOf("out"));
        Assert.Equal((CrfConstraints.None, SentenceEnd.Words),
            (loaded.Tagger.Options.Constraints, loaded.Tagger.Options.SentenceEnd));
        string[][] sentences = [["cd", "e", "hfc", "??"], ["fedc"]];
        for (var i = 0; i < sentences.Length; i++)
        {
            var golden = Golden.Load("tagger").Case($"sentence{i}");
            var encoded = loaded.Vocabularies.Encode(new Sentence(sentences[i], null, 1, 0));
            var batch = new TaggerBatch([encoded], loaded.Vocabularies.BackwardEnd);
            using var scope = new TensorScope();
            var emissions = loaded.Tagger.Emissions(batch, ForwardContext.Inference).ToArray();
            Near(golden.Values("output/emissions")[..emissions.Length], emissions);
            Assert.Equal(golden.Indices("output/best_tags"), loaded.Tagger.Decode(batch)[0]);
        }
    }

    [Fact]
    public void ALanguageModelWithoutADirectionIsRefused()
    {
        Assert.Throws<DirectionException>(() => TorchImport.Run(backend, Options("lm.zip.th", "lm_map.pk")));
        Assert.False(Directory.Exists(files.PathOf("out")));
    }

    [Fact]
    public void AFolderWithAModelStays()
    {
        TorchImport.Run(backend, Options("tagger.zip.th", "tagger_map.pk"));
        var before = File.ReadAllBytes(files.PathOf("out/model.safetensors"));
        Assert.Throws<FolderTakenException>(() =>
            TorchImport.Run(backend, Options("tagger.older.th", "tagger_map.pk")));
        Assert.Equal(before, File.ReadAllBytes(files.PathOf("out/model.safetensors")));
    }

    [Theory]
    [InlineData("tagger.zip.th", "lm_map.pk", "has no map 'y_map'")]
    [InlineData("lm.zip.th", "tagger_map.pk", "has no map 'w_map'")]
    [InlineData("tagger_map.pk", "tagger_map.pk", "no file that torch.save wrote")]
    [InlineData("tagger.zip.th", "tagger.older.th", "is no dictionary")]
    [InlineData("tagger.zip.th", "tagger.zip.th", "opcode 0x50")]
    public void FilesThatDoNotFitAreRefused(string model, string vocabulary, string words)
    {
        TestFiles.Refused(
            () => TorchImport.Run(backend, Options(model, vocabulary) with { IsBackward = false }), words);
        Assert.False(Directory.Exists(files.PathOf("out")));
    }

    /// <summary>Whether it is a model is asked before which way it reads.</summary>
    [Theory]
    [InlineData("lm.older.th", "soft_max.head.weight", "soft_max.body.weight", "those of neither model",
        "; of a language model's 'soft_max.head.weight'. It has '", " more.")]
    [InlineData("tagger.older.th", "crf.transitions", "crf.transitionz", "those of neither model",
        "Of a tagger's it lacks 'crf.transitions'; of a language model's 'rnn.layer.0.layer.weight_hh_l0'")]
    [InlineData("tagger.older.th", "char_embed.weight", "char_embeb.weight",
        "Of a tagger's it lacks 'char_embed.weight'. It has 'b_lm.")]
    public void TensorsOfAnotherModelAreNamed(string file, string name, string other, params string[] words)
    {
        var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(Torch(file)));
        files.Write("other.th", Encoding.Latin1.GetBytes(bytes.Replace(name, other, StringComparison.Ordinal)));
        TestFiles.Refused(() => TorchImport.Run(backend,
            Options(file, "lm_map.pk") with { Model = files.PathOf("other.th") }), ["other.th", .. words]);
        Assert.False(Directory.Exists(files.PathOf("out")));
    }

    /// <summary>Each would run code in Python; here the name or the opcode is refused, with its place.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(S'touch EXECUTED'\ntR.", "'os.system'", "byte 11")]
    [InlineData("cbuiltins\neval\n(S'1'\ntR.", "'builtins.eval'", "byte 15")]
    [InlineData("\u0080\u0004\u008C\u0002os\u008C\u0006system\u0093.", "'os.system'", "byte 15")]
    [InlineData("(S'touch EXECUTED'\nios\nsystem\n.", "opcode 0x69", "byte 20")]
    [InlineData("(cos\nsystem\no.", "'os.system'", "byte 12")]
    [InlineData("ccollections\nOrderedDict\n)\u0081.", "opcode 0x81", "byte 27")]
    [InlineData("Pevery\n.", "opcode 0x50", "byte 1")]
    [InlineData("\u0082\u0001.", "opcode 0x82", "byte 1")]
    [InlineData("ccollections\nOrderedDict\n(cnumpy\ndtype\ntR.", "of arguments that it is never given")]
    [InlineData("ccollections\nOrderedDict\n(ccollections\nOrderedDict\nI1\ntR.",
        "of arguments that it is never given")]
    [InlineData("I1\nI2\nb.", "attributes of what has none")]
    [InlineData("I1\n)R.", "a call of what has no name")]
    [InlineData("\u0080\u0006N.", "protocol 6")]
    public void APickleWithCodeIsRefusedByNameAndNothingRuns(string pickle, params string[] words)
    {
        var bytes = Encoding.Latin1.GetBytes(pickle);
        files.Write("bad.pk", bytes);
        var message = TestFiles.Refused(() => TorchImport.Run(backend,
            Options("tagger.zip.th", "tagger_map.pk") with { Vocabulary = files.PathOf("bad.pk") }), words);
        Assert.Contains("bad.pk", message, StringComparison.Ordinal);
        files.Write("bad.th", Zip(("archive/data.pkl", bytes)));
        TestFiles.Refused(() => TorchImport.Run(backend,
            Options("tagger.zip.th", "tagger_map.pk") with { Model = files.PathOf("bad.th") }), words);
        Assert.False(File.Exists("EXECUTED"));
    }

    [Fact]
    public void AFlippedBitInAZipIsFound()
    {
        var bytes = File.ReadAllBytes(Torch("tagger.zip.th"));
        var place = bytes.AsSpan().IndexOf("archive/data/0"u8);
        place = place < 0 ? bytes.AsSpan().IndexOf("/data/0"u8) : place;
        bytes[place + 200] ^= 1;
        files.Write("flipped.th", bytes);
        TestFiles.Refused(() => TorchImport.Run(backend,
            Options("tagger.zip.th", "tagger_map.pk") with { Model = files.PathOf("flipped.th") }), "damaged");
    }

    [Theory, InlineData("tagger.zip.th"), InlineData("tagger.older.th"), InlineData("tagger_map.pk")]
    public void AFileThatBreaksOffIsRefusedWhereverItDoes(string name)
    {
        var bytes = File.ReadAllBytes(Torch(name));
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 50))
        {
            var torn = files.Write("torn", bytes[..length]);
            var options = Options("tagger.zip.th", "tagger_map.pk");
            TestFiles.Refused(() => TorchImport.Run(backend, name.EndsWith(".pk", StringComparison.Ordinal)
                ? options with { Vocabulary = torn } : options with { Model = torn }), "torn");
            Assert.False(Directory.Exists(files.PathOf("out")));
        }
    }

    [Theory]
    [InlineData("""{"a": 0, "b": 0}""", "one id")]
    [InlineData("""{"a": 0, "b": 2}""", "ids are 0 to 1")]
    [InlineData("""{"a": 0, "b": -1}""", "ids are 0 to 1")]
    [InlineData("""{"a": 0, "b": "c"}""", "ids are 0 to 1")]
    [InlineData("""{"a": 0}""", "1 tokens", "2 rows")]
    public void AMapThatNumbersNoRowsIsRefused(string map, params string[] words) => TestFiles.Refused(() =>
        new PublishedVocabularies(new MemoryStream(Pickle(map)), "map.pk").Of("w_map", 2), words);

    [Fact]
    public void WhatSharesTheIdOfTheUnknownIsReadAsItAndOddTokensKeepTheirRows()
    {
        var pickle = Pickle("""{"a\rb": 0, "<unk>": 2, "x": 2, "<e>": 1}""");
        var map = new PublishedVocabularies(new MemoryStream(pickle), "map.pk").Of("w_map", 4, end: "<e>");
        Assert.Equal(["<row:0>", Vocabulary.SentenceEnd, Vocabulary.Unknown, "<row:3>"], map.Tokens);
    }

    // {"w_map": map}, in protocol 2.
    static byte[] Pickle(string map)
    {
        using var bytes = new MemoryStream();
        bytes.Write([0x80, 2, (byte)'}']);
        Text("w_map");
        bytes.Write("}("u8);
        foreach (var entry in System.Text.Json.JsonDocument.Parse(map).RootElement.EnumerateObject())
        {
            Text(entry.Name);
            if (entry.Value.ValueKind == System.Text.Json.JsonValueKind.String) Text(entry.Value.GetString()!);
            else bytes.Write([(byte)'J', .. BitConverter.GetBytes(entry.Value.GetInt32())]);
        }
        bytes.Write("us."u8);
        return bytes.ToArray();

        void Text(string text) => bytes.Write(
            [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)]);
    }

    internal static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in entries)
                using (var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open())
                    entry.Write(bytes);
        return stream.ToArray();
    }

    internal static string Torch(string name) => RepositoryRoot.Combine("tests", "Goldens", "torch", name);

    TorchImportOptions Options(string model, string vocabulary) =>
        new() { Model = Torch(model), Vocabulary = Torch(vocabulary), Output = files.PathOf("out") };

    static void Near(double[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-6);
    }
}
