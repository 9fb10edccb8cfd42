using System.Runtime.InteropServices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>What CUDA finds on this machine.</summary>
public static unsafe class CudaDriver
{
    const int OldestDriver = 11080;

    const int NewestMajor = 13;

    /// <summary>
    /// Has ILGPU use the CUDA driver that is found here: where <c>LDNET_CUDA_LIBRARY</c> says, or as
    /// <c>libcuda.so.1</c> alone, where ILGPU itself finds none. To be called before the program's first
    /// <see cref="ILGPU.Context"/> with CUDA; contexts that were made before keep what they found.
    /// </summary>
    /// <returns>Whether ILGPU has a driver; without one its contexts list no CUDA device.</returns>
    public static bool ShareWithIlgpu() => IlgpuRuntime.ShareDriver();

    /// <summary>
    /// The driver and what is used beside it, looked for as a device looks: the run-time compiler, its built-ins where
    /// it is there, cuBLAS.
    /// </summary>
    internal static IReadOnlyList<NativeLibrarySearch> Libraries()
    {
        var driver = CudaApi.Search();
        var major = Major(driver);
        var compiler = NvrtcApi.Search(major);
        NativeLibrarySearch?[] all = [driver, compiler, NvrtcBuiltins.Load(compiler), CublasGemm.Library(major)];
        return [.. all.OfType<NativeLibrarySearch>()];
    }

    /// <summary>Every GPU, in the driver's order.</summary>
    /// <exception cref="UserException">No driver, an old one, or no GPU: what was tried and what to do.</exception>
    public static IReadOnlyList<CudaDeviceInfo> Devices()
    {
        var api = CudaApi.Instance;
        CudaStatus.Check(api, api.Init(0), "cuInit");
        int version, count;
        CudaStatus.Check(api, api.DriverGetVersion(&version), "cuDriverGetVersion");
        if (version < OldestDriver)
            throw new UserException($"cuda: the driver is for CUDA {CudaDeviceInfo.Version(version)}; " +
                $"{CudaDeviceInfo.Version(OldestDriver)} or newer is needed. Update the NVIDIA driver to 525 or "
                + "newer.");
        CudaStatus.Check(api, api.DeviceGetCount(&count), "cuDeviceGetCount");
        var devices = new CudaDeviceInfo[count];
        for (var index = 0; index < count; index++) devices[index] = Describe(api, index, version);
        return devices;
    }

    /// <summary>The GPU of <c>cuda:N</c>; the first without N.</summary>
    /// <param name="index">N of <c>cuda:N</c>.</param>
    /// <exception cref="UserException">None like that.</exception>
    public static CudaDeviceInfo Choose(int? index)
    {
        var devices = Devices();
        if (devices.Count == 0)
            throw new UserException("cuda: the driver finds no GPU. CUDA_VISIBLE_DEVICES may hide it.");
        if (index is null) return devices[0];
        return index >= 0 && index < devices.Count
            ? devices[index.Value]
            : throw new UserException($"cuda:{index}: there is no such GPU. " +
                $"Found: {string.Join("; ", devices.Select(device => $"cuda:{device.Index} {device}"))}.");
    }

    // The driver's CUDA; the newest known where there is no driver that says.
    static int Major(NativeLibrarySearch driver)
    {
        int version;
        return driver.TryExport("cuDriverGetVersion", out var export)
            && ((delegate* unmanaged<int*, int>)export)(&version) == CudaStatus.Success
            ? version / 1000
            : NewestMajor;
    }

    static CudaDeviceInfo Describe(CudaApi api, int index, int version)
    {
        int device;
        CudaStatus.Check(api, api.DeviceGet(&device, index), "cuDeviceGet");
        var asked = device;
        int Attribute(CudaAttribute attribute)
        {
            int value;
            CudaStatus.Check(api, api.DeviceGetAttribute(&value, attribute, asked),
                $"cuDeviceGetAttribute({attribute})");
            return value;
        }
        var name = stackalloc byte[256];
        CudaStatus.Check(api, api.DeviceGetName(name, 256, device), "cuDeviceGetName");
        nuint memory;
        CudaStatus.Check(api, api.DeviceTotalMem(&memory, device), "cuDeviceTotalMem");
        return new(index, Marshal.PtrToStringUTF8((nint)name)!, version,
            Attribute(CudaAttribute.ComputeCapabilityMajor) * 10 + Attribute(CudaAttribute.ComputeCapabilityMinor),
            (long)memory,
            Attribute(CudaAttribute.MultiProcessorCount), Attribute(CudaAttribute.WarpSize),
            Attribute(CudaAttribute.MaxThreadsPerBlock),
            Math.Max(Attribute(CudaAttribute.MaxSharedMemoryPerBlock),
                Attribute(CudaAttribute.MaxSharedMemoryPerBlockOptIn)),
            Attribute(CudaAttribute.CooperativeLaunch) != 0, Attribute(CudaAttribute.ClusterLaunch) != 0,
            Attribute(CudaAttribute.MemoryPoolsSupported) != 0);
    }
}
