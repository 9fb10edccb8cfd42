using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;

namespace FusedOperation.Benchmarks;

/// <summary>
/// The fused operation beside the same of the library's own: forward, and forward with both gradients, in float. Each
/// call waits for the device, so that the work is timed and not its launch.
/// </summary>
[MemoryDiagnoser, GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory), CategoriesColumn]
public class SwiGluBenchmark
{
    GpuDevice device = null!;
    GpuBackend<float> backend = null!;
    TensorScope scope = null!;
    Tensor<float> a = null!, b = null!;

    /// <summary>LDNET_DEVICE: cuda, opencl, or the simulator, whose times say nothing of a GPU's.</summary>
    static string DeviceName => Environment.GetEnvironmentVariable("LDNET_DEVICE") ?? "managed";

    /// <summary>Rows of 1,024 elements; a few for the simulator.</summary>
    [ParamsSource(nameof(RowCounts))]
    public int Rows { get; set; }

    public static IEnumerable<int> RowCounts => DeviceName == "managed" ? [4] : [64, 4096];

    [GlobalSetup]
    public void Open()
    {
        device = GpuDevice.Open(DeviceName);
        Console.WriteLine($"// device: {device.Description}");
        backend = new(device);
        scope = new();
        var random = new Random(1);
        a = Leaf();
        b = Leaf();

        Tensor<float> Leaf()
        {
            var values = new float[Rows * 1024];
            foreach (ref var value in values.AsSpan()) value = random.NextSingle() * 4 - 2;
            var tensor = Tensor.From(backend, values, new Shape(Rows, 1024));
            tensor.RequiresGradient = true;
            return tensor;
        }
    }

    [GlobalCleanup]
    public void Close()
    {
        scope.Dispose();
        device.Dispose();
    }

    [Benchmark, BenchmarkCategory("forward")]
    public void FusedForward() => Forward(() => a.SwiGlu(b));

    [Benchmark(Baseline = true), BenchmarkCategory("forward")]
    public void ComposedForward() => Forward(Composed);

    [Benchmark, BenchmarkCategory("with gradients")]
    public void FusedWithGradients() => WithGradients(() => a.SwiGlu(b));

    [Benchmark(Baseline = true), BenchmarkCategory("with gradients")]
    public void ComposedWithGradients() => WithGradients(Composed);

    Tensor<float> Composed() => a.Multiply(a.Map(Unary.Sigmoid)).Multiply(b);

    void Forward(Func<Tensor<float>> operation)
    {
        using var step = new TensorScope();
        operation();
        device.Synchronize();
    }

    void WithGradients(Func<Tensor<float>> operation)
    {
        using var step = new TensorScope();
        using var tape = new Tape<float>();
        a.ClearGradient();
        b.ClearGradient();
        tape.Backward(operation().Sum());
        device.Synchronize();
    }
}
