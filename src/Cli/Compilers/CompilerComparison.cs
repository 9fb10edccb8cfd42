using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Compilers;

/// <summary>Kernels for one architecture by two compilers, in the order of their names.</summary>
/// <param name="Architecture">As <c>sm_90</c>.</param>
sealed record CompilerComparison(string Architecture, IReadOnlyList<KernelComparison> Kernels)
{
    /// <summary>A driver for CUDA 13.0 takes the newest PTX that ILGPU writes.</summary>
    public const int DriverVersion = 13000;

    /// <summary>CoNLL03 in IOBES, start and end counted.</summary>
    public const int Tags = 19;

    /// <summary>Compiles them all, or finds them in the cache, side by side.</summary>
    /// <param name="clang">Null where clang is not here; ILGPU's half is made all the same.</param>
    public static CompilerComparison Run(
        CommandContext context, IReadOnlyList<KernelInstance> kernels, int computeCapability, ClangCompiler? clang,
        CompiledKernelCache cache)
    {
        using var ilgpu = new IlgpuCompiler(computeCapability, DriverVersion, cache);
        using var progress = context.StartProgress($"kernels for {ilgpu.Architecture}", kernels.Count, "kernels");
        var threads = context.Threads == 0 ? Environment.ProcessorCount : context.Threads;
        var compared = new KernelComparison[kernels.Count];
        Parallel.For(0, kernels.Count, new() { MaxDegreeOfParallelism = threads }, (i, loop) =>
        {
            if (context.Cancellation.IsCancellationRequested) loop.Stop();
            var (kernel, values) = (kernels[i], KernelSpecializations.Typical(kernels[i], Tags));
            compared[i] =
                new(kernel, values, Ilgpu(ilgpu, kernel, values), Text(clang, computeCapability, kernel, values));
            lock (progress) progress.Advance(1, kernel.Name);
        });
        context.Cancellation.ThrowIfCancellationRequested();
        return new(ilgpu.Architecture, compared);
    }

    /// <summary>Whether each compiler's figures, or its problem, are those that it has in another comparison.</summary>
    public bool HasFiguresOf(CompilerComparison other) => Kernels.Select(Figures).SequenceEqual(
        other.Kernels.Select(Figures));

    static (CompilerResult, CompilerResult) Figures(KernelComparison one) =>
        (one.Ilgpu with { Target = null }, one.Text with { Target = null });

    static CompilerResult Ilgpu(IlgpuCompiler compiler, KernelInstance kernel, int[] values) =>
        (kernel.Requires & KernelRequirements.TextOnly) is var missing && missing != KernelRequirements.None
            ? CompilerResult.Without($"text only: {missing}")
            : CompilerResult.Of(() => compiler.Compile(kernel, values));

    static CompilerResult Text(ClangCompiler? compiler, int computeCapability, KernelInstance kernel, int[] values) =>
        compiler is null
        ? CompilerResult.Without("no clang")
        : CompilerResult.Of(() => compiler.Compile(kernel, computeCapability, values));
}
