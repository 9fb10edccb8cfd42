namespace LdNetGpu.Tests.Commands;

/// <summary><c>--lm-storage</c> and the setting <c>lm_storage</c>: language models in bfloat16.</summary>
public sealed class LanguageModelStorageTests(TinyModels tiny)
{
    [Fact]
    public void HalvesWhatTheWeightsTakeAndIsRefusedWhereItCannotBe()
    {
        string[] eval = ["eval", "--model", tiny.Tagger, "--data", tiny.DevFile, "--json"];
        long Bytes(params string[] more) =>
            (long)Ldnet.Run([.. eval, .. more]).Succeeded().Json["language_model_bytes"]!;

        // Biases stay as they are.
        Assert.InRange(Bytes("--lm-storage", "bf16"), 0.5 * Bytes("--lm-storage", "f32"), 0.6 * Bytes());
        Ldnet.Run([.. eval, "--lm-storage", "bf16", "--device", "managed"]).Failed(1, "bfloat16", "--device cpu");
        Ldnet.Run([.. eval, "--lm-storage", "f16"]).Failed(2, "f16", "bf16");
    }

    [Fact]
    public void TrainingKeepsTheSettingAndGoesOnToTheSameBits()
    {
        string[] train = [.. tiny.TaggerTraining(tiny.PathOf("bf16"), "--lm", tiny.LanguageModels, "--set",
            "lm_storage=bf16")];
        Ldnet.Run(train).Succeeded();
        string[] eval = ["eval", "--model", tiny.PathOf("bf16"), "--data", tiny.DevFile, "--json"];
        var (kept, wide) = (Ldnet.Run(eval).Json, Ldnet.Run([.. eval, "--lm-storage", "f32"]).Json);
        Assert.True((long)kept["language_model_bytes"]! < 0.6 * (long)wide["language_model_bytes"]!);
        // The folder holds the rounded weights: they are the same numbers either way.
        Assert.Equal((double)wide["f1"]!, (double)kept["f1"]!);
        var weights = File.ReadAllBytes(Path.Combine(tiny.PathOf("bf16"), "model.safetensors"));
        Ldnet.Run([.. train, "--resume"]).Succeeded();
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(tiny.PathOf("bf16"), "model.safetensors")));
        // What is fine-tuned from there keeps it, where nothing else is said.
        string[] tuning = [.. tiny.TaggerTraining(tiny.PathOf("bf16-tuned"), "--init", tiny.PathOf("bf16"))];
        Ldnet.Run(tuning).Succeeded();
        Assert.Contains("\"lm_storage\":\"bf16\"",
            File.ReadAllText(Path.Combine(tiny.PathOf("bf16-tuned"), "settings.json")), StringComparison.Ordinal);
        // Where the device has no products that read them, those same numbers are read wide.
        Ldnet.Run([.. eval, "--device", "managed"]).Succeeded();
        Ldnet.Run([.. tiny.TaggerTraining(tiny.PathOf("none"), "--set", "lm_storage=bf16", "--lm", tiny.LanguageModels,
            "--device", "managed")]).Failed(1, "lm_storage=bf16", "--device cpu");
        Ldnet.Run([.. tiny.TaggerTraining(tiny.PathOf("none"), "--set", "lm_storage=bf16", "--init", tiny.NoLm)])
            .Failed(1, "lm_storage=bf16", "none");
        Assert.False(Directory.Exists(tiny.PathOf("none")));
        Assert.Contains("lm_storage has no effect",
            Ldnet.Run(tiny.TaggerTraining(tiny.PathOf("none"), "--set", "lm_storage=bf16")).Succeeded().Error,
            StringComparison.Ordinal);
    }
}
