using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// Ranks that torchrun's variables describe, on emulated GPUs, whose gradients the emulator's NCCL adds: what one
/// process trains, to rounding, and the ways in which they end.
/// </summary>
public sealed class NcclTrainingTests
{
    static readonly TimeSpan Bearable = TimeSpan.FromSeconds(30);

    readonly TinyModels tiny;

    public NcclTrainingTests(TinyModels tiny)
    {
        if (CudaEmulation.WhyNot is { } reason) Assert.Skip(reason);
        this.tiny = tiny;
    }

    [Fact]
    public void TwoAndThreeRanksTrainWhatOneProcessTrains()
    {
        Ldnet.Run(Training("one", "cpu")).Succeeded();
        foreach (var name in new[] { "two", "again" })
        {
            var ended = Finish(Start(2, Training(name, "cuda")));
            Assert.All(ended, rank => Assert.True(rank.ExitCode == 0, rank.Error));
            Assert.Contains("2 ranks, TCP and NCCL 2.27.3", ended[0].Error, StringComparison.Ordinal);
            // Rank 0 alone speaks.
            Assert.Equal("", ended[1].Output + ended[1].Error);
        }
        Assert.All(Finish(Start(3, [.. Training("three", "cuda"), "--shard-optimizer", "--bucket", "0.002"])),
            rank => Assert.True(rank.ExitCode == 0, rank.Error));
        Assert.Equal(File.ReadAllBytes(State("two")), File.ReadAllBytes(State("again")));
        SameTensors.ToRounding(State("one"), State("two"), 1e-4);
        SameTensors.ToRounding(State("one"), State("three"), 1e-4);
    }

    [Fact]
    public void ARankThatIsKilledEndsTheOthersWithOneMessage()
    {
        var ranks = Start(3, [.. Training("killed", "cuda"), "--set", "epoch_batches=1", "--set", "max_tokens=0"]);
        for (var clock = Stopwatch.StartNew(); !File.Exists(tiny.PathOf("nccl-killed/forward/metrics.jsonl"));)
        {
            if (clock.Elapsed > Bearable || ranks[0].Process.HasExited) break;
            Thread.Sleep(20);
        }
        ranks[1].Process.Kill();
        var ended = Finish(ranks);
        Assert.Equal([1, 1], [ended[0].ExitCode, ended[2].ExitCode]);
        Assert.Contains("error: rank 1: its process has ended", ended[0].Error, StringComparison.Ordinal);
        Assert.Equal("", ended[2].Error);
        Assert.DoesNotContain("   at ", ended[0].Error, StringComparison.Ordinal);
    }

    /// <summary>Under mpirun: NCCL where each rank has a GPU, else MPI.</summary>
    [Theory, InlineData("cuda", true), InlineData("cuda:0", false)]
    public void MpiLeavesGradientsToNcclWhereEachRankHasAGpu(string device, bool isNccl)
    {
        var name = $"mpi-{isNccl}";
        var ended = Mpirun.RunWith("mpich", Emulated, (2, Training(name, device)));
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("2 ranks, MPICH", ended.Error, StringComparison.Ordinal);
        Assert.Equal(isNccl, ended.Error.Contains(" and NCCL 2.27.3", StringComparison.Ordinal));
        Ldnet.Run(Training($"{name}-one", "cpu")).Succeeded();
        SameTensors.ToRounding(State($"{name}-one"), State(name), 1e-4);
    }

    [Fact]
    public void RanksThatShareAGpuAreNamed()
    {
        var ended = Finish(Start(2, Training("shared", "cuda:0")));
        Assert.Equal([1, 1], ended.Select(rank => rank.ExitCode));
        Assert.Contains("error: rank 1 and rank 0 compute on one GPU, GPU-", ended[0].Error, StringComparison.Ordinal);
        Assert.Equal("", ended[1].Error);
        Assert.False(Directory.Exists(tiny.PathOf("nccl-shared")));
    }

    [Fact]
    public void AnotherNcclIsNamed()
    {
        var ended = Finish(Start(2, Training("versions", "cuda"), rank => [("EMU_NCCL_VERSION", $"{22703 + rank}")]));
        Assert.Contains("error: rank 1 was started with another NCCL than rank 0: 2.27.4 there, 2.27.3 here",
            ended[0].Error, StringComparison.Ordinal);
        Assert.Equal([1, 1], ended.Select(rank => rank.ExitCode));
    }

    [Fact]
    public void WithoutNcclThePlacesAreNamed()
    {
        (string, string)[] alone = [.. Emulated, ("RANK", "0"), ("WORLD_SIZE", "2")];
        LdnetProcess.RunWith([.. alone, ("LDNET_NCCL_LIBRARY", "/nowhere/libnccl.so.2")], Training("none", "cuda"))
            .Failed(1, "/nowhere/libnccl.so.2: no such file", "LDNET_NCCL_LIBRARY");
        LdnetProcess.RunWith(alone, Training("none", "cuda")).Failed(1, "MASTER_ADDR is not", "mpirun");
        Assert.Contains($"NCCL: {Path.Combine(CudaEmulation.Folder, "libnccl.so.2")}, 2.27.3",
            LdnetProcess.RunWith(Emulated, "devices").Output, StringComparison.Ordinal);
    }

    static (string Name, string Value)[] Emulated { get; } =
    [
        .. new[]
        {
            ("LDNET_CUDA_LIBRARY", "libcuda.so.1"), ("LDNET_NVRTC_LIBRARY", "libnvrtc.so.13"),
            ("LDNET_CUBLAS_LIBRARY", "libcublas.so.13"), ("LDNET_NCCL_LIBRARY", "libnccl.so.2"),
        }.Select(one => (one.Item1, Path.Combine(CudaEmulation.Folder, one.Item2))), ("EMU_DEVICES", "3"),
        ("LDNET_KERNEL_CACHE", CudaEmulation.KernelCache),
    ];

    string[] Training(string name, string device) =>
    [
        .. tiny.LanguageModelTraining(tiny.PathOf($"nccl-{name}"), "--direction", "forward", "--device", device),
        .. new[] { "layers=1", "epoch_batches=3", "max_tokens=240", "max_epochs=100000", "patience=100000" }
            .SelectMany(setting => new[] { "--set", setting }),
    ];

    string State(string name) => tiny.PathOf($"nccl-{name}/forward/training.safetensors");

    static (Process Process, Task<string> Output, Task<string> Error)[] Start(int size, string[] arguments,
        Func<int, (string, string)[]>? more = null)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        return [.. Enumerable.Range(0, size).Select(rank =>
        {
            var process = LdnetProcess.StartWith([.. Emulated, ("RANK", $"{rank}"), ("LOCAL_RANK", $"{rank}"),
                ("WORLD_SIZE", $"{size}"), ("MASTER_ADDR", "127.0.0.1"), ("MASTER_PORT", $"{port}"),
                .. more?.Invoke(rank) ?? []], arguments);
            return (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        })];
    }

    static LdnetProcess[] Finish((Process Process, Task<string> Output, Task<string> Error)[] ranks)
    {
        var clock = Stopwatch.StartNew();
        foreach (var (process, _, _) in ranks)
        {
            if (process.WaitForExit(Bearable - clock.Elapsed is var left && left > TimeSpan.Zero ? left : default))
                continue;
            foreach (var (other, _, _) in ranks) other.Kill();
            Assert.Fail($"The ranks did not end within {Bearable}: "
                + string.Concat(ranks.Select(rank => rank.Error.Result)));
        }
        return [.. ranks.Select(rank => new LdnetProcess(rank.Process.ExitCode, rank.Output.Result,
            rank.Error.Result))];
    }
}
