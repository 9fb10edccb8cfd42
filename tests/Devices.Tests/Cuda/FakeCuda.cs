using System.Runtime.InteropServices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.Cuda;

/// <summary>
/// The fake driver and compiler, built by the C compiler once for the process. Tests choose what it answers and read what it saw.
/// One test at a time: the driver is the process's.
/// </summary>
[Collection(nameof(FakeCuda))]
public abstract unsafe class FakeCuda : IDisposable
{
    static readonly Lazy<(nint Driver, string? Problem)> Built = new(Build);
    readonly string folder = Directory.CreateTempSubdirectory("ldnet-cuda-").FullName;
    readonly List<string> chosen = [];

    protected FakeCuda()
    {
        if (Built.Value.Problem is { } problem) Assert.Skip(problem);
        Set("FAKE_CUDA_LOG", Path.Combine(folder, "log"));
    }

    /// <summary>What the driver was asked, a line each.</summary>
    protected string[] Log => File.Exists(Path.Combine(folder, "log")) ? File.ReadAllLines(Path.Combine(folder, "log")) : [];

    protected CudaDevice Open() => new(null, new CompiledKernelCache(Path.Combine(folder, "kernels")));

    /// <summary>Chooses what the fake answers, until the test's end.</summary>
    protected void Set(string name, object? value)
    {
        chosen.Add(name);
        var set = (delegate* unmanaged<byte*, byte*, void>)NativeLibrary.GetExport(Built.Value.Driver, "fake_set");
        var (nativeName, nativeValue) = (Marshal.StringToCoTaskMemUTF8(name), Marshal.StringToCoTaskMemUTF8(value?.ToString()));
        set((byte*)nativeName, (byte*)nativeValue);
        Marshal.FreeCoTaskMem(nativeName);
        Marshal.FreeCoTaskMem(nativeValue);
    }

    /// <summary>A kernel whose text the fake compiler takes.</summary>
    protected static KernelInstance Kernel(string entry, KernelParameter[] parameters, string text = "text") => new()
    {
        Name = "FakeKernels." + entry, Entry = entry, Cuda = text, Parameters = parameters, File = "FakeKernels.cs", Line = 12, Managed = (_, _) => null,
    };

    public void Dispose()
    {
        foreach (var name in chosen.ToArray()) Set(name, null);
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    static (nint, string?) Build()
    {
        var folder = Directory.CreateTempSubdirectory("ldnet-fake-cuda-").FullName;
        foreach (var (source, variable) in new[]
        {
            ("fake_cuda", "LDNET_CUDA_LIBRARY"), ("fake_nvrtc", "LDNET_NVRTC_LIBRARY"), ("fake_cuda", "LDNET_CUBLAS_LIBRARY"),
        })
        {
            var library = Path.Combine(folder, $"lib{source}.so");
            if (CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Cuda", source + ".c"), library) is { } problem) return (0, problem);
            Environment.SetEnvironmentVariable(variable, library);
        }
        return (NativeLibrary.Load(Path.Combine(folder, "libfake_cuda.so")), null);
    }
}
