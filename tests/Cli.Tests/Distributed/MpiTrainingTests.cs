using LdNetGpu.Tests.Commands;
using static LdNetGpu.Tests.Distributed.RankProcess;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// <c>mpirun ldnet lm train</c> and <c>tagger train</c> under MPICH and Open MPI: what one process trains, to rounding;
/// and every way in which a rank can fail ends all of them, with one message that names it.
/// </summary>
public sealed class MpiTrainingTests(TinyModels tiny)
{
    public static TheoryData<string> Kinds => Mpirun.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void TwoAndFourRanksTrainWhatOneProcessTrains(string kind)
    {
        Mpirun.RequireMpi(kind);
        string[] Training(string name) => tiny.LanguageModelTraining(tiny.PathOf($"{kind}-{name}"), "--direction",
            "forward", "--set", "layer_dropout=0.3", "--set", "dropout=0.2", "--json");
        var one = Ldnet.Run(Training("one")).Succeeded().Json[0]!;
        var sent = new List<long>();
        foreach (var ranks in new[] { 2, 4 })
        {
            string[] sharded = ranks == 4 ? ["--shard-optimizer"] : [];
            var several = Mpirun.Run(kind, ranks, [.. Training($"{ranks}"), "--bucket", "0.002", "--threads", "1",
                .. sharded]);
            Assert.True(several.ExitCode == 0, several.Error);
            Assert.Contains($"{ranks} ranks", several.Error, StringComparison.Ordinal);
            // Rank 0 alone has results: there is one JSON document.
            var json = System.Text.Json.Nodes.JsonNode.Parse(several.Output[several.Output.IndexOf('[',
                StringComparison.Ordinal)..])!;
            Assert.Equal((long)one["tokens_trained"]!, (long)json[0]!["tokens_trained"]!);
            Assert.Equal(ranks, (int)json[0]!["ranks"]!["size"]!);
            sent.Add((long)json[0]!["ranks"]!["sent_bytes"]!);
            Assert.InRange((double)json[0]!["perplexity"]! / (double)one["perplexity"]!, 0.999, 1.001);
            SameTensors.ToRounding(State($"{kind}-one/forward"), State($"{kind}-{ranks}/forward"), 1e-3);
        }
        // Four ranks send half as much again as two by themselves, and once more as much where they bring together
        // what each has updated.
        Assert.InRange((double)sent[1] / sent[0], 1.9, 3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void TaggersTrainTooAndTheSameBitsComeEachTime(string kind)
    {
        Mpirun.RequireMpi(kind);
        string[] Training(string name) =>
            tiny.TaggerTraining(tiny.PathOf($"{kind}-{name}"), "--lm", tiny.LanguageModels);
        Ldnet.Run(Training("tagger-one")).Succeeded();
        // Once more where it costs least: the exchange is the same, whoever carries it.
        string[] runs = kind == "mpich" ? ["tagger-a", "tagger-b"] : ["tagger-a"];
        foreach (var name in runs)
        {
            var run = Mpirun.Run(kind, 2, [.. Training(name), "--threads", "1", "--json"]);
            Assert.True(run.ExitCode == 0, run.Error);
            var exchanged = System.Text.Json.Nodes.JsonNode.Parse(run.Output)!["seeds"]![0]!["ranks"]!;
            Assert.Equal(2, (int)exchanged["size"]!);
            Assert.True((long)exchanged["sent_bytes"]! > 0);
        }
        SameTensors.ToRounding(State($"{kind}-tagger-one"), State($"{kind}-tagger-a"), 1e-3);
        Assert.Equal(File.ReadAllBytes(State($"{kind}-{runs[0]}")), File.ReadAllBytes(State($"{kind}-{runs[^1]}")));
    }

    [Theory, InlineData("openmpi")]
    public async Task ARankThatIsKilledEndsTheOthersAndTheRunGoesOnToTheSameBits(string kind)
    {
        Mpirun.RequireMpi(kind);
        string[] Training(string name) => tiny.LanguageModelTraining(tiny.PathOf($"{kind}-{name}"), "--direction",
            "forward", "--set", "max_epochs=2", "--threads", "1");
        Assert.Equal(0, Mpirun.Run(kind, 2, Training("whole")).ExitCode);
        using (var process = Mpirun.Start(kind, [], (2, Training("torn"))))
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            WaitFor(() => File.Exists(Path.Combine(tiny.PathOf($"{kind}-torn"), "forward", "metrics.jsonl")));
            RankOne($"{kind}-torn").Kill();
            Assert.True(process.WaitForExit(Bearable));
            Assert.NotEqual(0, process.ExitCode);
            Assert.NotEmpty(await output + await error);
        }
        Assert.Equal(0, Mpirun.Run(kind, 2, [.. Training("torn"), "--resume"]).ExitCode);
        Assert.Equal(File.ReadAllBytes(State($"{kind}-whole/forward")),
            File.ReadAllBytes(State($"{kind}-torn/forward")));
    }

    /// <summary>What its launcher does not notice: the process is there, and does nothing.</summary>
    [Theory, InlineData("mpich")]
    public async Task ARankThatHangsIsNamed(string kind)
    {
        var folder = $"{kind}-hangs";
        using var process = Mpirun.Start(kind, [], (2, tiny.LanguageModelTraining(tiny.PathOf(folder),
            "--set", "max_epochs=100000", "--set", "patience=100000", "--threads", "1", "--rank-timeout", "3")));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        WaitFor(() => File.Exists(Path.Combine(tiny.PathOf(folder), "forward", "metrics.jsonl")));
        using var hung = RankOne(folder);
        Signal("-STOP", hung.Id);
        try
        {
            // Rank 0 says so and ends the other one too.
            Assert.True(process.WaitForExit(Bearable));
        }
        finally
        {
            hung.Kill();
        }
        var said = await output + await error;
        Assert.True(process.ExitCode == 1, $"{process.ExitCode}: {said}");
        Assert.Contains("error: rank 1 has not been heard of for 3 s", said, StringComparison.Ordinal);
        Assert.Contains("--resume goes on from the last checkpoint", said, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void RanksThatWereStartedDifferentlyAreNamed(string kind)
    {
        var other = Mpirun.RunWith(kind, [], (1, tiny.LanguageModelTraining(tiny.PathOf("differs"))),
            (1, tiny.LanguageModelTraining(tiny.PathOf("differs"), "--seed", "7")));
        Assert.Equal(1, other.ExitCode);
        // Where they differ, and not all of both.
        var said = other.Error + other.Output;
        Assert.Contains("error: rank 1 was started with another command line than rank 0: ", said,
            StringComparison.Ordinal);
        Assert.Contains("--seed 7", said, StringComparison.Ordinal);
        Assert.DoesNotContain("--train", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.PathOf("differs")));
    }

    [Fact]
    public void ARankWithoutDataIsNamed()
    {
        var idle = Mpirun.Run("mpich", 3, tiny.LanguageModelTraining(tiny.PathOf("idle"), "--set", "batch_size=2"));
        Assert.Equal(1, idle.ExitCode);
        Assert.Contains("error: rank 2 would have no stream to train on", idle.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", idle.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.PathOf("idle")));
    }

    [Fact]
    public void AnMpiThatIsNotTheLaunchersIsRefused()
    {
        Mpirun.RequireMpi("openmpi");
        string[] training = tiny.LanguageModelTraining(tiny.PathOf("wrong"));
        var wrong = Mpirun.RunWith("mpich", [("LDNET_MPI_LIBRARY", "libmpi.so.40")], (2, training));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("MPICH has started this process, and libmpi.so.40 is Open MPI", wrong.Error,
            StringComparison.Ordinal);
        var none = Mpirun.RunWith("mpich", [("LDNET_MPI_LIBRARY", "/nowhere/libmpi.so")], (3, training));
        Assert.Equal(1, none.ExitCode);
        Assert.Equal(2, none.Error.Split("/nowhere/libmpi.so: no such file").Length);
        Assert.Equal(2, none.Error.Split("error: ").Length);
        Assert.DoesNotContain("   at ", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.PathOf("wrong")));
        LdnetProcess.RunWith([("RANK", "0"), ("WORLD_SIZE", "2")], training).Failed(1, "NCCL", "mpirun");
        LdnetProcess.RunWith([("SLURM_PROCID", "0"), ("SLURM_STEP_NUM_TASKS", "2")], training)
            .Failed(1, "srun has started 2 tasks", "SLURM_MPI_TYPE");
    }

    [Fact]
    public void ARankThatEndsBeforeItJoinsIsNotWaitedForForEver()
    {
        // MPICH's mpirun leaves the others in MPI_Init; Open MPI's ends them.
        var absent = Mpirun.RunWith("mpich", [],
            (1, tiny.LanguageModelTraining(tiny.PathOf("absent"), "--rank-timeout", "3")), (1, ["--version"]));
        Assert.Equal(1, absent.ExitCode);
        Assert.Contains("error: rank 0: MPI_Init has waited 9 s for all ranks", absent.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", absent.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.PathOf("absent")));
    }

    /// <summary>Nobody waits for a rank that knows why it cannot join.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void ARankThatCannotJoinSaysSoAndEndsTheOthers(string kind)
    {
        string[] training = tiny.LanguageModelTraining(tiny.PathOf("unjoined"));
        void EndsOf((int, string[]) first, (int, string[]) second, int code, string said)
        {
            var run = Mpirun.RunWith(kind, [], first, second);
            Assert.True(run.ExitCode == code, $"{run.ExitCode}: {run.Error}");
            Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("interrupted", run.Error, StringComparison.Ordinal);
        }

        string[] wrong = [.. training, "--nonsense"];
        EndsOf((1, training), (1, wrong), 2, "error: --nonsense: no option");
        EndsOf((2, wrong), (1, wrong), 2, "error: --nonsense: no option");
        EndsOf((1, training), (1, ["LDNET_MPI_LIBRARY=/nowhere/libmpi.so", .. training]), 1, "error: rank 1: ");
        Assert.False(Directory.Exists(tiny.PathOf("unjoined")));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void AUsersFaultEndsFourRanksWithOne(string kind)
    {
        Mpirun.RequireMpi(kind);
        for (var turn = 0; turn < 3; turn++)
        {
            var run = Mpirun.Run(kind, 4, [.. tiny.LanguageModelTraining(tiny.LanguageModels),
                "--threads", "1"]);
            Assert.True(run.ExitCode == 1, $"{run.ExitCode}: {run.Error}");
            Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
            Assert.Contains("already holds a model", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void DevicesShowsRanks(string kind)
    {
        var shown = Mpirun.Run(kind, 2, "devices");
        Assert.Equal(0, shown.ExitCode);
        foreach (var rank in new[] { 0, 1 })
            Assert.Contains($"rank {rank} of 2, {rank} of this machine", shown.Output, StringComparison.Ordinal);
        // The devices of their machine are shown once.
        Assert.Equal(2, shown.Output.Split("compiled kernels are kept").Length);
        var json = Mpirun.Run(kind, 2, "devices", "--json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] == '{').Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["ranks"]!);
        Assert.Equal([0, 1], json.Select(one => (int)one["rank"]!).Order());
        var other = kind == "mpich" ? "libmpi.so.40" : "libmpich.so.12";
        Assert.Contains(": not the ", Mpirun.RunWith(kind, [("LDNET_MPI_LIBRARY", other)], (1, ["devices"])).Output,
            StringComparison.Ordinal);
        Assert.Contains("none: neither mpirun", Ldnet.Run("devices").Succeeded().Output, StringComparison.Ordinal);
    }

    string State(string folder) => Path.Combine(tiny.PathOf(folder), "training.safetensors");
}
