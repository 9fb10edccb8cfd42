using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Tests.Commands;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>A run leaves alone the folder of another kind of model, whether it begins or goes on.</summary>
public sealed class OtherKindTests(TinyModels tiny)
{
    public static TheoryData<string, string, string, string> Places => new()
    {
        { "lm", "tagger", "", "" },
        { "tagger", "lm", "", "" },
        { "prune", "lm", "", "" },
        { "seeds", "tagger", "", "" },
        { "tagger", "lm", "forward", "" },
        { "prune", "lm", "forward", "" },
        { "lm", "lm", "forward", "" },
        { "tagger", "tagger", "vocab", "" },
        { "prune", "tagger", "vocab", "" },
        { "lm", "tagger", "vocab", "" },
        { "tagger", "lm", "forward/vocab", "" },
        { "lm", "tagger", "", "--resume" },
        { "tagger", "lm", "", "--resume" },
        { "prune", "lm", "", "--resume" },
        { "tagger", "lm", "forward", "--resume" },
        { "lm", "tagger", "vocab", "--resume" },
    };

    [Theory, MemberData(nameof(Places))]
    public void FolderOfAnotherKindOfModelIsRefused(string run, string model, string place, string resume)
    {
        var folder = tiny.CopyOf(model == "lm" ? tiny.LanguageModels : tiny.NoLm, $"other-{run}-{model}-"
            + place.Replace('/', '-') + (resume.Length > 0 ? "-again" : ""));
        var before = Files(folder);
        string[] more = resume.Length > 0 ? [resume] : [];
        var output = Path.Combine(folder, place);
        var refused = Ldnet.Run(run switch
        {
            "lm" => tiny.LanguageModelTraining(output, more),
            "prune" => tiny.Pruning(output, ["--layers", "4", .. more]),
            "seeds" => tiny.TaggerTraining(output, ["--seeds", "2", .. more]),
            _ => tiny.TaggerTraining(output, more),
        }).Failed(1, "already holds", "another --out");
        if (resume.Length > 0) Assert.DoesNotContain("--resume", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Files(folder));
    }

    [Fact]
    public void SameIsRefusedFromCSharp()
    {
        using var device = new CpuDevice(1);
        var folder = tiny.CopyOf(tiny.NoLm, "other-from-csharp");
        var error = Assert.Throws<FolderTakenException>(() => LanguageModelRun.Train(new CpuBackend<float>(device),
            new() { Sources = [tiny.Text], Valid = tiny.ValidText, Output = folder, Resume = true }));
        Assert.Equal((folder, true), (error.Folder, error.IsOther));
    }

    static string[] Files(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order()];
}
