using System.Text;
using System.Text.Json;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Shards;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>Readers of JSON: what it says is built where that is allowed, no larger than its file.</summary>
static class ConfigurationReaders
{
    const long MostModelBytes = 1 << 20;

    public static FuzzedReader LanguageModel()
    {
        var options = new LanguageModelOptions
        {
            EmbeddingSize = 2, Layers = 2, HiddenSize = 2, ProjectionSize = 2, Cutoffs = [3],
        };
        var config = new LanguageModelConfig(LanguageModelConfig.KindName, "forward", 6, options);
        var valid = JsonSerializer.Serialize(config, ModelConfigJson.Default.LanguageModelConfig);
        var device = new CpuDevice(1);
        var backend = new CpuBackend<float>(device);
        var file = FileOf(new LanguageModel<float>(backend, options, 6));
        return new(Seeds(valid,
            ("\"embedding_size\": 2", "\"embedding_size\": 30000000"), ("\"layers\": 2", "\"layers\": 2147483647"),
            ("\"layers\": 2", "\"layers\": 1000"), ("\"hidden_size\": 2", "\"hidden_size\": 65536"),
            ("\"words\": 6", "\"words\": -6"), ("\"forward\"", "\"sideways\""), ("\"lstm\"", "\"transformer\""),
            ("\"lstm\"", "1"), ("\"dense\"", "99")),
            bytes =>
            {
                var read = ModelConfigJson.Parse(Text(bytes), "config.json",
                    ModelConfigJson.Default.LanguageModelConfig, LanguageModelConfig.KindName);
                device.Counters.ResetPeak();
                Load(file, () => new LanguageModel<float>(backend, read.Options, read.Words));
                Assert.InRange(device.Counters.PeakBytes, 0, MostModelBytes);
            });
    }

    public static FuzzedReader Tagger()
    {
        var options = new TaggerOptions
        {
            CharEmbedding = 2, CharHidden = 2, WordEmbedding = 2, WordHidden = 2, LmProjection = 2,
        };
        var encoder = new EncoderShape(6, new RecurrentStackShape(RecurrentUnit.Lstm, 2, [2, 2]));
        var shape = new TaggerShape(4, 5, ["O", "S-A", "<s>", "<eof>"], encoder, encoder);
        var config = new TaggerConfig(TaggerConfig.KindName, options, EncoderConfig.Of(encoder),
            EncoderConfig.Of(encoder));
        var valid = JsonSerializer.Serialize(config, ModelConfigJson.Default.TaggerConfig);
        var device = new CpuDevice(1);
        var backend = new CpuBackend<float>(device);
        var file = FileOf(new Tagger<float>(backend, options, shape));
        return new(Seeds(valid,
            ("\"word_hidden\": 2", "\"word_hidden\": 30000000"), ("\"words\": 6", "\"words\": 2147483647"),
            ("\"embedding\": 2", "\"embedding\": 65536"), ("\"hidden\": [", "\"hidden\": [2147483647,"),
            ("\"hidden\": [", "\"hidden\": [2,3,"), ("\"concat\"", "\"elmo\""),
            ("\"forward\": {", "\"forward\": null, \"x\": {"), ("\"scaled\": false", "\"scaled\": true"),
            ("\"structure\"", "7"), ("\"structure\"", "true")),
            bytes =>
            {
                var read = ModelConfigJson.Parse(Text(bytes), "config.json", ModelConfigJson.Default.TaggerConfig,
                    TaggerConfig.KindName);
                var asked = shape with { Forward = read.Forward?.ToShape(), Backward = read.Backward?.ToShape() };
                device.Counters.ResetPeak();
                Load(file, () => new Tagger<float>(backend, read.WholeOptions(), asked));
                Assert.InRange(device.Counters.PeakBytes, 0, MostModelBytes);
            });
    }

    public static FuzzedReader ShardRecords() => new(
        [.. Seeds(new ShardRecord("a/b.txt", 12, "0000abcd", 2, 9, "a/b.txt.jsonl", 340, "1234abcd", 0.25, "5678abcd",
            "format").ToJson(), ("12", "1e99"), ("12", "-1"), ("0.25", "\"NaN\""), ("\"0000abcd\"", "null"),
            ("\"bytes\":12,", ""))],
        bytes =>
        {
            if (ShardRecord.Parse(Text(bytes)) is { } record)
                Assert.All((string?[])[record.Input, record.Crc32c, record.Output, record.OutputCrc32c, record.Model,
                    record.Options], Assert.NotNull);
        });

