using System.Runtime.InteropServices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Nccl;

/// <summary>What the ranks of a communicator find each other by: made by one, passed on to the others.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NcclUniqueId
{
    /// <summary>Its length in bytes.</summary>
    public const int Bytes = 128;

    public fixed byte Value[Bytes];
}

/// <summary>
/// The functions of NCCL that a run needs, from the library found at run time. Signatures and numbers: NVIDIA, nccl.h.
/// </summary>
sealed unsafe class NcclApi
{
    /// <summary>Environment variable with the library's path.</summary>
    public const string Variable = "LDNET_NCCL_LIBRARY";

    /// <summary>ncclUint8, ncclFloat32 of ncclDataType_t; ncclSum of ncclRedOp_t.</summary>
    public const int Uint8 = 1, Float32 = 7, Sum = 0;

    /// <summary>ncclSuccess of ncclResult_t.</summary>
    public const int Success = 0;

    const int InProgress = 7;

    readonly NativeLibrarySearch library;

    public NcclApi(NativeLibrarySearch library)
    {
        this.library = library;
        GetVersion = (delegate* unmanaged<int*, int>)library.Export("ncclGetVersion");
        GetUniqueId = (delegate* unmanaged<NcclUniqueId*, int>)library.Export("ncclGetUniqueId");
        CommInitRank = (delegate* unmanaged<nint*, int, NcclUniqueId, int, int>)library.Export("ncclCommInitRank");
        AllReduce = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)library.Export("ncclAllReduce");
        AllGather = (delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)library.Export("ncclAllGather");
        CommGetAsyncError = (delegate* unmanaged<nint, int*, int>)library.Export("ncclCommGetAsyncError");
        CommAbort = (delegate* unmanaged<nint, int>)library.Export("ncclCommAbort");
        CommDestroy = (delegate* unmanaged<nint, int>)library.Export("ncclCommDestroy");
        GetErrorString = (delegate* unmanaged<int, byte*>)library.Export("ncclGetErrorString");
        GetLastError = (delegate* unmanaged<nint, byte*>)library.Export("ncclGetLastError");
        int version;
        Check(GetVersion(&version), "ncclGetVersion");
        Version = VersionOf(version);
    }

    public readonly delegate* unmanaged<int*, int> GetVersion;
    public readonly delegate* unmanaged<NcclUniqueId*, int> GetUniqueId;
    public readonly delegate* unmanaged<nint*, int, NcclUniqueId, int, int> CommInitRank;
    public readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> AllReduce;
    public readonly delegate* unmanaged<nint, nint, nuint, int, nint, nint, int> AllGather;
    public readonly delegate* unmanaged<nint, int*, int> CommGetAsyncError;
    public readonly delegate* unmanaged<nint, int> CommAbort;
    public readonly delegate* unmanaged<nint, int> CommDestroy;
    public readonly delegate* unmanaged<int, byte*> GetErrorString;
    public readonly delegate* unmanaged<nint, byte*> GetLastError;

    /// <summary><c>2.27.3</c>.</summary>
    public string Version { get; }

    /// <summary>Where it was found.</summary>
    public string Place => library.Place!;

    /// <summary>Looks for the library where CUDA's are.</summary>
    public static NativeLibrarySearch Search() => new("NCCL", Variable, CudaLibraryPlaces.Of("nccl", "libnccl.so.2"));

    /// <exception cref="UserException">The call failed; says what NCCL calls the error.</exception>
    public void Check(int code, string call)
    {
        if (Problem(code) is { } problem) throw new UserException($"{call}: {problem}");
    }

    /// <summary>What a code stands for, in NCCL's words; null where it is no error.</summary>
    public string? Problem(int code)
    {
        if (code is Success or InProgress) return null;
        var last = Marshal.PtrToStringUTF8((nint)GetLastError(0))?.Trim();
        return Marshal.PtrToStringUTF8((nint)GetErrorString(code)) + (string.IsNullOrEmpty(last) ? "" : $": {last}");
    }

    // nccl.h, NCCL_VERSION: since 2.9 major · 10,000 + minor · 100 + patch, before it major · 1000 + minor · 100 +
    // patch.
    internal static string VersionOf(int number) => number < 10_000
        ? $"{number / 1000}.{number / 100 % 10}.{number % 100}"
        : $"{number / 10_000}.{number / 100 % 100}.{number % 100}";
}
