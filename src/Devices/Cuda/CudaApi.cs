using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// The functions of the CUDA driver API that a device needs, from the driver found at run time. Signatures: NVIDIA,
/// cuda.h; the _v2 names are what that header makes of the plain ones. Handles are pointers, devices are int, device
/// addresses are 64 bits.
/// </summary>
sealed unsafe class CudaApi
{
    static readonly Lazy<CudaApi> Loaded = new(() => new CudaApi(Search()));

    CudaApi(NativeLibrarySearch library)
    {
        Init = (delegate* unmanaged<uint, int>)library.Export("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, int>)library.Export("cuDriverGetVersion");
        GetErrorName = (delegate* unmanaged<int, byte**, int>)library.Export("cuGetErrorName");
        GetErrorString = (delegate* unmanaged<int, byte**, int>)library.Export("cuGetErrorString");
        DeviceGetCount = (delegate* unmanaged<int*, int>)library.Export("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)library.Export("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)library.Export("cuDeviceGetName");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, int>)library.Export("cuDeviceTotalMem_v2");
        DeviceGetAttribute = (delegate* unmanaged<int*, CudaAttribute, int, int>)library.Export("cuDeviceGetAttribute");
        PrimaryCtxRetain = (delegate* unmanaged<nint*, int, int>)library.Export("cuDevicePrimaryCtxRetain");
        PrimaryCtxRelease = (delegate* unmanaged<int, int>)library.Export("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, int>)library.Export("cuCtxSetCurrent");
        CtxGetCurrent = (delegate* unmanaged<nint*, int>)library.Export("cuCtxGetCurrent");
        DeviceGetUuid = (delegate* unmanaged<Guid*, int, int>)library.Export("cuDeviceGetUuid_v2");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)library.Export("cuMemGetInfo_v2");
        MemAlloc = (delegate* unmanaged<nint*, nuint, int>)library.Export("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<nint, int>)library.Export("cuMemFree_v2");
        MemAllocAsync = (delegate* unmanaged<nint*, nuint, nint, int>)library.Export("cuMemAllocAsync");
        MemFreeAsync = (delegate* unmanaged<nint, nint, int>)library.Export("cuMemFreeAsync");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)library.Export("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, int>)library.Export("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<nint, void*, nuint, nint, int>)library.Export("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, nint, nuint, nint, int>)library.Export("cuMemcpyDtoHAsync_v2");
        MemcpyDtoDAsync = (delegate* unmanaged<nint, nint, nuint, nint, int>)library.Export("cuMemcpyDtoDAsync_v2");
        MemcpyPeerAsync = (delegate* unmanaged<nint, nint, nint, nint, nuint, nint, int>)
            library.Export("cuMemcpyPeerAsync");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)library.Export("cuStreamWaitEvent");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)library.Export("cuStreamCreate");
        StreamSynchronize = (delegate* unmanaged<nint, int>)library.Export("cuStreamSynchronize");
        StreamDestroy = (delegate* unmanaged<nint, int>)library.Export("cuStreamDestroy_v2");
        StreamBeginCapture = (delegate* unmanaged<nint, int, int>)library.Export("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, int>)library.Export("cuStreamEndCapture");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, int>)library.Export("cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, int>)library.Export("cuGraphLaunch");
        GraphExecDestroy = (delegate* unmanaged<nint, int>)library.Export("cuGraphExecDestroy");
        GraphDestroy = (delegate* unmanaged<nint, int>)library.Export("cuGraphDestroy");
        ModuleLoadData = (delegate* unmanaged<nint*, void*, int>)library.Export("cuModuleLoadData");
        ModuleUnload = (delegate* unmanaged<nint, int>)library.Export("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)library.Export("cuModuleGetFunction");
        FuncSetAttribute = (delegate* unmanaged<nint, int, int, int>)library.Export("cuFuncSetAttribute");
        FuncGetAttribute = (delegate* unmanaged<int*, int, nint, int>)library.Export("cuFuncGetAttribute");
        LaunchKernelEx =
            (delegate* unmanaged<CudaLaunchConfig*, nint, void**, void**, int>)library.Export("cuLaunchKernelEx");
        EventCreate = (delegate* unmanaged<nint*, uint, int>)library.Export("cuEventCreate");
        EventRecord = (delegate* unmanaged<nint, nint, int>)library.Export("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, int>)library.Export("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)library.Export("cuEventElapsedTime");
        EventDestroy = (delegate* unmanaged<nint, int>)library.Export("cuEventDestroy_v2");
    }

