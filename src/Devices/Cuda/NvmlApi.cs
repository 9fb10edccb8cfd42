using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>The functions of NVML that <see cref="NvmlGpu"/> calls. Signatures: NVIDIA, nvml.h.</summary>
sealed unsafe class NvmlApi
{
    public NvmlApi(NativeLibrarySearch library)
    {
        Initialize = (delegate* unmanaged<int>)library.Export("nvmlInit_v2");
        Shutdown = (delegate* unmanaged<int>)library.Export("nvmlShutdown");
        SystemGetDriverVersion = (delegate* unmanaged<byte*, uint, int>)library.Export("nvmlSystemGetDriverVersion");
        DeviceGetHandleByPciBusId =
            (delegate* unmanaged<byte*, nint*, int>)library.Export("nvmlDeviceGetHandleByPciBusId_v2");
        DeviceGetClockInfo = (delegate* unmanaged<nint, int, uint*, int>)library.Export("nvmlDeviceGetClockInfo");
        DeviceGetMaxClockInfo = (delegate* unmanaged<nint, int, uint*, int>)library.Export("nvmlDeviceGetMaxClockInfo");
        DeviceGetTemperature = (delegate* unmanaged<nint, int, uint*, int>)library.Export("nvmlDeviceGetTemperature");
        DeviceGetPowerUsage = (delegate* unmanaged<nint, uint*, int>)library.Export("nvmlDeviceGetPowerUsage");
        DeviceGetEnforcedPowerLimit =
            (delegate* unmanaged<nint, uint*, int>)library.Export("nvmlDeviceGetEnforcedPowerLimit");
        DeviceGetCurrentClocksThrottleReasons =
            (delegate* unmanaged<nint, ulong*, int>)library.Export("nvmlDeviceGetCurrentClocksThrottleReasons");
    }

    public readonly delegate* unmanaged<int> Initialize;
    public readonly delegate* unmanaged<int> Shutdown;
    public readonly delegate* unmanaged<byte*, uint, int> SystemGetDriverVersion;
    public readonly delegate* unmanaged<byte*, nint*, int> DeviceGetHandleByPciBusId;
    public readonly delegate* unmanaged<nint, int, uint*, int> DeviceGetClockInfo;
    public readonly delegate* unmanaged<nint, int, uint*, int> DeviceGetMaxClockInfo;
    public readonly delegate* unmanaged<nint, int, uint*, int> DeviceGetTemperature;
    public readonly delegate* unmanaged<nint, uint*, int> DeviceGetPowerUsage;
    public readonly delegate* unmanaged<nint, uint*, int> DeviceGetEnforcedPowerLimit;
    public readonly delegate* unmanaged<nint, ulong*, int> DeviceGetCurrentClocksThrottleReasons;
}
