using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Cuda.Ptx;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Tests;

/// <summary>
/// Every kernel's CUDA text compiles to PTX without a GPU. Local arrays that no register holds are reported; large ones
/// fail, for each access goes to memory. With them the kernels that keep the most registers are listed, in an
/// attachment of the test and in registers-80.txt and registers-90.txt beside it.
/// </summary>
public sealed class PtxTests : IDisposable
{
    const int LargestLocalBytes = 64;

    // A lane has at most 255 registers; from a fair part of them on the assembler may spill.
    const int LargestRegisters = 200, Listed = 10;

    // As many tags as a warp's kernel takes.
    const int Tags = 32;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ptx");

    sealed record Use(KernelInstance Kernel, PtxCounts Counts);

    [Theory, InlineData(80), InlineData(90)]
    public async Task EveryKernelCompilesAndKeepsItsVariablesInRegisters(int computeCapability)
    {
        var uses = Compile(KernelCatalog.All, computeCapability, kernel => KernelSpecializations.Typical(kernel, Tags));
        var report = Report(uses);
        TestContext.Current.AddAttachment($"registers-{computeCapability}.txt", report);
        var file = Path.Combine(AppContext.BaseDirectory, $"registers-{computeCapability}.txt");
        await File.WriteAllTextAsync(file, report, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(uses, use => use.Counts.BusiestRegisters > LargestRegisters);
        Assert.DoesNotContain(uses, use => use.Counts.IsRecursive);
    }

    [Theory, InlineData(GemmKind.NT, ProductOperand.A), InlineData(GemmKind.TN, ProductOperand.B)]
    public void ProductsThatDropAnOperandKeepTheirVariablesInRegisters(GemmKind kind, ProductOperand operand) =>
        Compile(
            [.. KernelCatalog.All
                .Where(kernel => kernel.Name.Contains("GemmKernels.Multiply", StringComparison.Ordinal))],
            80, kernel => [(int)kind, .. KernelSpecializations.Typical(kernel, Tags)[1..^1], (int)operand]);

    public void Dispose() => folder.Delete(recursive: true);

    List<Use> Compile(IReadOnlyList<KernelInstance> kernels, int computeCapability, Func<KernelInstance, int[]> values)
    {
        var (clang, missing) = ClangCompiler.Find(new CompiledKernelCache(folder.FullName));
        if (clang is null)
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, missing);
            Assert.Skip(missing!);
        }
        var problems = new List<string>();
        var uses = new List<Use>();
        Parallel.ForEach(kernels, kernel =>
        {
            var (counts, problem) = Count(clang, kernel, computeCapability, values(kernel));
            lock (problems)
            {
                if (counts is null) problems.Add(problem!);
                else uses.Add(new(kernel, counts));
            }
        });
        problems.AddRange(uses.Where(use => use.Counts.LocalBytes > LargestLocalBytes).Select(Line));
        Assert.True(problems.Count == 0, string.Join("\n", problems));
        return uses;
    }

    static (PtxCounts? Counts, string? Problem) Count(ClangCompiler clang, KernelInstance kernel, int computeCapability,
        int[] values)
    {
        try
        {
            return (PtxCounts.Of(clang.Compile(kernel, computeCapability, values)), null);
        }
        catch (UserException error)
        {
            return (null, error.Message);
        }
    }

    static string Report(IReadOnlyList<Use> uses)
    {
        var listed = uses.Where(use => use.Counts.LocalBytes > 0)
            .Concat(uses.OrderByDescending(use => use.Counts.BusiestRegisters).Take(Listed)).Distinct();
        return string.Concat(listed.OrderByDescending(use => use.Counts.BusiestRegisters)
            .Select(use => Line(use) + "\n"));
    }

    static string Line(Use use) =>
        $"{use.Counts.BusiestRegisters,4} registers, {use.Counts.LocalBytes} bytes of local memory: " +
        $"{use.Kernel.Name} ({use.Kernel.File}:{use.Kernel.Line})";
}
