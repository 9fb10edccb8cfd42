using System.Reflection;
using System.Runtime.InteropServices;

namespace LdNetGpu.Tests;

/// <summary>
/// The libraries that stand in for the CUDA driver, NVRTC, cuBLAS, NVML and NCCL and run kernels on the processor.
/// Built with this project where clang-19 is; see README.md.
/// </summary>
public static unsafe class CudaEmulation
{
    /// <summary>Environment variable: 1 makes the lack of the emulator a failure.</summary>
    public const string RequiredVariable = "LDNET_REQUIRE_DRIVERS";

    const string Missing =
        "the CUDA emulator is not built: install clang-19 (apt-get install clang-19) and build tests/CudaEmulator";

    static readonly Lazy<nint[]> Loaded = new(Load);

    /// <summary>Where the libraries lie.</summary>
    public static string Folder { get; } =
        typeof(CudaEmulation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Libraries").Value!;

    /// <summary>Why it cannot be used here; null where it can.</summary>
    /// <exception cref="InvalidOperationException">It cannot, and this run requires it.</exception>
    public static string? WhyNot => File.Exists(Driver) ? null
        : Environment.GetEnvironmentVariable(RequiredVariable) == "1"
            ? throw new InvalidOperationException($"{RequiredVariable}=1, and {Missing}")
        : Missing;

    static string Driver => Path.Combine(Folder, "libcuda.so.1");

    static string Compiler => Path.Combine(Folder, "libnvrtc.so.13");

    static string Management => Path.Combine(Folder, "libnvidia-ml.so.1");

    static string Collectives => Path.Combine(Folder, "libnccl.so.2");

    /// <summary>Makes this process use the emulator as its GPU: before the first use of CUDA.</summary>
    public static void Use()
    {
        Environment.SetEnvironmentVariable("LDNET_CUDA_LIBRARY", Driver);
        Environment.SetEnvironmentVariable("LDNET_NVRTC_LIBRARY", Compiler);
        Environment.SetEnvironmentVariable("LDNET_CUBLAS_LIBRARY", Path.Combine(Folder, "libcublas.so.13"));
        Environment.SetEnvironmentVariable("LDNET_NVML_LIBRARY", Management);
        Environment.SetEnvironmentVariable("LDNET_NCCL_LIBRARY", Collectives);
        Environment.SetEnvironmentVariable("LDNET_KERNEL_CACHE", KernelCache);
        _ = Loaded.Value;
    }

    /// <summary>
    /// Sets a variable of the emulator in this process; null is its standard value. Names: <c>Native/settings.cpp</c>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public static void Set(string name, object? value)
    {
        var text = Convert.ToString(value);
        var (nativeName, nativeValue) =
            (Marshal.StringToCoTaskMemUTF8(name), Marshal.StringToCoTaskMemUTF8(value is null ? null : text));
        try
        {
            foreach (var library in Loaded.Value)
            {
                var set = (delegate* unmanaged<byte*, byte*, int>)NativeLibrary.GetExport(library, "emu_set");
                if (set((byte*)nativeName, (byte*)nativeValue) != 0)
                    throw new ArgumentException(
                        $"{name} is no variable of the CUDA emulator (tests/CudaEmulator/Native/settings.cpp).",
                        nameof(name));
            }
        }
        finally
        {
            Marshal.FreeCoTaskMem(nativeName);
            Marshal.FreeCoTaskMem(nativeValue);
        }
    }

    /// <summary>
    /// The emulator in words, as the environment sets it: the order of lanes, and what else is not standard.
    /// </summary>
    public static string Description()
    {
        var order = Variable("EMU_ORDER", "forward");
        var form = Variable("EMU_FORM", "cpp") == "ptx" ? ", through PTX" : "";
        return $"emulated, lanes {order}{form}{(Variable("EMU_CHECK", "0") == "1" ? ", checked" : "")}";
    }

    /// <summary>Where kernels are kept that are compiled for it: of its own for each way to compile and each build of
    /// the emulator, for images of one never serve another.</summary>
    public static string KernelCache
    {
        get
        {
            var build = File.GetLastWriteTimeUtc(Compiler).Ticks.ToString("x");
            return Path.Combine(Folder, "kernels",
                $"{Variable("EMU_FORM", "cpp")}-{Variable("EMU_CHECK", "0")}-{build}");
        }
    }

    static nint[] Load() => [.. ((string[])[Driver, Compiler, Management, Collectives]).Select(NativeLibrary.Load)];

    static string Variable(string name, string standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : standard;
}
