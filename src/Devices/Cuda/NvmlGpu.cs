using System.Text;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// What NVIDIA's management library says of a GPU: clocks, temperature, power, and why its clocks are held down. Not
/// through ILGPU.Algorithms, which asks for a library name that drivers do not install, and not for throttling.
/// </summary>
sealed unsafe class NvmlGpu : IDisposable
{
    /// <summary>Environment variable with the library's path.</summary>
    public const string LibraryVariable = "LDNET_NVML_LIBRARY";

    const int VersionLength = 80, StreamingClock = 1, MemoryClock = 2, Core = 0, NotSupported = 3;

    readonly NvmlApi api;
    readonly nint handle;

    NvmlGpu(NvmlApi api, string pciBusId)
    {
        this.api = api;
        Check(api.Initialize(), "nvmlInit");
        try
        {
            nint found;
            fixed (byte* id = Encoding.ASCII.GetBytes(pciBusId + '\0'))
                Check(api.DeviceGetHandleByPciBusId(id, &found), $"nvmlDeviceGetHandleByPciBusId of {pciBusId}");
            handle = found;
            var version = stackalloc byte[VersionLength];
            Check(api.SystemGetDriverVersion(version, VersionLength), "nvmlSystemGetDriverVersion");
            DriverVersion = new((sbyte*)version);
        }
        catch
        {
            api.Shutdown();
            throw;
        }
    }

    /// <summary>The driver's own version: 580.65.06.</summary>
    public string DriverVersion { get; }

    /// <summary>The GPU that a device runs on.</summary>
    /// <exception cref="UserException">There is no such library, or it does not know the GPU; says which.</exception>
    public static NvmlGpu Of(NvidiaDevice device)
    {
        var library = new NativeLibrarySearch("NVML", LibraryVariable,
            OperatingSystem.IsWindows() ? ["nvml.dll"] : ["libnvidia-ml.so.1", "libnvidia-ml.so"]);
        return new(new(library), ((CudaAccelerator)device.Accelerator).NVMLPCIBusId);
    }

    /// <summary>How the GPU is at this moment.</summary>
    public GpuReading Read()
    {
        ulong reasons = 0;
        var knowsReasons = Known(api.DeviceGetCurrentClocksThrottleReasons(handle, &reasons), "throttle reasons");
        uint celsius = 0, milliwatts = 0, mostMilliwatts = 0;
        return new(Clock(api.DeviceGetClockInfo, StreamingClock), Clock(api.DeviceGetMaxClockInfo, StreamingClock),
            Clock(api.DeviceGetClockInfo, MemoryClock), Clock(api.DeviceGetMaxClockInfo, MemoryClock),
            Known(api.DeviceGetTemperature(handle, Core, &celsius), "temperature") ? (int)celsius : null,
            Known(api.DeviceGetPowerUsage(handle, &milliwatts), "power") ? milliwatts / 1000.0 : null,
            Known(api.DeviceGetEnforcedPowerLimit(handle, &mostMilliwatts), "power limit")
                ? mostMilliwatts / 1000.0 : null,
            knowsReasons ? (ThrottleReasons)reasons : null);
    }

    public void Dispose() => api.Shutdown();

    int? Clock(delegate* unmanaged<nint, int, uint*, int> ask, int kind)
    {
        uint megahertz;
        return Known(ask(handle, kind, &megahertz), "clock") ? (int)megahertz : null;
    }

    // Not every GPU has every sensor.
    static bool Known(int code, string what)
    {
        if (code == NotSupported) return false;
        Check(code, what);
        return true;
    }

    static void Check(int code, string what)
    {
        if (code != 0) throw new UserException($"NVML: {what}: error {code}.");
    }
}

/// <summary>A GPU at one moment; null is what it does not tell.</summary>
/// <param name="Megahertz">Of its multiprocessors.</param>
/// <param name="MostMegahertz">That they can have.</param>
/// <param name="MemoryMegahertz">Of its memory.</param>
/// <param name="MostMemoryMegahertz">That it can have.</param>
/// <param name="Celsius">Of the chip.</param>
/// <param name="Watts">Drawn by the board.</param>
/// <param name="MostWatts">That it may draw.</param>
/// <param name="Reasons">Why its clocks are below the most.</param>
sealed record GpuReading(int? Megahertz, int? MostMegahertz, int? MemoryMegahertz, int? MostMemoryMegahertz,
    int? Celsius, double? Watts, double? MostWatts, ThrottleReasons? Reasons)
{
    // The others are no fault: idle, or as somebody has set it.
    const ThrottleReasons Slowing = ThrottleReasons.PowerCap | ThrottleReasons.HardwareSlowdown
        | ThrottleReasons.Thermal | ThrottleReasons.HardwareThermal | ThrottleReasons.PowerBrake;

    /// <summary>Those of the reasons that make figures too low: heat and power.</summary>
    public ThrottleReasons Throttled => (Reasons ?? ThrottleReasons.None) & Slowing;
}

/// <summary>Why clocks are held down; numbers of nvmlClocksThrottleReasons in nvml.h.</summary>
[Flags]
enum ThrottleReasons : ulong
{
    None = 0,
    Idle = 1,
    ChosenClocks = 2,
    PowerCap = 4,
    HardwareSlowdown = 8,
    SyncBoost = 0x10,
    Thermal = 0x20,
    HardwareThermal = 0x40,
    PowerBrake = 0x80,
    DisplayClocks = 0x100,
}
