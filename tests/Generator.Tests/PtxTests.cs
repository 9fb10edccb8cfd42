using System.Diagnostics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Every kernel's CUDA text compiles to PTX without a GPU. Local arrays that no register holds are reported.</summary>
public sealed class PtxTests(ITestOutputHelper output)
{
    // A specialised value only has to be some value; 64 is a group size and a tile width.
    const int Specialized = 64;

    [Theory, InlineData("sm_80"), InlineData("sm_90a")]
    public async Task EveryKernelCompiles(string architecture)
    {
        if (!File.Exists("/usr/bin/clang-19"))
        {
            Assert.True(Environment.GetEnvironmentVariable("CI") is null, "clang-19 is not installed: CI needs it.");
            Assert.Skip("clang-19 is not installed (apt-get install clang-19).");
        }
        var folder = Directory.CreateTempSubdirectory("ptx");
        try
        {
            var failures = new List<string>();
            foreach (var kernel in KernelCatalog.All)
            {
                var source = Path.Combine(folder.FullName, kernel.Entry + ".cu");
                await File.WriteAllTextAsync(source, ClangPrelude.Text + CudaPrelude.Text + kernel.Cuda);
                var (exit, log) = await Clang(kernel, source, architecture);
                if (exit != 0) failures.Add($"{kernel.Name}: {log}");
                else if ((await File.ReadAllTextAsync(source + ".ptx")).Contains(".local .align")) output.WriteLine($"local memory: {kernel.Name} ({kernel.File}:{kernel.Line})");
            }
            Assert.True(failures.Count == 0, string.Join("\n", failures));
            Assert.NotEmpty(KernelCatalog.All);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<(int Exit, string Log)> Clang(KernelInstance kernel, string source, string architecture)
    {
        string[] options =
        [
            "-x", "cuda", "--cuda-device-only", "--cuda-gpu-arch=" + architecture, "-nocudainc", "-nocudalib", "-O2", "-S", "-fms-extensions", "-Wno-unknown-cuda-version",
            "-Xclang", "-target-feature", "-Xclang", "+ptx80",
            .. kernel.Parameters.Where(parameter => parameter.Kind == KernelParameterKind.Specialized).Select(parameter => $"-D{parameter.Macro}={Specialized}"),
            "-o", source + ".ptx", source,
        ];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/clang-19", options) { RedirectStandardError = true })!;
        var log = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, log);
    }
}
