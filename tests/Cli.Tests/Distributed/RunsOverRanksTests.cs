using System.Text.Json.Nodes;
using LdNetGpu.Cli.Commands;
using LdNetGpu.Tests.Commands;
using LdNetGpu.Tests.Training;
using static LdNetGpu.Tests.Distributed.RankProcess;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// <c>mpirun ldnet tagger train</c> of several runs: each is trained by one rank, to the bits and to the report of one
/// process; a failure and Ctrl-C end all, and <c>--resume</c> goes on.
/// </summary>
public sealed class RunsOverRanksTests(TinyModels tiny)
{
    [Fact]
    public void SeedsAreThoseOfOneProcess()
    {
        string[] Training(string name) => Short(name, "--seeds", "3", "--test", tiny.TestFile, "--json");
        var one = Ldnet.Run(Training("seeds-one")).Succeeded().Json;
        var several = Run("mpich", 2, Training("seeds-two"));
        Assert.True(several.ExitCode == 0, several.Error);
        Assert.Equal(Timeless(one), Timeless(JsonNode.Parse(several.Output)!));
        SameBits("seeds-one", "seeds-two");
        // Rank 0 trains two of them, and tells of the other.
        foreach (var seed in new[] { 1, 3 })
            Assert.Contains($"\ntagger, seed {seed}: ", several.Error, StringComparison.Ordinal);
        Assert.Contains("rank 1: tagger, seed 2: ended after epoch 1", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldsAreThoseOfOneProcess()
    {
        string[] Training(string name) => ["tagger", "train", "--folds", "2", "--by", "sentence",
            .. Short(name, "--json").Skip(2).Where(word => word != "--dev" && word != tiny.DevFile)];
        var one = Ldnet.Run(Training("folds-one")).Succeeded().Json;
        var several = Run("openmpi", 2, Training("folds-two"));
        Assert.True(several.ExitCode == 0, several.Error);
        Assert.Equal(Timeless(one).Replace("folds-one", "folds-two", StringComparison.Ordinal),
            Timeless(JsonNode.Parse(several.Output)!));
        SameBits("folds-one", "folds-two");
    }

    /// <summary>Its disk is full as disks are: a file system of few bytes in the folder of its run.</summary>
    [Fact]
    public void ARunWhoseDiskIsFullIsNamedWithItsRankAndGoesOnAfterwards()
    {
        Mpirun.RequireMpi("mpich");
        string[] Training(string name) => tiny.TaggerTraining(tiny.PathOf(name), "--seeds", "2");
        var full = tiny.PathOf("full/seed-2");
        using var disk = SmallDisk.Mount(full, 32);
        var failed = Run("mpich", 2, Training("full"));
        Failed(failed, $"error: rank 1: tagger, seed 2: {full}: the checkpoint cannot be written: ");
        Assert.Empty(Directory.EnumerateDirectories(full));
        // What the other one had is saved.
        Assert.True(File.Exists(Path.Combine(tiny.PathOf("full/seed-1"), "training.safetensors")));
        disk.GrowTo(1024);
        var resumed = Run("openmpi", 2, [.. Training("full"), "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Ldnet.Run(Training("not-full")).Succeeded();
        SameBits("not-full", "full");
    }

    /// <summary>Of one run, which all train together, rank 0 alone writes.</summary>
    [Fact]
    public void AFullDiskOfAllRanksIsToldOnce()
    {
        Mpirun.RequireMpi("openmpi");
        var full = tiny.PathOf("full-together");
        using var disk = SmallDisk.Mount(full, 32);
        var failed = Run("openmpi", 2, tiny.TaggerTraining(full));
        Failed(failed, $"error: rank 0: {full}: the checkpoint cannot be written: ");
        Assert.Empty(Directory.EnumerateDirectories(full));
    }

    [Fact]
    public async Task ARankThatIsInterruptedHasAllSaveAndLeave()
    {
        var folder = tiny.PathOf("runs-interrupted");
        string[] training = tiny.TaggerTraining(folder, "--set", "max_epochs=100000", "--set", "patience=100000",
            "--seeds", "3", "--threads", "1");
        using var process = Mpirun.Start("mpich", [], (2, training));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        WaitFor(() => File.Exists(Path.Combine(folder, "seed-2", "metrics.jsonl")));
        using (var rank = RankOne(folder)) Signal("-INT", rank.Id);
        Assert.True(process.WaitForExit(Bearable));
        var said = await error;
        Assert.True(process.ExitCode == 130, $"{process.ExitCode}: {said}");
        Assert.Contains($"{folder}: saved. The same command with --resume goes on", said, StringComparison.Ordinal);
        Assert.Contains("rank 1: tagger, seed 2: interrupted in epoch ", said, StringComparison.Ordinal);
        var table = await output;
        Assert.Contains("mean", table, StringComparison.Ordinal);
        Assert.Equal(3, table.Split("interrupted").Length);
        Assert.Equal(["seed-1", "seed-2"], Directory.EnumerateDirectories(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void AStateThatNoRanksShareIsNotDivided()
    {
        Ldnet.Run(Short("undivided", "--seeds", "2", "--shard-optimizer"))
            .Failed(2, "--shard-optimizer does not go with --seeds");
        Ldnet.Run(Short("undivided", "--seeds", "two", "--shard-optimizer")).Failed(2, "two");
        Ldnet.Run(Short("divided", "--seeds", "1", "--shard-optimizer")).Succeeded();
    }

    [Theory]
    [InlineData(8, 5, "8 ranks, 5 runs: 3 ranks have none."), InlineData(3, 2, "3 ranks, 2 runs: 1 rank has none.")]
    [InlineData(2, 2, null), InlineData(2, 3, null)]
    public void RanksWithoutARunAreCounted(int ranks, int runs, string? note) =>
        Assert.Equal(note, RunsOverRanks.Idle(ranks, runs));

    static LdnetProcess Run(string kind, int ranks, string[] arguments) =>
        Mpirun.Run(kind, ranks, [.. arguments, "--threads", "1"]);

    string[] Short(string name, params string[] more) =>
        tiny.TaggerTraining(tiny.PathOf(name), ["--set", "max_epochs=1", .. more]);

    static void Failed(LdnetProcess run, string message)
    {
        Assert.True(run.ExitCode == 1, $"{run.ExitCode}: {run.Error}");
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    void SameBits(string one, string other) =>
        Assert.Equal(ResumeTests.Bytes(tiny.PathOf(one)), ResumeTests.Bytes(tiny.PathOf(other)));

    /// <summary>A report without what a clock says.</summary>
    static string Timeless(JsonNode report)
    {
        foreach (var run in (report["seeds"] ?? report["folds"])!.AsArray()) run!.AsObject().Remove("words_per_second");
        return report.ToJsonString();
    }
}