    public static FuzzedReader Manifest() => new(
        [
            new CheckpointManifest(new() { ["config.json"] = new(12, "0000abcd"), ["vocab/words.txt"] = new(7, "1") },
                120).ToJson(),
            .. new[]
            {
                "{}", "null", "[]", """{"files":null,"metrics_length":0}""", """{"files":{},"metrics_length":-1}""",
                """{"files":{"a":null},"metrics_length":0}""",
                """{"files":{"a":{"length":1,"crc32c":null}},"metrics_length":0}""",
                """{"files":{"../x":{"length":1,"crc32c":"00000000"}},"metrics_length":0}""",
                """{"files":{"/etc/x":{"length":-1,"crc32c":""}},"metrics_length":0}""",
            }.Select(Encoding.UTF8.GetBytes),
        ],
        bytes =>
        {
            var manifest = CheckpointManifest.Parse(bytes, "manifest.json");
            Assert.All(manifest.Files, file =>
            {
                Assert.StartsWith("/folder/", Path.GetFullPath(Path.Combine("/folder", file.Key)),
                    StringComparison.Ordinal);
                Assert.True(file.Value.Length >= 0 && file.Value.Crc32c is not null);
            });
        });

    public static FuzzedReader Temperature() => new(
        [
            .. new[]
            {
                """{"temperature":1.5,"weights_crc32c":"0","data":"d","sentences":1,"loss_before":2,"loss_after":1}""",
                """{"temperature":1e999,"weights_crc32c":"","data":"","sentences":1,"loss_before":2,"loss_after":1}""",
                """{"temperature":-0,"weights_crc32c":null,"data":"d","sentences":1,"loss_before":2}""",
                "{}", "null", "[]",
            }.Select(Encoding.UTF8.GetBytes),
        ],
        bytes => Assert.InRange(TaggerTemperature.Parse(bytes, TaggerTemperature.FileName, "0").Temperature,
            double.Epsilon, double.MaxValue));

    public static FuzzedReader Settings() => new(
        [
            .. new[]
            {
                """{"lm": {"layers": 3, "cutoffs": [5, 70], /* a remark */ "unit": "gru"}, "tagger": {"dropout": 1e-3}}""",
                """{"lm": {"layers": 2147483648, "cutoffs": ["a", [1]], "unit": 3, "dropout": null}}""",
                """{"lm": {"layers": 1, "layers": 2}, "other": [1], "tagger": 5}""", "[]", "",
                "{\"lm\": {\"\\ud800\": 1}}",
            }.Select(Encoding.UTF8.GetBytes),
        ],
        bytes =>
        {
            SettingsSection[] sections =
            [
                new(SettingsSchema<LanguageModelOptions>.Instance, "lm"),
                new(SettingsSchema<TaggerOptions>.Instance, "tagger"),
            ];
            var problems = new List<string>();
            SettingsJson.Read(bytes, "settings.json", sections, problems);
            if (problems.Count > 0) throw new UserException(string.Join('\n', problems));
            var options = sections[0].Build<LanguageModelOptions>(problems);
            if (problems.Count == 0) Assert.Empty(SettingsSchema<LanguageModelOptions>.Instance.ProblemsIn(options));
        });

    /// <summary>What a run that goes on compares its settings with.</summary>
    public static FuzzedReader SavedSettings() => new(
        [
            JsonSerializer.SerializeToUtf8Bytes(RunSettings.Of(new TaggerOptions())),
            .. new[]
            {
                "{}", "null", "[]", """{"patience":null}""", """{"patience":"9e99","dropout":"NaN"}""",
                """{"max_epochs":-3}""", """{"nothing":"3"}""",
            }.Select(Encoding.UTF8.GetBytes),
        ],
        bytes =>
        {
            var settings = RunSettings.Parse(Text(bytes), RunSettings.FileName);
            var options = RunSettings.Read<TaggerOptions>(settings, RunSettings.FileName);
            Assert.Empty(SettingsSchema<TaggerOptions>.Instance.ProblemsIn(options));
        });

    static byte[][] Seeds(string valid, params ReadOnlySpan<(string From, string To)> faults)
    {
        var seeds = new List<string> { valid, "{}", "null", "[]", "\"x\"", """{"kind":5}""" };
        foreach (var (from, to) in faults)
        {
            Assert.Contains(from, valid, StringComparison.Ordinal);
            seeds.Add(valid.Replace(from, to, StringComparison.Ordinal));
        }
        return [.. seeds.Select(Encoding.UTF8.GetBytes)];
    }

    static byte[] FileOf(Module<float> module)
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, StateDict.Of(module));
        module.Dispose();
        return stream.ToArray();
    }

    static void Load<TModule>(byte[] file, Func<TModule> make) where TModule : Module<float>
    {
        using var module = StateDict.Create<float, TModule>(new(new MemoryStream(file), "model.safetensors"), make);
    }

    // As a checkpoint's folder hands text on.
    static string Text(byte[] bytes) => System.Text.Unicode.Utf8.IsValid(bytes)
        ? Encoding.UTF8.GetString(bytes) : throw new UserException("not UTF-8");
}
