using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests;

/// <summary>
/// The CUDA device that tests run on: the machine's GPU where it has one, else the emulator. <see cref="Variable"/> chooses.
/// </summary>
public static unsafe class CudaForTests
{
    /// <summary>Environment variable: <c>real</c> or <c>emulated</c>.</summary>
    public const string Variable = "LDNET_TEST_CUDA";

    static readonly Lazy<bool> Emulated = new(Choose);

    /// <summary>Whether it is the emulator.</summary>
    /// <exception cref="InvalidOperationException">The variable has another value, or asks for a GPU that is not there.</exception>
    public static bool IsEmulated => Emulated.Value;

    /// <summary>Why there is no device here; null where there is.</summary>
    public static string? WhyNot => IsEmulated ? CudaEmulation.WhyNot : null;

    /// <summary>Opens the device.</summary>
    public static CudaDevice Open()
    {
        if (IsEmulated) CudaEmulation.Use();
        return new CudaDevice();
    }

    /// <summary>Which it is, for the tests' output: <c>cuda: emulated, lanes forward</c>, <c>cuda: NVIDIA H200 ...</c>.</summary>
    public static string Which() => "cuda: " + (IsEmulated ? CudaEmulation.Description() : CudaDriver.Devices()[0].ToString());

    static bool Choose() => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => RealDevices() == 0,
        "emulated" => true,
        "real" => RealDevices() > 0 ? false : throw new InvalidOperationException($"{Variable}=real, and there is no GPU: {WhyNoDriver()}"),
        var other => throw new InvalidOperationException($"{Variable}={other}: real or emulated is wanted."),
    };

    // Asked of the system's driver by itself: CudaDriver would keep it for the process.
    static int RealDevices()
    {
        var library = CudaDriver.Libraries()[0];
        if (!library.Found) return 0;
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
