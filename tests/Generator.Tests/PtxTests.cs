using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// Every kernel's CUDA text compiles to PTX without a GPU, the kernels of a C# file at once. Local arrays that no register holds are
/// reported; large ones fail, for each access goes to memory. With them the kernels that keep the most registers are listed, in an attachment of the
/// test and in registers-sm_80.txt and registers-sm_90a.txt beside it.
/// </summary>
public sealed class PtxTests
{
    // A specialised value only has to be some value; 64 is a group size and a tile width.
    const int Specialized = 64;

    const int LargestLocalBytes = 64;

    // A lane has at most 255 registers; from a fair part of them on the assembler may spill.
    const int LargestRegisters = 200, Listed = 10;

    /// <summary>What one kernel needs of a multiprocessor.</summary>
    /// <param name="LocalBytes">Of a lane, for arrays that no register holds.</param>
    /// <param name="Registers">Of a lane, of 32 bits, at its busiest place.</param>
    sealed record Use(KernelInstance Kernel, int LocalBytes, int Registers);

    // What the launches pass, where it decides how the kernel is compiled.
    static readonly Dictionary<string, string> Values = new()
    {
        ["GemmKernels.Multiply SPEC_kind"] = "0",
        ["GemmKernels.Multiply SPEC_rowsPerLane"] = "4",
        ["GemmKernels.Multiply SPEC_dropped"] = "0",
        ["TensorCoreGemmKernels.Multiply SPEC_kind"] = "2",
        ["TensorCoreGemmKernels.Multiply SPEC_products"] = "3",
        ["TensorCoreGemmKernels.Multiply SPEC_rowTiles"] = "4",
        ["TensorCoreGemmKernels.Multiply SPEC_warpColumns"] = "4",
        ["TensorCoreGemmKernels.Multiply SPEC_leftWidth"] = "4",
        ["TensorCoreGemmKernels.Multiply SPEC_rightWidth"] = "1",
        ["TensorCoreGemmKernels.Multiply SPEC_dropped"] = "0",
        ["WarpCrfKernels.Forward SPEC_tags"] = "32",
        ["WarpCrfKernels.Backward SPEC_tags"] = "32",
        ["WarpViterbiKernels.Decode SPEC_tags"] = "32",
    };

