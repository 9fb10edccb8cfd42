using ILGPU;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// Large plain matrix products by NVIDIA's cuBLAS, where it is found: an alternative to our own kernel, and the rate to
/// measure that by. Not through ILGPU.Algorithms, which knows cuBLAS 10 to 12 by fixed names: 13 is what comes with new
/// drivers' CUDA.
/// </summary>
sealed unsafe class CublasGemm : IDisposable
{
    const int Plain = 0, Transposed = 1, PedanticMath = 2, TensorFloat32Math = 3;

    readonly NvidiaDevice device;
    readonly CublasApi api;
    nint handle;

    /// <param name="device">The GPU, in whose context and stream it works.</param>
    /// <param name="tensorFloat32">Floats are rounded to tf32 (10 bits of mantissa) for the tensor cores; else the
    /// products are exact to float.</param>
    /// <exception cref="UserException">cuBLAS is not there; every place tried.</exception>
    public CublasGemm(NvidiaDevice device, bool tensorFloat32)
    {
        this.device = device;
        api = new(Library(device.Info.DriverVersion / 1000));
        device.MakeCurrent();
        nint created;
        Check(api.Create(&created), "cublasCreate");
        handle = created;
        try
        {
            Check(api.SetStream(handle, device.StreamHandle), "cublasSetStream");
            Check(api.SetMathMode(handle, tensorFloat32 ? TensorFloat32Math : PedanticMath), "cublasSetMathMode");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where cuBLAS was looked for.</summary>
    public static NativeLibrarySearch Library(int driverMajor) =>
        new("cuBLAS (optional)", "LDNET_CUBLAS_LIBRARY", CudaLibraryPlaces.Of("cublas", driverMajor));

    /// <summary>
    /// C (m x n) = op(A) op(B) + beta C, all by rows; op(A) is m x k. Strides are elements from row to row.
    /// </summary>
    public void Multiply(int m, int n, int k, ArrayView<float> a, int aStride, bool transposeA, ArrayView<float> b,
        int bStride, bool transposeB, float beta, ArrayView<float> c, int cStride)
    {
        if (m == 0 || n == 0) return;
        var alpha = 1f;
        device.MakeCurrent();
        // cuBLAS counts by columns: the same memory read so is the transpose, and C' = op(B)' op(A)'.
        Check(api.Sgemm(handle, Operation(transposeB), Operation(transposeA), n, m, k,
                &alpha, Address(b), bStride, Address(a), aStride, &beta, Address(c), cStride),
            $"cublasSgemm of {m} x {k} by {k} x {n}");
    }

    /// <summary>The same in double.</summary>
    public void Multiply(int m, int n, int k, ArrayView<double> a, int aStride, bool transposeA, ArrayView<double> b,
        int bStride, bool transposeB, double beta, ArrayView<double> c, int cStride)
    {
        if (m == 0 || n == 0) return;
        var alpha = 1.0;
        device.MakeCurrent();
        Check(api.Dgemm(handle, Operation(transposeB), Operation(transposeA), n, m, k,
                &alpha, Address(b), bStride, Address(a), aStride, &beta, Address(c), cStride),
            $"cublasDgemm of {m} x {k} by {k} x {n}");
    }

    public void Dispose()
    {
        if (handle != 0 && !device.IsDisposed)
        {
            device.Settle();
            api.Destroy(handle);
        }
        handle = 0;
    }

    static int Operation(bool transposed) => transposed ? Transposed : Plain;

    static nint Address<T>(ArrayView<T> view) where T : unmanaged => NvidiaDevice.AddressOf(view);

    static void Check(int code, string what)
    {
        if (code != 0)
            throw new UserException($"cuBLAS: {what} failed with status {code} (cublasStatus_t in cublas_api.h).");
    }
}
