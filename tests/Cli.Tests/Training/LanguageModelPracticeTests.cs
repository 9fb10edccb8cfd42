using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Tests.Commands;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>Shards, perplexity by frequency, rare words and drawn text of language models.</summary>
public sealed class LanguageModelPracticeTests(TinyModels tiny)
{
    [Fact]
    public void ShardsAreReadInAnOrderOfTheSeedAndResumedToTheSameBits()
    {
        var lines = File.ReadAllLines(tiny.Text);
        for (var i = 0; i < 5; i++)
            tiny.Write(Path.Combine("shards", $"{i}.txt"),
                string.Concat(lines.Skip(i * lines.Length / 5).Take(lines.Length / 5).Select(line => line + "\n")));
        string[] Of(string name, params string[] more)
        {
            string[] command = tiny.LanguageModelTraining(tiny.PathOf(name), ["--direction", "forward", .. more]);
            command[3] = tiny.PathOf("shards");
            return command;
        }
        byte[] Weights(string name) =>
            File.ReadAllBytes(tiny.PathOf(Path.Combine(name, "forward", "model.safetensors")));
        Ldnet.Run(Of("in-order")).Succeeded();
        Ldnet.Run(Of("shuffled", "--set", "shuffle_shards=true")).Succeeded();
        Ldnet.Run(Of("shuffled2", "--set", "shuffle_shards=true", "--seed", "2")).Succeeded();
        Assert.NotEqual(Weights("in-order"), Weights("shuffled"));
        Assert.NotEqual(Weights("shuffled2"), Weights("shuffled"));
        // In the second pass.
        Assert.Equal(130, Ldnet.RunUntil(43, Of("shuffled-torn", "--set", "shuffle_shards=true")).ExitCode);
        Ldnet.Run(Of("shuffled-torn", "--resume")).Succeeded();
        Assert.Equal(Weights("shuffled"), Weights("shuffled-torn"));
        Ldnet.Run(Of("shuffled", "--resume", "--set", "shuffle_shards=false")).Failed(1, "shuffle_shards=true");
    }

    [Fact]
    public void OneFileIsNoShardsToShuffle() => Assert.Contains("shuffle_shards has no effect",
        Ldnet.Run(tiny.LanguageModelTraining(tiny.PathOf("one-shard"), "--direction", "forward", "--set",
            "shuffle_shards=true", "--set", "max_epochs=1")).Succeeded().Error, StringComparison.Ordinal);

    [Fact]
    public void BandsAddUpToTheWholeText()
    {
        var plain = Ldnet.Run("lm", "eval", "--model", tiny.LanguageModels, "--data", tiny.ValidText, "--json")
            .Succeeded().Json.AsArray();
        var json = Ldnet.Run("lm", "eval", "--model", tiny.LanguageModels, "--data", tiny.ValidText, "--bands", "5,20",
            "--rare", "20", "--json").Succeeded().Json.AsArray();
        for (var d = 0; d < 2; d++)
        {
            var (whole, bands) = (json[d]!, json[d]!["bands"]!.AsArray());
            Assert.Equal(plain[d]!["perplexity"]!.GetValue<double>(), whole["perplexity"]!.GetValue<double>());
            Assert.Equal(["1-5", "6-20"], bands.Take(2).Select(band => band!["ranks"]!.GetValue<string>()));
            Assert.Equal(["<unk>", "<eos>"], bands.TakeLast(2).Select(band => band!["ranks"]!.GetValue<string>()));
            Assert.Equal(whole["tokens"]!.GetValue<long>(), bands.Sum(band => band!["tokens"]!.GetValue<long>()));
            Assert.Equal(whole["nats_per_token"]!.GetValue<double>() * whole["tokens"]!.GetValue<long>(),
                bands.Where(band => band!["tokens"]!.GetValue<long>() > 0).Sum(band =>
                    band!["nats_per_token"]!.GetValue<double>() * band["tokens"]!.GetValue<long>()), 1e-3);
            Assert.Equal(1, bands.Sum(band => band!["loss_share"]!.GetValue<double>()), 1e-9);
            var rare = whole["rare"]!.AsArray();
            Assert.Equal(bands[2]!["tokens"]!.GetValue<long>() + bands[3]!["tokens"]!.GetValue<long>(),
                rare.Sum(word => word!["tokens"]!.GetValue<long>()));
            Assert.Equal(bands[2]!["loss_share"]!.GetValue<double>() + bands[3]!["loss_share"]!.GetValue<double>(),
                rare.Sum(word => word!["loss_share"]!.GetValue<double>()), 1e-9);
        }
        var shown = Ldnet.Run("lm", "eval", "--model", tiny.LanguageModels, "--data", tiny.ValidText, "--bands", "5,20",
            "--rare", "20").Succeeded().Output;
        Assert.Contains("forward, ranks", shown, StringComparison.Ordinal);
        Assert.Contains("backward: ", shown, StringComparison.Ordinal);
    }

