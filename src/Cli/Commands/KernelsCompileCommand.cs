using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// <c>ldnet kernels compile</c>: every kernel into the cache, on all cores, so that no later run waits for the
/// compiler.
/// </summary>
sealed class KernelsCompileCommand : CliCommand
{
    readonly Option<string> precision = new("--dtype") { Description = "float, double or all.", HelpName = "NAME",
        DefaultValueFactory = _ => "all" };

    readonly Option<int[]> tags = new("--tags")
    {
        Description = "Sizes of tag sets, start and end tags counted, for which the CRF's kernels are compiled; 19 is "
            + "CoNLL03 in IOBES.",
        HelpName = "N", DefaultValueFactory = _ => [19], AllowMultipleArgumentsPerToken = true,
    };
    readonly Option<double> limit = NumberOption.Of("--limit",
        "Seconds after which no kernel is begun; the rest compiles when first launched.", 3600.0, 0.0, 1e6);

    public KernelsCompileCommand()
        : base("compile",
            "Compiles every kernel ahead for --device cuda, on all cores, into the cache that later runs look in.")
    {
        precision.AcceptOnlyFromAmong("float", "double", "all");
        Examples =
        [
            ("ldnet kernels compile --device cuda",
                "Every kernel, for every specialised value that the operations pass."),
            ("ldnet kernels compile --device cuda --dtype float --tags 11 19",
                "What training needs for tag sets of 9 and of 17 tags."),
            ("ldnet kernels compile --device cuda --compiler ilgpu", "By ILGPU, where there is no NVRTC."),
            ("ldnet kernels compile --device cuda --json", "The same for a script."),
        ];
        Notes = $"""
            Needs NVRTC, or takes ILGPU, and of the driver only the GPU's compute capability. --threads bounds the cores; ILGPU compiles one kernel at a time.
            Exit code 1 when a kernel does not compile; the others are compiled all the same.
            {CompiledKernelCache.Variable} is the folder of compiled kernels. NVRTC compiles side by side from CUDA 12.3 on; older ones mostly in turn.
            """;
        Add(precision);
        Add(tags);
        Add(limit);
    }

    /// <summary>One compilation: a kernel and its specialised values.</summary>
    sealed record Job(KernelInstance Kernel, int[] Values)
    {
        public override string ToString() => Values.Length == 0
            ? Kernel.Name : $"{Kernel.Name}({string.Join(", ", Values)})";
    }

    /// <param name="Failed">By job, the compiler's words with C# lines.</param>
    /// <param name="Cut">Jobs that were not begun, for the time was up.</param>
    sealed record Outcome(
        CudaKernelCompiler Compiler, int Kernels, int Jobs, IReadOnlyList<(string Job, string Problem)> Failed, int Cut,
        int Threads, double Seconds)
    {
        public int Compiled => Jobs - Failed.Count - Cut - Compiler.FoundInCache;
    }

    protected override int Execute(CommandContext context)
    {
        var choice = DeviceChoice.Parse(context.Value(GlobalOptions.Device))!;
        if (choice.Kind != "cuda")
            throw new UserException(
                $"--device {choice.Kind}: kernels are compiled ahead for cuda only. Give --device cuda; " +
                "opencl compiles each kernel when it is first launched.");
        var gpu = CudaDriver.Choose(choice.Index);
        var cache = CompiledKernelCache.Default();
        using var compiler = new CudaKernelCompiler(gpu, context.Compiler, cache);
        var outcome = Compile(context, gpu, compiler);
        context.Report(ToJson(gpu, cache, outcome), output => Write(gpu, cache, outcome, output));
        if (cache.Problem is { } problem)
            throw new UserException(
                $"{cache.Folder}: compiled kernels cannot be kept: {problem} Set {CompiledKernelCache.Variable} to "
                + "another folder.");
        return outcome.Failed.Count == 0 ? ExitCode.Success : ExitCode.UserFault;
    }

