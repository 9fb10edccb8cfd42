using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// ILGPU as this project uses it: with the CUDA driver that our own search found, our mathematics, and the level that
/// compiles correctly.
/// </summary>
static class IlgpuRuntime
{
    // The name by which ILGPU imports the driver on Linux; where only libcuda.so.1 is installed, the system finds
    // nothing under it.
    const string Driver = "cuda";

    static readonly Lazy<NativeLibrarySearch> Found = new(CudaApi.Search);

    // These are the process's own, so they happen once.
    static readonly Lazy<bool> Resolver = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The program has set one of its own, which then finds ILGPU's libraries.
        }
        return true;
    });

    static readonly Lazy<bool> Ready = new(() =>
    {
        _ = Resolver.Value;
        Remaps.Register();
        return true;
    });

    /// <summary>
    /// Has ILGPU use the CUDA driver that our own search found, also where it has looked for one and found none.
    /// </summary>
    /// <returns>Whether it has a driver.</returns>
    public static bool ShareDriver()
    {
        _ = Resolver.Value;
        lock (Resolver)
            if (!CudaAPI.CurrentAPI.IsSupported && Found.Value.Found && Supported() is { } api)
                Current(null) = api;
        return CudaAPI.CurrentAPI.IsSupported;
    }

    // ILGPU looks once in a process, and keeps what it found in a field that it shows no one.
    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "<CurrentAPI>k__BackingField")]
    static extern ref CudaAPI Current(CudaAPI? owner);

    // There is one for each system's name of the driver.
    static CudaAPI? Supported() => typeof(CudaAPI).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CudaAPI)))
        .Select(type => (CudaAPI)Activator.CreateInstance(type, nonPublic: true)!)
        .FirstOrDefault(api => api.IsSupported && Initializes(api));

    static bool Initializes(CudaAPI api)
    {
        try
        {
            return api.Init();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>A context that compiles PTX.</summary>
    public static Context ForPtx() => New(Remaps.UseForPtx);

    /// <summary>A context for accelerators.</summary>
    /// <param name="devices">Which of ILGPU's accelerators it offers.</param>
    public static Context ForAccelerators(Action<Context.Builder> devices) => New(Remaps.Use + devices);

    /// <summary>A context for ILGPU's CPU accelerator, with groups as an NVIDIA GPU has them.</summary>
    public static Context ForCpu() => New(builder =>
    {
        Remaps.UseForCpu(builder);
        builder.CPU(CPUDevice.Nvidia);
    });

    static Context New(Action<Context.Builder> rest)
    {
        _ = Ready.Value;
        return Context.Create(builder =>
        {
            // O2 marks branches uniform that are not; MathMode.Fast emits PTX that does not load.
            builder.Optimize(OptimizationLevel.O1).EnableAlgorithms();
            rest(builder);
        });
    }

    static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        library == Driver && Found.Value.Found ? Found.Value.Handle : 0;
}
