using BenchmarkDotNet.Attributes;
using LdNetGpu.Autograd;
using LdNetGpu.Bench.Torch;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using TorchSharp;

namespace LdNetGpu.Bench;

/// <summary>A row of the headline table, ours and libtorch's: <see cref="WorkList"/> has them.</summary>
/// <remarks>What is not here has an empty row, and its setup says why.</remarks>
public abstract class RowBenchmark
{
    TensorScope? scope;
    CpuDevice? device;
    Action call = () => { };

    /// <summary>Threads of either side: the processor's, or as LDNET_BENCH_THREADS says.</summary>
    public static int Threads { get; } = Environment.GetEnvironmentVariable("LDNET_BENCH_THREADS") is { } text
        ? int.Parse(text)
        : Environment.ProcessorCount;

    /// <summary>The row's name.</summary>
    public abstract string Row { get; set; }

    internal static Work Work(string row) =>
        WorkList.Groups.SelectMany(group => group.Rows).Single(work => work.Name == row);

    [GlobalSetup(Target = nameof(Ours))]
    public void PrepareOurs()
    {
        device = new(Threads);
        scope = new();
        call = Work(Row).Prepare(new CpuBackend<float>(device));
    }

    [GlobalSetup(Target = nameof(LibTorch))]
    public void PrepareLibTorch()
    {
        try
        {
            torch.set_num_threads(Threads);
        }
        catch (Exception error)
            when (error is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            throw new NotSupportedException(
                "libtorch is not here: build with -p:LibTorch=true; bench/README.md says what it needs.", error);
        }
        torch.manual_seed(0);
        var prepared = Rows.Prepare(Work(Row).PeerName);
        call = () =>
        {
            using var step = torch.NewDisposeScope();
            prepared();
        };
    }

    [GlobalCleanup(Target = nameof(Ours))]
    public void Close()
    {
        scope?.Dispose();
        device?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Ours() => call();

    [Benchmark]
    public void LibTorch() => call();
}

/// <summary>LSTM layers, dense stacks and the CRF: forward, and with gradients.</summary>
public class Operations : RowBenchmark
{
    [ParamsSource(nameof(Names))]
    public override string Row { get; set; } = "";

    public static IEnumerable<string> Names => WorkList.Groups.Where(group => group.Name is "lstm" or "dense" or "crf")
        .SelectMany(group => group.Rows).Select(work => work.Name);
}

/// <summary>The whole tagger: decoding, and training steps.</summary>
public class Steps : RowBenchmark
{
    [ParamsSource(nameof(Names))]
    public override string Row { get; set; } = "";

    public static IEnumerable<string> Names => WorkList.Groups.Where(group => group.Name is "infer" or "train")
        .SelectMany(group => group.Rows).Select(work => work.Name);
}
