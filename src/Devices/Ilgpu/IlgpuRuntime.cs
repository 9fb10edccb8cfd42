using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
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

    // Both are the process's own, so they happen once.
    static readonly Lazy<bool> Ready = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The program has set one of its own, which then finds ILGPU's libraries.
        }
        Remaps.Register();
        return true;
    });

    /// <summary>A context that compiles PTX.</summary>
    public static Context ForPtx() => New(Remaps.UseForPtx);

    /// <summary>A context for accelerators.</summary>
    /// <param name="devices">Which of ILGPU's accelerators it offers.</param>
    public static Context ForAccelerators(Action<Context.Builder> devices) => New(Remaps.Use + devices);

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