    /// <summary>The functions; the first use looks for the driver.</summary>
    /// <exception cref="UserException">No driver, with every place tried, or one that lacks a function.</exception>
    public static CudaApi Instance => Loaded.Value;

    public readonly delegate* unmanaged<uint, int> Init;
    public readonly delegate* unmanaged<int*, int> DriverGetVersion;
    public readonly delegate* unmanaged<int, byte**, int> GetErrorName;
    public readonly delegate* unmanaged<int, byte**, int> GetErrorString;
    public readonly delegate* unmanaged<int*, int> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, int> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, int> DeviceGetName;
    public readonly delegate* unmanaged<nuint*, int, int> DeviceTotalMem;
    public readonly delegate* unmanaged<int*, CudaAttribute, int, int> DeviceGetAttribute;
    public readonly delegate* unmanaged<nint*, int, int> PrimaryCtxRetain;
    public readonly delegate* unmanaged<int, int> PrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, int> CtxSetCurrent;
    public readonly delegate* unmanaged<nint*, int> CtxGetCurrent;
    public readonly delegate* unmanaged<Guid*, int, int> DeviceGetUuid;
    public readonly delegate* unmanaged<nuint*, nuint*, int> MemGetInfo;
    public readonly delegate* unmanaged<nint*, nuint, int> MemAlloc;
    public readonly delegate* unmanaged<nint, int> MemFree;
    public readonly delegate* unmanaged<nint*, nuint, nint, int> MemAllocAsync;
    public readonly delegate* unmanaged<nint, nint, int> MemFreeAsync;
    public readonly delegate* unmanaged<void**, nuint, uint, int> MemHostAlloc;
    public readonly delegate* unmanaged<void*, int> MemFreeHost;
    public readonly delegate* unmanaged<nint, void*, nuint, nint, int> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, nint, nuint, nint, int> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<nint, nint, nuint, nint, int> MemcpyDtoDAsync;
    public readonly delegate* unmanaged<nint, nint, nint, nint, nuint, nint, int> MemcpyPeerAsync;
    public readonly delegate* unmanaged<nint, nint, uint, int> StreamWaitEvent;
    public readonly delegate* unmanaged<nint*, uint, int> StreamCreate;
    public readonly delegate* unmanaged<nint, int> StreamSynchronize;
    public readonly delegate* unmanaged<nint, int> StreamDestroy;
    public readonly delegate* unmanaged<nint, int, int> StreamBeginCapture;
    public readonly delegate* unmanaged<nint, nint*, int> StreamEndCapture;
    public readonly delegate* unmanaged<nint*, nint, ulong, int> GraphInstantiate;
    public readonly delegate* unmanaged<nint, nint, int> GraphLaunch;
    public readonly delegate* unmanaged<nint, int> GraphExecDestroy;
    public readonly delegate* unmanaged<nint, int> GraphDestroy;
    public readonly delegate* unmanaged<nint*, void*, int> ModuleLoadData;
    public readonly delegate* unmanaged<nint, int> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction;
    public readonly delegate* unmanaged<nint, int, int, int> FuncSetAttribute;
    public readonly delegate* unmanaged<int*, int, nint, int> FuncGetAttribute;
    public readonly delegate* unmanaged<CudaLaunchConfig*, nint, void**, void**, int> LaunchKernelEx;
    public readonly delegate* unmanaged<nint*, uint, int> EventCreate;
    public readonly delegate* unmanaged<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged<nint, int> EventSynchronize;
    public readonly delegate* unmanaged<float*, nint, nint, int> EventElapsedTime;
    public readonly delegate* unmanaged<nint, int> EventDestroy;

    /// <summary>Looks for the driver; says where, found or not.</summary>
    public static NativeLibrarySearch Search() => new("CUDA driver", "LDNET_CUDA_LIBRARY",
        OperatingSystem.IsWindows() ? ["nvcuda.dll"]
        : ["libcuda.so.1", "libcuda.so", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib64/libcuda.so.1",
            "/usr/local/nvidia/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1",
            "/usr/local/cuda/compat/libcuda.so.1"]);
}