    Outcome Compile(CommandContext context, CudaDeviceInfo gpu, CudaKernelCompiler compiler)
    {
        var jobs = Jobs(context, new()
        {
            SupportsDouble = true, HasWarpOperations = true, HasCooperativeLaunch = gpu.HasCooperativeLaunch,
            ComputeCapability = gpu.ComputeCapability,
            CompilesText = compiler.Kind == KernelCompiler.Text,
        });
        var threads = context.Threads == 0 ? Environment.ProcessorCount : context.Threads;
        var failed = new ConcurrentBag<(string, string)>();
        var cut = 0;
        var clock = Stopwatch.StartNew();
        using var progress = context.StartProgress($"kernels for {compiler.Architecture}", jobs.Length, "kernels");
        Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering),
            new() { MaxDegreeOfParallelism = threads }, job =>
        {
            if (context.Cancellation.IsCancellationRequested || clock.Elapsed.TotalSeconds >= context.Value(limit))
            {
                Interlocked.Increment(ref cut);
                return;
            }
            try
            {
                compiler.Prepare(job.Kernel, job.Values);
            }
            catch (UserException error)
            {
                failed.Add((job.ToString(), Advice.After(error)));
            }
            lock (progress) progress.Advance(1, job.ToString());
        });
        context.Cancellation.ThrowIfCancellationRequested();
        return new(compiler, jobs.Select(job => job.Kernel).Distinct().Count(), jobs.Length,
            [.. failed.OrderBy(failure => failure.Item1, StringComparer.Ordinal)], cut, threads,
            clock.Elapsed.TotalSeconds);
    }

    // Kernels with many values last: where the time is up, the most kernels are ready.
    Job[] Jobs(CommandContext context, GpuCapabilities gpu) =>
    [
        .. KernelCatalog.All.Where(kernel => gpu.Missing(kernel.Requires) == KernelRequirements.None
            && IsWanted(kernel, context.Value(precision)))
            .Select(kernel => (Kernel: kernel, Values: KernelSpecializations.Of(kernel, context.Value(tags)).ToArray()))
            .OrderBy(kernel => kernel.Values.Length)
            .SelectMany(kernel => kernel.Values.Select(values => new Job(kernel.Kernel, values))),
    ];

    // A generic kernel is of the precision in its name; another one of that of its operands, or of both.
    static bool IsWanted(KernelInstance kernel, string precision)
    {
        if (precision == "all") return true;
        var other = precision == "float" ? "double" : "float";
        return kernel.Name.Contains('<', StringComparison.Ordinal)
            ? !kernel.Name.Contains(other, StringComparison.Ordinal)
            : kernel.Parameters.All(parameter => parameter.Type != other);
    }

    static JsonObject ToJson(CudaDeviceInfo gpu, CompiledKernelCache cache, Outcome outcome) => new()
    {
        ["device"] = gpu.ToString(),
        ["architecture"] = outcome.Compiler.Architecture,
        ["compiler"] = outcome.Compiler.Name,
        ["compiler_version"] = outcome.Compiler.Version,
        ["compiler_place"] = outcome.Compiler.Place,
        ["kernel_cache"] = cache.Folder,
        ["kernels"] = outcome.Kernels,
        ["instances"] = outcome.Jobs,
        ["compiled"] = outcome.Compiled,
        ["found_in_cache"] = outcome.Compiler.FoundInCache,
        ["cut"] = outcome.Cut,
        ["threads"] = outcome.Threads,
        ["seconds"] = Math.Round(outcome.Seconds, 1),
        ["failed"] = new JsonArray(
            [.. outcome.Failed.Select(
                failure => (JsonNode)new JsonObject { ["kernel"] = failure.Job, ["problem"] = failure.Problem })]),
    };

    static void Write(CudaDeviceInfo gpu, CompiledKernelCache cache, Outcome outcome, TextWriter output)
    {
        output.WriteLine($"{gpu}: {outcome.Compiler}");
        output.WriteLine($"{outcome.Kernels} kernels in {outcome.Jobs} instances: {outcome.Compiled} compiled, " +
            $"{outcome.Compiler.FoundInCache} found in {cache.Folder}, " +
            $"{outcome.Failed.Count} failed, {outcome.Cut} left for want of time; {outcome.Seconds:f1} s "
            + $"on {outcome.Threads} threads.");
        foreach (var (job, problem) in outcome.Failed) output.WriteLine($"{job}: {problem}");
    }
}
