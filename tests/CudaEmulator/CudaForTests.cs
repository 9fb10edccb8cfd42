using System.Runtime.InteropServices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>
/// The CUDA device that tests run on: the machine's GPU where it has one, else the emulator. <see cref="Variable"/>
/// chooses.
/// </summary>
public static unsafe class CudaForTests
{
    /// <summary>Environment variable: <c>real</c> or <c>emulated</c>.</summary>
    public const string Variable = "LDNET_TEST_CUDA";

    static readonly Lazy<bool> Emulated =
        new(() => Choose(Environment.GetEnvironmentVariable(Variable), RealDevices()));

    /// <summary>Whether it is the emulator.</summary>
    /// <exception cref="InvalidOperationException">The variable has another value, or asks for a GPU that is not
    /// there.</exception>
    public static bool IsEmulated => Emulated.Value;

    /// <summary>Why there is no device here; null where there is.</summary>
    public static string? WhyNot => IsEmulated ? CudaEmulation.WhyNot : null;

    /// <summary>Opens the device.</summary>
    /// <param name="compiler">Who compiles its kernels.</param>
    public static NvidiaDevice Open(KernelCompiler compiler = KernelCompiler.Text)
    {
        if (IsEmulated) CudaEmulation.Use();
        return new NvidiaDevice(kernelCompiler: compiler);
    }

    /// <summary>
    /// Which it is, for the tests' output: <c>cuda: emulated, lanes forward</c>, <c>cuda: NVIDIA H200 ...</c>.
    /// </summary>
    public static string Which() =>
        "cuda: " + (IsEmulated ? CudaEmulation.Description() : CudaDriver.Devices()[0].ToString());

    /// <summary>Whether the emulator is to be used.</summary>
    /// <param name="asked">The variable's value.</param>
    /// <param name="devices">How many GPUs the system's driver has.</param>
    internal static bool Choose(string? asked, int devices) => asked switch
    {
        null or "" => devices == 0,
        "emulated" => true,
        "real" => devices > 0
            ? false : throw new InvalidOperationException($"{Variable}=real, and there is no GPU: {WhyNoDriver()}"),
        _ => throw new InvalidOperationException($"{Variable}={asked}: real or emulated is wanted."),
    };

    // Asked of the system's driver by itself: CudaDriver would keep it for the process.
    static int RealDevices()
    {
        var library = CudaDriver.Libraries()[0];
        // The emulator by its path is no GPU either.
        if (!library.Found || NativeLibrary.TryGetExport(NativeLibrary.Load(library.Place!), "emu_set", out _))
            return 0;
        var init = (delegate* unmanaged<uint, int>)library.Export("cuInit");
        var getCount = (delegate* unmanaged<int*, int>)library.Export("cuDeviceGetCount");
        int count;
        return init(0) == 0 && getCount(&count) == 0 ? count : 0;
    }

    static string WhyNoDriver()
    {
        var library = CudaDriver.Libraries()[0];
        return library.Found ? $"{library.Place} finds none." : $"no driver.{Environment.NewLine}{library.Describe()}";
    }
}