    [Theory, InlineData("sm_80"), InlineData("sm_90a")]
    public async Task EveryKernelCompilesAndKeepsItsVariablesInRegisters(string architecture)
    {
        var uses = await Compile(KernelCatalog.All, architecture, Values);
        var report = Report(uses);
        TestContext.Current.AddAttachment($"registers-{architecture}.txt", report);
        await File.WriteAllTextAsync(Path.Combine(AppContext.BaseDirectory, $"registers-{architecture}.txt"), report, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(uses, use => use.Registers > LargestRegisters);
    }

    [Theory, InlineData("1", "1"), InlineData("2", "2")]
    public Task ProductsThatDropAnOperandKeepTheirVariablesInRegisters(string kind, string operand) => Compile(
        [.. KernelCatalog.All.Where(kernel => kernel.Name.Contains("GemmKernels.Multiply", StringComparison.Ordinal))], "sm_80",
        Values.ToDictionary(entry => entry.Key, entry =>
            entry.Key.EndsWith("SPEC_dropped", StringComparison.Ordinal) ? operand
            : entry.Key.EndsWith("SPEC_kind", StringComparison.Ordinal) ? kind
            : entry.Value));

    static async Task<IReadOnlyList<Use>> Compile(IReadOnlyList<KernelInstance> all, string architecture, Dictionary<string, string> values)
    {
        if (!File.Exists("/usr/bin/clang-19"))
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, "clang-19 is not installed: CI needs it.");
            Assert.Skip("clang-19 is not installed (apt-get install clang-19).");
        }
        var folder = Directory.CreateTempSubdirectory("ptx");
        try
        {
            var problems = new List<string>();
            var uses = new List<Use>();
            await Parallel.ForEachAsync(all.GroupBy(kernel => kernel.File), async (kernels, _) =>
            {
                var source = Path.Combine(folder.FullName, Path.GetFileNameWithoutExtension(kernels.Key) + ".cu");
                await File.WriteAllTextAsync(source, Text([.. kernels], values), CancellationToken.None);
                var (exit, log) = await Clang(source, architecture);
                var ptx = exit == 0 ? await File.ReadAllTextAsync(source + ".ptx", CancellationToken.None) : "";
                lock (problems)
                {
                    if (exit != 0) problems.Add($"{kernels.Key}: {log}");
                    else uses.AddRange(kernels.Select(kernel => Examine(kernel, ptx)).OfType<Use>());
                }
            });
            problems.AddRange(uses.Where(use => use.LocalBytes > LargestLocalBytes).Select(Line));
            Assert.True(problems.Count == 0, string.Join("\n", problems));
            Assert.Equal(all.Count, uses.Count);
            return uses;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task AnArrayThatNoRegisterHoldsIsFound()
    {
        if (!File.Exists("/usr/bin/clang-19")) Assert.Skip("clang-19 is not installed (apt-get install clang-19).");
        var folder = Directory.CreateTempSubdirectory("ptx");
        var source = Path.Combine(folder.FullName, "spill.cu");
        await File.WriteAllTextAsync(source, ClangPrelude.Text + CudaPrelude.Text
            + "extern \"C\" __global__ void Spill(float* x, int n) { float held[50]; for (int i = 0; i < 50; i++) held[i] = x[i]; x[0] = held[n]; }\n"
            + "extern \"C\" __global__ void Hold(float* x) { float held[2]; for (int i = 0; i < 2; i++) held[i] = x[i]; x[0] = held[1]; }\n",
            TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await Clang(source, "sm_80"));
        var ptx = await File.ReadAllTextAsync(source + ".ptx", TestContext.Current.CancellationToken);
        Assert.Equal(200, LocalBytes(Body("Spill", ptx)!));
        Assert.Equal(0, LocalBytes(Body("Hold", ptx)!));
        Assert.Null(Body("Other", ptx));
        folder.Delete(recursive: true);
    }

    // Null where the kernel's entry point is not in the PTX.
    static Use? Examine(KernelInstance kernel, string ptx) => Body(kernel.Entry, ptx) is { } body
        ? new(kernel, LocalBytes(body), PtxRegisters.Busiest(body))
        : null;

    static string Report(IReadOnlyList<Use> uses)
    {
        var listed = uses.Where(use => use.LocalBytes > 0).Concat(uses.OrderByDescending(use => use.Registers).Take(Listed)).Distinct();
        return string.Concat(listed.OrderByDescending(use => use.Registers).Select(use => Line(use) + "\n"));
    }

    static string Line(Use use) =>
        $"{use.Registers,4} registers, {use.LocalBytes} bytes of local memory: {use.Kernel.Name} ({use.Kernel.File}:{use.Kernel.Line})";

    static string? Body(string entry, string ptx)
    {
        var body = Regex.Match(ptx, $@"\.entry {Regex.Escape(entry)}\(.*?^{{(.*?)^}}", RegexOptions.Singleline | RegexOptions.Multiline);
        return body.Success ? body.Groups[1].Value : null;
    }

    static int LocalBytes(string body)
    {
        var depot = Regex.Match(body, @"\.local \.align \d+ \.b8\s+__local_depot\d+\[(\d+)\]");
        return depot.Success ? int.Parse(depot.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    // Each kernel in a namespace of its own, for they repeat the functions that they share.
    static string Text(IReadOnlyList<KernelInstance> kernels, Dictionary<string, string> values)
    {
        var text = new StringBuilder(ClangPrelude.Text).Append(CudaPrelude.Text);
        foreach (var kernel in kernels)
        {
            var macros = kernel.Parameters.Where(parameter => parameter.Kind == KernelParameterKind.Specialized).Select(parameter => parameter.Macro).ToList();
            var method = kernel.Name.Split('<')[0];
            foreach (var macro in macros)
                text.Append(CultureInfo.InvariantCulture, $"#define {macro} {values.GetValueOrDefault($"{method} {macro}", $"{Specialized}")}\n");
            text.Append(CultureInfo.InvariantCulture, $"namespace of_{kernel.Entry} {{\n{kernel.Cuda}}}\n");
            foreach (var macro in macros) text.Append(CultureInfo.InvariantCulture, $"#undef {macro}\n");
        }
        return text.ToString();
    }

    static async Task<(int Exit, string Log)> Clang(string source, string architecture)
    {
        string[] options =
        [
            "-x", "cuda", "--cuda-device-only", "--cuda-gpu-arch=" + architecture, "-nocudainc", "-nocudalib", "-O2", "-S",
            "-fms-extensions", "-Wno-unknown-cuda-version",
            "-Xclang", "-target-feature", "-Xclang", "+ptx80", "-o", source + ".ptx", source,
        ];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/clang-19", options) { RedirectStandardError = true })!;
        var log = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, log);
    }
}
