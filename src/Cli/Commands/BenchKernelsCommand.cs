using System.CommandLine;
using System.Numerics;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Cli.Benchmarks;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet bench kernels</c>: how fast each operation is on a device, beside what the device could do.
/// </summary>
sealed class BenchKernelsCommand : CliCommand
{
    readonly Option<string[]> only = new("--only")
    {
        Description = "Rows whose name contains this; may be repeated. Floors are measured always.", HelpName = "TEXT",
    };
    readonly Option<string> precision = new("--dtype") { Description = "float or double.", HelpName = "NAME",
        DefaultValueFactory = _ => "float" };
    readonly Option<string?> sizes =
        new("--sizes") { Description = "full, small or tiny; by default what suits the device.", HelpName = "NAME" };
    readonly Option<double> limit =
        NumberOption.Of("--limit", "Seconds after which no row is begun; the rest is listed as cut.", 3600.0, 0.0, 1e6);
    readonly Option<double> noise = NumberOption.Of("--noise",
        "Calls of a row end when its median is known this well (half its 95 % interval, as a share), or after 0.5 s.",
        0.02, 0.0, 1.0);
    readonly Option<bool> cold = new("--cold")
    {
        Description = "Times each row with other memory in the caches, too: 128 MiB are written before each call.",
    };

    public BenchKernelsCommand() : base("kernels",
        "Times every operation on --device: µs, GB/s, TFLOP/s, and the share of what copies and matrix products reach "
        + "in the same run.")
    {
        precision.AcceptOnlyFromAmong("float", "double");
        sizes.AcceptOnlyFromAmong([.. BenchSizes.All.Select(known => known.Name)]);
        Examples =
        [
            ("ldnet bench kernels --device cuda",
                "Every row on the GPU, cuBLAS's matrix products among them, by both compilers."),
            ("ldnet bench kernels --device cuda --math tf32",
                "The same with matrix products on tensor cores, and floors of cuBLAS's there."),
            ("ldnet bench kernels --device cuda --only lstm --only gemm --json", "Some, for a script."),
            ("ldnet bench kernels --device cuda --cold --noise 0.005 --json",
                "For a comparison: cold caches too, medians known to half a percent."),
        ];
        Notes = """
            Time is the median of calls by the device's own events, after calls that compile and warm up; ± says how well it is known. Bytes count each operand and result once, FLOPs the matrix products.
            The floor is the larger one of bytes at the rate of the fastest copy and FLOPs at that of the fastest matrix product, ours or cuBLAS's, of the same run.
            On cuda ILGPU's kernels are timed beside the text's, in the same context; --compiler takes one of the two. Tensor cores and loads of 16 bytes are the
            text's alone: ILGPU runs the portable kernel of such a row ('ldnet kernels list').
            With --json each call's time and what it was measured on are kept, which 'ldnet bench compare' lays beside other machines'. On NVIDIA's GPUs NVML,
            where it is found, tells driver, clocks, temperature and throttling. The managed device and emulated GPUs have no caches: --cold does nothing there.
            Exit code 1 when a row fails; the others are measured all the same. The managed device runs tiny operands, processors that run OpenCL small ones.
            """;
        Add(only);
        Add(precision);
        Add(sizes);
        Add(limit);
        Add(noise);
        Add(cold);
    }

    protected override int Execute(CommandContext context)
    {
        var report = context.Value(precision) == "float" ? Run<float>(context) : Run<double>(context);
        context.Report(report.ToJson(), report.Write);
        return report.HasProblem ? ExitCode.UserFault : ExitCode.Success;
    }

    KernelReport Run<T>(CommandContext context) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var chosen = context.Value(sizes) is { } name
            ? BenchSizes.All.First(known => known.Name == name) : BenchSizes.For(context.Device);
        var parts = context.Value(only) ?? [];
        bool Wanted(string row) => parts.Length == 0
            || parts.Any(part => row.Contains(part, StringComparison.OrdinalIgnoreCase));
        using var byIlgpu = context.Compiler == KernelCompiler.Auto
            && context.Device is NvidiaDevice { Compiler: KernelCompiler.Text } cuda
            ? new NvidiaDevice(cuda.Accelerator, KernelCompiler.Ilgpu)
            : null;
        return new KernelBenchmark<T>(DeviceChoice.BackendOf<T>(context.Device, context.Math),
            byIlgpu is null ? null : new GpuBackend<T>(byIlgpu), chosen, Wanted,
            new(context.Value(noise), context.Value(cold) && BenchSizes.For(context.Device) != BenchSizes.Tiny,
                TimeSpan.FromSeconds(context.Value(limit)))).Run(context);
    }
}
