// cuBLAS's matrix products on the emulated device: queued through the driver, so that streams, recording and lateness
// hold for them too.
#include "driver_library.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#define CUBLAS_API extern "C" __attribute__((visibility("default"))) int

namespace
{
/// cublasStatus_t of cublas_api.h.
enum Status
{
    Success = 0,
    NotInitialized = 1,
    InvalidValue = 7,
    ExecutionFailed = 13,
};

/// cublasOperation_t, cublasPointerMode_t, cublasMath_t.
constexpr int Plain = 0, ConjugateTransposed = 2;
constexpr int HostPointers = 0, DevicePointers = 1;
constexpr int DefaultMath = 0, TensorFloat32Math = 3;

constexpr int Version = 130000; // 13.0.0

struct Handle
{
    void* stream = nullptr;
    int math = DefaultMath, pointers = HostPointers;
};

/// What is asked of the driver.
struct Driver
{
    int (*launchHostFunction)(void* stream, void (*function)(void*), void* data);
    int (*addressRange)(void** start, size_t* bytes, const void* address);
};

/// Null where there is none.
const Driver* driver()
{
    static Driver found;
    if (found.launchHostFunction) return &found;
    void* library = emu::openDriver();
    if (!library) return nullptr;
    emu::find(found.addressRange, library, "cuMemGetAddressRange_v2");
    emu::find(found.launchHostFunction, library, "cuLaunchHostFunc");
    return &found;
}

/// Whether a matrix by columns lies in one allocation. On a GPU a stray product is an illegal access; here it would be
/// one of the process.
template <typename T> bool isAllocated(const T* matrix, int rows, int columns, int stride)
{
    if (rows == 0 || columns == 0) return true;
    void* start;
    size_t bytes;
    if (driver()->addressRange(&start, &bytes, matrix) != 0) return false;
    const size_t offset = reinterpret_cast<const char*>(matrix) - static_cast<char*>(start);
    return offset + (static_cast<size_t>(columns - 1) * stride + rows) * sizeof(T) <= bytes;
}

/// cvt.rna.tf32: to 10 bits of mantissa, nearest, ties away from zero.
float toTf32(float value)
{
    if (!std::isfinite(value)) return value;
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    bits = (bits + 0x1000u) & 0xffffe000u;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double toTf32(double value) { return value; }

/// C (m x n) = alpha op(A) op(B) + beta C, all by columns; op(A) is m x k.
template <typename T> struct Product
{
    bool transposeA, transposeB, tensorFloat32, onDevice;
    int m, n, k;
    const T *alpha, *beta; // for device pointers, read when the product runs
    T hostAlpha, hostBeta;
    const T* a;
    int aStride;
    const T* b;
    int bStride;
    T* c;
    int cStride;

    /// An element of op(matrix).
    double element(const T* matrix, int stride, bool transpose, long row, long column) const
    {
        const T value = transpose ? matrix[column + row * stride] : matrix[row + column * stride];
        return tensorFloat32 ? toTf32(value) : value;
    }

    /// Sums are in double and rounded once. Beta 0: C is not read, as cuBLAS documents.
    void run() const
    {
        const double scaleA = onDevice ? *alpha : hostAlpha, scaleC = onDevice ? *beta : hostBeta;
        std::vector<double> rows(static_cast<size_t>(m) * k); // op(A), a row after another
        for (int row = 0; row < m; row++)
            for (int i = 0; i < k; i++)
                rows[static_cast<size_t>(row) * k + i] = element(a, aStride, transposeA, row, i);
        std::vector<double> column(k);
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < k; i++) column[i] = element(b, bStride, transposeB, i, j);
            for (int row = 0; row < m; row++)
            {
                double sum = 0;
                for (int i = 0; i < k; i++) sum += rows[static_cast<size_t>(row) * k + i] * column[i];
                T& result = c[row + static_cast<long>(j) * cStride];
                result = static_cast<T>(scaleA * sum + (scaleC == 0 ? 0 : scaleC * result));
            }
        }
    }
};

bool isOperation(int operation) { return operation >= Plain && operation <= ConjugateTransposed; }

