using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.OpenCl;

/// <summary>
/// The functions of OpenCL 1.2 that a device needs, from the loader found at run time. Signatures: Khronos, cl.h.
/// </summary>
sealed unsafe class OpenClApi
{
    static readonly Lazy<OpenClApi> Loaded = new(() => new OpenClApi(Search()));

    OpenClApi(NativeLibrarySearch library)
    {
        GetPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)library.Export("clGetPlatformIDs");
        GetPlatformInfo =
            (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)library.Export("clGetPlatformInfo");
        GetDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)library.Export("clGetDeviceIDs");
        GetDeviceInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)library.Export("clGetDeviceInfo");
        CreateContext =
            (delegate* unmanaged<nint*, uint, nint*, void*, void*, int*, nint>)library.Export("clCreateContext");
        ReleaseContext = (delegate* unmanaged<nint, int>)library.Export("clReleaseContext");
        CreateCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)library.Export("clCreateCommandQueue");
        ReleaseCommandQueue = (delegate* unmanaged<nint, int>)library.Export("clReleaseCommandQueue");
        CreateBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)library.Export("clCreateBuffer");
        ReleaseMemObject = (delegate* unmanaged<nint, int>)library.Export("clReleaseMemObject");
        EnqueueWriteBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)library.Export(
                "clEnqueueWriteBuffer");
        EnqueueReadBuffer =
            (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)library.Export(
                "clEnqueueReadBuffer");
        CreateProgramWithSource =
            (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)library.Export("clCreateProgramWithSource");
        CreateProgramWithBinary =
            (delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint>)library.Export(
                "clCreateProgramWithBinary");
        BuildProgram =
            (delegate* unmanaged<nint, uint, nint*, byte*, void*, void*, int>)library.Export("clBuildProgram");
        GetProgramInfo = (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)library.Export("clGetProgramInfo");
        GetProgramBuildInfo =
            (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)library.Export("clGetProgramBuildInfo");
        ReleaseProgram = (delegate* unmanaged<nint, int>)library.Export("clReleaseProgram");
        CreateKernel = (delegate* unmanaged<nint, byte*, int*, nint>)library.Export("clCreateKernel");
        ReleaseKernel = (delegate* unmanaged<nint, int>)library.Export("clReleaseKernel");
        GetKernelWorkGroupInfo = (delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int>)library.Export(
            "clGetKernelWorkGroupInfo");
        SetKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)library.Export("clSetKernelArg");
        EnqueueKernel =
            (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)library.Export(
                "clEnqueueNDRangeKernel");
        EnqueueMarker =
            (delegate* unmanaged<nint, uint, nint*, nint*, int>)library.Export("clEnqueueMarkerWithWaitList");
        GetEventProfilingInfo =
            (delegate* unmanaged<nint, uint, nuint, void*, nuint*, int>)library.Export("clGetEventProfilingInfo");
        ReleaseEvent = (delegate* unmanaged<nint, int>)library.Export("clReleaseEvent");
        Finish = (delegate* unmanaged<nint, int>)library.Export("clFinish");
    }

    /// <summary>The functions; the first use looks for the library.</summary>
    /// <exception cref="UserException">No loader, with every place tried.</exception>
    public static OpenClApi Instance => Loaded.Value;

    public readonly delegate* unmanaged<uint, nint*, uint*, int> GetPlatformIds;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetPlatformInfo;
    public readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> GetDeviceIds;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetDeviceInfo;
    public readonly delegate* unmanaged<nint*, uint, nint*, void*, void*, int*, nint> CreateContext;
    public readonly delegate* unmanaged<nint, int> ReleaseContext;
    public readonly delegate* unmanaged<nint, nint, ulong, int*, nint> CreateCommandQueue;
    public readonly delegate* unmanaged<nint, int> ReleaseCommandQueue;
    public readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> CreateBuffer;
    public readonly delegate* unmanaged<nint, int> ReleaseMemObject;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*,
        int> EnqueueWriteBuffer;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*,
        int> EnqueueReadBuffer;
    public readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> CreateProgramWithSource;
    public readonly delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint> CreateProgramWithBinary;
    public readonly delegate* unmanaged<nint, uint, nint*, byte*, void*, void*, int> BuildProgram;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetProgramInfo;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetProgramBuildInfo;
    public readonly delegate* unmanaged<nint, int> ReleaseProgram;
    public readonly delegate* unmanaged<nint, byte*, int*, nint> CreateKernel;
    public readonly delegate* unmanaged<nint, int> ReleaseKernel;
    public readonly delegate* unmanaged<nint, nint, uint, nuint, void*, nuint*, int> GetKernelWorkGroupInfo;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, int> SetKernelArg;
    public readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*,
        int> EnqueueKernel;
    public readonly delegate* unmanaged<nint, uint, nint*, nint*, int> EnqueueMarker;
    public readonly delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> GetEventProfilingInfo;
    public readonly delegate* unmanaged<nint, int> ReleaseEvent;
    public readonly delegate* unmanaged<nint, int> Finish;

    /// <summary>Looks for the loader; says where, found or not.</summary>
    public static NativeLibrarySearch Search() => new("OpenCL loader", "LDNET_OPENCL_LIBRARY",
        OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so", "/usr/lib/x86_64-linux-gnu/libOpenCL.so.1", "/usr/lib64/libOpenCL.so.1",
            "/usr/local/cuda/lib64/libOpenCL.so.1", "/opt/rocm/lib/libOpenCL.so.1"]);
}
