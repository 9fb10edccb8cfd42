using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>ILGPU as this project uses it: with the CUDA driver that our own search found, our mathematics, and the level that compiles correctly.</summary>
static class IlgpuRuntime
{
    // The name by which ILGPU imports the driver on Linux; where only libcuda.so.1 is installed, the system finds nothing under it.
    const string Driver = "cuda";

    static readonly Lazy<NativeLibrarySearch> Found = new(CudaApi.Search);

    // Both are the process's own, so they happen once.
    static readonly Lazy<bool> Ready = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        Remaps.Register();
        return true;
    });

    /// <summary>A context for compiling and for accelerators.</summary>
    /// <param name="devices">Which of ILGPU's accelerators it offers.</param>
    public static Context NewContext(Action<Context.Builder> devices)
    {
        _ = Ready.Value;
        return Context.Create(builder =>
        {
            // O2 marks branches uniform that are not; MathMode.Fast emits PTX that does not load.
            builder.Optimize(OptimizationLevel.O1).Math(global::ILGPU.MathMode.Default).EnableAlgorithms();
            Remaps.Register(builder.GetIntrinsicManager());
            devices(builder);
        });
    }

    static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) => library == Driver && Found.Value.Found ? Found.Value.Handle : 0;
}