// cublas_api.h, cublas<t>gemm: CUBLAS_STATUS_INVALID_VALUE for negative sizes, unknown operations, and leading
// dimensions that are too small.
template <typename T>
int multiply(Handle* handle, int operationA, int operationB, int m, int n, int k, const T* alpha, const T* a,
    int aStride, const T* b, int bStride, const T* beta, T* c, int cStride)
{
    if (!handle) return NotInitialized;
    if (!isOperation(operationA) || !isOperation(operationB) || m < 0 || n < 0 || k < 0 || !alpha || !beta)
        return InvalidValue;
    const bool transposeA = operationA != Plain, transposeB = operationB != Plain;
    if (aStride < std::max(1, transposeA ? k : m) || bStride < std::max(1, transposeB ? n : k) ||
        cStride < std::max(1, m))
        return InvalidValue;
    if (m == 0 || n == 0) return Success;
    if (!c || (k > 0 && (!a || !b))) return InvalidValue;
    if (!driver()) return NotInitialized;
    const bool isThere = isAllocated(a, transposeA ? k : m, transposeA ? m : k, aStride) &&
        isAllocated(b, transposeB ? n : k, transposeB ? k : n, bStride) && isAllocated(c, m, n, cStride);
    if (!isThere) return ExecutionFailed;
    const bool onDevice = handle->pointers == DevicePointers, tensorFloat32 = handle->math == TensorFloat32Math;
    const T hostAlpha = onDevice ? 0 : *alpha, hostBeta = onDevice ? 0 : *beta;
    // Kept for good: recorded work may run again.
    auto* product = new Product<T>{transposeA, transposeB, tensorFloat32, onDevice, m, n, k, alpha, beta, hostAlpha,
        hostBeta, a, aStride, b, bStride, c, cStride};
    const auto run = [](void* data) { static_cast<Product<T>*>(data)->run(); };
    return driver()->launchHostFunction(handle->stream, run, product) == 0 ? Success : ExecutionFailed;
}
}

CUBLAS_API cublasCreate_v2(Handle** handle)
{
    if (!driver()) return NotInitialized;
    *handle = new Handle;
    return Success;
}

CUBLAS_API cublasDestroy_v2(Handle* handle)
{
    if (!handle) return NotInitialized;
    delete handle;
    return Success;
}

CUBLAS_API cublasGetVersion_v2(Handle* handle, int* version)
{
    if (!handle) return NotInitialized;
    *version = Version;
    return Success;
}

CUBLAS_API cublasSetStream_v2(Handle* handle, void* stream)
{
    if (!handle) return NotInitialized;
    handle->stream = stream;
    return Success;
}

CUBLAS_API cublasGetStream_v2(Handle* handle, void** stream)
{
    if (!handle) return NotInitialized;
    *stream = handle->stream;
    return Success;
}

CUBLAS_API cublasSetMathMode(Handle* handle, int mode)
{
    if (!handle) return NotInitialized;
    if (mode < DefaultMath || mode > TensorFloat32Math) return InvalidValue;
    handle->math = mode;
    return Success;
}

CUBLAS_API cublasSetPointerMode_v2(Handle* handle, int mode)
{
    if (!handle) return NotInitialized;
    if (mode != HostPointers && mode != DevicePointers) return InvalidValue;
    handle->pointers = mode;
    return Success;
}

CUBLAS_API cublasSgemm_v2(Handle* handle, int operationA, int operationB, int m, int n, int k, const float* alpha,
    const float* a, int aStride, const float* b, int bStride, const float* beta, float* c, int cStride)
{
    return multiply(handle, operationA, operationB, m, n, k, alpha, a, aStride, b, bStride, beta, c, cStride);
}

CUBLAS_API cublasDgemm_v2(Handle* handle, int operationA, int operationB, int m, int n, int k, const double* alpha,
    const double* a, int aStride, const double* b, int bStride, const double* beta, double* c, int cStride)
{
    return multiply(handle, operationA, operationB, m, n, k, alpha, a, aStride, b, bStride, beta, c, cStride);
}