    [Theory, InlineData("forward"), InlineData("backward")]
    public void LossesStandAtTheirTokens(string direction)
    {
        var backend = new CpuBackend<float>(new CpuDevice(1));
        using var loaded = LanguageModelFolder.Load(backend, Path.Combine(tiny.LanguageModels, direction));
        // Few tokens: each stream has one, and each is predicted of the word beside it alone.
        var sentence = File.ReadLines(tiny.ValidText).First().Split(' ');
        var text = TokenArray.Encode([sentence], loaded.Vocabulary);
        var (_, losses) = LanguageModelEvaluation.Losses(loaded.Model, text, loaded.Vocabulary.SentenceEndId,
            loaded.Config);
        var ids = new int[text.Count];
        text.CopyTo(0, ids);
        Assert.InRange(ids.Length, 3, 16);
        for (var i = 0; i < ids.Length; i++)
        {
            var isLast = i == ids.Length - 1;
            var (input, target) = direction == "forward"
                ? (i == 0 ? loaded.Vocabulary.SentenceEndId : ids[i - 1], ids[i])
                : isLast ? (ids[0], loaded.Vocabulary.SentenceEndId) : (ids[i + 1], ids[i]);
            var expected = -loaded.Model.LogProb(new Autograd.IntTensor(backend.Device, [input]), 1, 1)
                .ToArray()[target];
            Assert.Equal(expected, losses[i], 1e-4f);
        }
    }

    [Fact]
    public void DrawnTextIsOfTheSeedAndTheOptions()
    {
        string Sample(params string[] more) =>
            Ldnet.Run(["lm", "sample", "--model", tiny.LanguageModels, "--json", .. more]).Succeeded().Output;
        var plain = Sample();
        Assert.Equal(plain, Sample());
        string[] others = [Sample("--seed", "2"), Sample("--length", "20"), Sample("--temperature", "0.1"),
            Sample("--top-k", "2"), Sample("--prompt", File.ReadLines(tiny.Text).First()),
            Sample("--direction", "backward")];
        Assert.All(others, other => Assert.NotEqual(plain, other));
        Assert.Equal(others.Length, others.Distinct().Count());
        Assert.Equal(Sample("--temperature", "0"), Sample("--top-k", "1", "--seed", "9"));
        var json = Ldnet.Run("lm", "sample", "--model", tiny.LanguageModels, "--length", "400", "--json").Json;
        var drawn = json["drawn"]!.AsArray().Select(word => word!.GetValue<string>()).ToArray();
        Assert.Equal(400, drawn.Length);
        Assert.DoesNotContain("<unk>", drawn);
        Assert.Contains("<eos>", drawn);
    }

    [Fact]
    public void TheLikeliestWordFollowsThePrompt()
    {
        var backend = new CpuBackend<float>(new CpuDevice(1));
        using var loaded = LanguageModelFolder.Load(backend, Path.Combine(tiny.LanguageModels, "forward"));
        var prompt = File.ReadLines(tiny.Text).First().Split(' ').Take(3).ToArray();
        var words = LanguageModelSampler.Sample(loaded, prompt, new() { Temperature = 0, Length = 4 });
        // The state that is carried on gives what the whole text anew gives.
        for (var i = 0; i < words.Length; i++)
        {
            int[] ids = [loaded.Vocabulary.SentenceEndId,
                .. loaded.Vocabulary.Encode([.. prompt, .. words.Take(i)])];
            var row = loaded.Model.LogProb(new Autograd.IntTensor(backend.Device, ids), ids.Length, 1).ToArray()
                .AsSpan()[^loaded.Vocabulary.Count..].ToArray();
            row[loaded.Vocabulary.UnknownId] = float.NegativeInfinity;
            Assert.Equal(loaded.Vocabulary[Array.IndexOf(row, row.Max())], words[i]);
        }
    }

    [Fact]
    public void AWordThatThePromptAloneHasIsSaid()
    {
        Assert.Contains("xyzzy: not in the vocabulary", Notes("xyzzy"), StringComparison.Ordinal);
        Assert.Equal("", Notes("<unk>"));

        string Notes(string prompt) => Ldnet.Run("lm", "sample", "--model", tiny.LanguageModels, "--length", "1",
            "--prompt", prompt).Succeeded().Error;
    }
}
