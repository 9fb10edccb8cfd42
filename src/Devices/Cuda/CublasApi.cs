using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>The functions of cuBLAS that <see cref="CublasGemm"/> calls. Signatures: NVIDIA, cublas_api.h.</summary>
sealed unsafe class CublasApi
{
    public CublasApi(NativeLibrarySearch library)
    {
        Create = (delegate* unmanaged<nint*, int>)library.Export("cublasCreate_v2");
        Destroy = (delegate* unmanaged<nint, int>)library.Export("cublasDestroy_v2");
        SetStream = (delegate* unmanaged<nint, nint, int>)library.Export("cublasSetStream_v2");
        SetMathMode = (delegate* unmanaged<nint, int, int>)library.Export("cublasSetMathMode");
        Sgemm =
            (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint, int,
                int>)library.Export("cublasSgemm_v2");
        Dgemm =
            (delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, nint, int, double*, nint, int,
                int>)library.Export("cublasDgemm_v2");
    }

    public readonly delegate* unmanaged<nint*, int> Create;
    public readonly delegate* unmanaged<nint, int> Destroy;
    public readonly delegate* unmanaged<nint, nint, int> SetStream;
    public readonly delegate* unmanaged<nint, int, int> SetMathMode;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, nint, int, float*, nint, int,
        int> Sgemm;
    public readonly delegate* unmanaged<nint, int, int, int, int, int, double*, nint, int, nint, int, double*, nint,
        int, int> Dgemm;
}
