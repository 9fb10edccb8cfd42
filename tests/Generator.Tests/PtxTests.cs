using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>
/// Every kernel's CUDA text compiles to PTX without a GPU, the kernels of a C# file at once. Local arrays that no register holds are
/// reported; large ones fail, for each access goes to memory.
/// </summary>
public sealed class PtxTests(ITestOutputHelper output)
{
    // A specialised value only has to be some value; 64 is a group size and a tile width.
    const int Specialized = 64;

    const int LargestLocalBytes = 64;

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
    public Task EveryKernelCompilesAndKeepsItsVariablesInRegisters(string architecture) => Compile(KernelCatalog.All, architecture, Values);

    [Theory, InlineData("1", "1"), InlineData("2", "2")]
    public Task ProductsThatDropAnOperandKeepTheirVariablesInRegisters(string kind, string operand) => Compile(
        [.. KernelCatalog.All.Where(kernel => kernel.Name.Contains("GemmKernels.Multiply", StringComparison.Ordinal))], "sm_80",
        Values.ToDictionary(entry => entry.Key, entry =>
            entry.Key.EndsWith("SPEC_dropped", StringComparison.Ordinal) ? operand
            : entry.Key.EndsWith("SPEC_kind", StringComparison.Ordinal) ? kind
            : entry.Value));

    async Task Compile(IReadOnlyList<KernelInstance> all, string architecture, Dictionary<string, string> values)
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
            var found = 0;
            await Parallel.ForEachAsync(all.GroupBy(kernel => kernel.File), async (kernels, _) =>
            {
                var source = Path.Combine(folder.FullName, Path.GetFileNameWithoutExtension(kernels.Key) + ".cu");
                await File.WriteAllTextAsync(source, Text([.. kernels], values), CancellationToken.None);
                var (exit, log) = await Clang(source, architecture);
                var ptx = exit == 0 ? await File.ReadAllTextAsync(source + ".ptx", CancellationToken.None) : "";
                lock (problems)
                {
                    if (exit != 0) problems.Add($"{kernels.Key}: {log}");
                    else foreach (var kernel in kernels) found += Examine(kernel, ptx, problems);
                }
            });
            Assert.True(problems.Count == 0, string.Join("\n", problems));
            Assert.Equal(all.Count, found);
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
        Assert.Equal(200, LocalBytes("Spill", ptx));
        Assert.Equal(0, LocalBytes("Hold", ptx));
        Assert.Null(LocalBytes("Other", ptx));
        folder.Delete(recursive: true);
    }

    // 1 where the kernel's entry point is in the PTX.
    int Examine(KernelInstance kernel, string ptx, List<string> problems)
    {
        if (LocalBytes(kernel.Entry, ptx) is not { } bytes) return 0;
        if (bytes == 0) return 1;
        var place = $"{bytes} bytes of local memory: {kernel.Name} ({kernel.File}:{kernel.Line})";
        output.WriteLine(place);
        if (bytes > LargestLocalBytes) problems.Add(place);
        return 1;
    }

    // Null where there is no such entry point.
    static int? LocalBytes(string entry, string ptx)
    {
        var body = Regex.Match(ptx, $@"\.entry {Regex.Escape(entry)}\(.*?^}}", RegexOptions.Singleline | RegexOptions.Multiline);
        var depot = Regex.Match(body.Value, @"\.local \.align \d+ \.b8\s+__local_depot\d+\[(\d+)\]");
        return !body.Success ? null : depot.Success ? int.Parse(depot.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
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
