using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// NVIDIA's run-time compiler, found at run time. Signatures: NVIDIA, nvrtc.h, the same since CUDA 11.2.
/// </summary>
sealed unsafe class NvrtcApi
{
    NvrtcApi(NativeLibrarySearch library)
    {
        Version = (delegate* unmanaged<int*, int*, int>)library.Export("nvrtcVersion");
        GetErrorString = (delegate* unmanaged<int, byte*>)library.Export("nvrtcGetErrorString");
        GetNumSupportedArchs = (delegate* unmanaged<int*, int>)library.Export("nvrtcGetNumSupportedArchs");
        GetSupportedArchs = (delegate* unmanaged<int*, int>)library.Export("nvrtcGetSupportedArchs");
        CreateProgram =
            (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)library.Export("nvrtcCreateProgram");
        DestroyProgram = (delegate* unmanaged<nint*, int>)library.Export("nvrtcDestroyProgram");
        CompileProgram = (delegate* unmanaged<nint, int, byte**, int>)library.Export("nvrtcCompileProgram");
        GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)library.Export("nvrtcGetCUBINSize");
        GetCubin = (delegate* unmanaged<nint, byte*, int>)library.Export("nvrtcGetCUBIN");
        GetPtxSize = (delegate* unmanaged<nint, nuint*, int>)library.Export("nvrtcGetPTXSize");
        GetPtx = (delegate* unmanaged<nint, byte*, int>)library.Export("nvrtcGetPTX");
        GetLogSize = (delegate* unmanaged<nint, nuint*, int>)library.Export("nvrtcGetProgramLogSize");
        GetLog = (delegate* unmanaged<nint, byte*, int>)library.Export("nvrtcGetProgramLog");
        Place = library.Place!;
    }

    public readonly delegate* unmanaged<int*, int*, int> Version;
    public readonly delegate* unmanaged<int, byte*> GetErrorString;
    public readonly delegate* unmanaged<int*, int> GetNumSupportedArchs;
    public readonly delegate* unmanaged<int*, int> GetSupportedArchs;
    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram;
    public readonly delegate* unmanaged<nint*, int> DestroyProgram;
    public readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram;
    public readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize;
    public readonly delegate* unmanaged<nint, byte*, int> GetCubin;
    public readonly delegate* unmanaged<nint, nuint*, int> GetPtxSize;
    public readonly delegate* unmanaged<nint, byte*, int> GetPtx;
    public readonly delegate* unmanaged<nint, nuint*, int> GetLogSize;
    public readonly delegate* unmanaged<nint, byte*, int> GetLog;

    /// <summary>Where it was found.</summary>
    public string Place { get; }

    /// <exception cref="UserException">The compiler is not there, with every place tried.</exception>
    public static NvrtcApi From(NativeLibrarySearch library) => new(library);

    /// <summary>Looks for the compiler of a CUDA that the driver knows, else for any.</summary>
    /// <param name="driverMajor">The driver's CUDA: 12, 13.</param>
    public static NativeLibrarySearch Search(int driverMajor) =>
        new("NVIDIA run-time compiler (NVRTC)", "LDNET_NVRTC_LIBRARY", CudaLibraryPlaces.Of("nvrtc", driverMajor));
}
