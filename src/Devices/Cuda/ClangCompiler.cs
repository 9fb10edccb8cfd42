using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// clang, which makes PTX of a kernel's CUDA text without anything of NVIDIA's: to look at, and to see that the text
/// compiles. Kernels that run are NVRTC's; CUDA's mathematics (<c>expf</c>) is left as calls.
/// </summary>
sealed class ClangCompiler
{
    /// <summary>Environment variable with clang's path or its name on the PATH.</summary>
    public const string Variable = "LDNET_CLANG";

    // The newest that clang 19 knows.
    const int NewestCapability = 90;

    static readonly string[] Options =
    [
        "-x", "cuda", "--cuda-device-only", "-nocudainc", "-nocudalib", "-O2", "-S", "-fms-extensions",
        "-Wno-unknown-cuda-version", "-Xclang", "-target-feature", "-Xclang", "+ptx80", "-o", "-", "-",
    ];

    readonly string program;
    readonly CompiledKernelCache cache;

    ClangCompiler(string program, string version, CompiledKernelCache cache) =>
        (this.program, Version, this.cache) = (program, version, cache);

    /// <summary>As clang says it: <c>Debian clang version 19.1.7</c>.</summary>
    public string Version { get; }

    /// <summary>Looks for clang: what <see cref="Variable"/> names, else clang-19, else clang.</summary>
    /// <param name="cache">Where PTX is kept.</param>
    /// <returns>The compiler, or what to do to have it.</returns>
    public static (ClangCompiler? Compiler, string? Problem) Find(CompiledKernelCache cache)
    {
        string[] programs = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? [chosen] : ["clang-19", "clang"];
        foreach (var program in programs)
            if (Run(program, ["--version"], "") is (0, var version, _)
                && version.Contains("clang version", StringComparison.Ordinal))
                return (new(program, version.Split('\n')[0].Trim(), cache), null);
        return (null,
            $"clang is not here: no {string.Join(", no ", programs)} that runs. Install it (apt install clang-19), " +
            $"or set {Variable} to its path.");
    }

    /// <summary>
    /// The architecture that PTX is made for where <paramref name="computeCapability"/> is asked for: the newest that
    /// clang knows, at most.
    /// </summary>
    public static string Architecture(int computeCapability) => $"sm_{Math.Min(computeCapability, NewestCapability)}";

    /// <summary>PTX of one kernel.</summary>
    /// <param name="kernel">Its CUDA C++ is what is compiled.</param>
    /// <param name="computeCapability">90 for 9.0.</param>
    /// <param name="specialized">The specialised values, in order.</param>
    /// <exception cref="UserException">It does not compile; with clang's words, which name the C# line.</exception>
    public string Compile(KernelInstance kernel, int computeCapability, params ReadOnlySpan<int> specialized)
    {
        var text = ClangPrelude.Text + CudaPrelude.Text + Macros(kernel, specialized) + kernel.Cuda;
        string[] options = ["--cuda-gpu-arch=" + Architecture(computeCapability), .. Options];
        var key = CompiledKernelCache.Key(["clang", Version, .. options, text]);
        if (cache.Find(key) is { } kept) return Encoding.UTF8.GetString(kept);
        var (exit, ptx, log) = Run(program, options, text)!.Value;
        if (exit != 0)
            throw new UserException(
                $"{LaunchText.Of(kernel)} does not compile with {Version}:{Environment.NewLine}{log.Trim()}");
        cache.Keep(key, Encoding.UTF8.GetBytes(ptx));
        return ptx;
    }

    static string Macros(KernelInstance kernel, ReadOnlySpan<int> values)
    {
        var macros = kernel.Parameters.Where(parameter => parameter.Kind == KernelParameterKind.Specialized)
            .Select(parameter => parameter.Macro);
        return string.Concat(macros.Zip(values.ToArray(), (macro, value) => $"#define {macro} {value}\n"));
    }

    // Null where there is no such program.
    static (int Exit, string Output, string Log)? Run(string program, IEnumerable<string> options, string input)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, options)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var (output, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            Write(process.StandardInput, input);
            process.WaitForExit();
            return (process.ExitCode, output.Result, log.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    static void Write(TextWriter to, string text)
    {
        try
        {
            to.Write(text);
            to.Close();
        }
        catch (IOException)
        {
            // It left before it had read all, and says in its log why.
        }
    }
}
