using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Matrix products, ours and, on CUDA, cuBLAS's.</summary>
static class ProductWork
{
    /// <summary>The products; the first one is measured in every run.</summary>
    public static IEnumerable<DeviceWork<T>> Rows<T>(BenchSizes sizes) where T : unmanaged, IFloatingPointIeee754<T> =>
        sizes.Products.Select(
            product => Row<T>("", product, (backend, a, b, c) => () => backend.Gemm.Multiply(product.Kind, a, b, c)));

    /// <summary>
    /// The same products by cuBLAS, in exact float or double; for float also with operands rounded to tf32.
    /// </summary>
    public static IEnumerable<DeviceWork<T>> Cublas<T>(BenchSizes sizes, CublasGemm exact, CublasGemm tensorFloat32)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        (typeof(T) == typeof(float) ? [("cublas ", exact), ("cublas tf32 ", tensorFloat32)]
            : new[] { ("cublas ", exact) }).SelectMany(library =>
                sizes.Products.Select(product =>
                    Row<T>(library.Item1, product,
                        (_, a, b, c) => () => Multiply(library.Item2, product.Kind, a, b, c)) with { IsPeers = true }));

    static DeviceWork<T> Row<T>(string by, (GemmKind Kind, int M, int N, int K) product,
        Func<DeviceBackend<T>, MatrixView<T>, MatrixView<T>, MatrixView<T>, Action> multiply)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (kind, m, n, k) = product;
        return new($"{by}gemm.{(kind == GemmKind.NN ? "" : kind + ".")}{m}x{n}x{k}",
            ((double)m * k + (double)k * n + (double)m * n) * MemoryWork.Size<T>(), 2.0 * m * n * k, backend =>
        {
            var a = Operands.Of(backend, kind == GemmKind.TN ? new(k, m) : new(m, k));
            var b = Operands.Of(backend, kind == GemmKind.NT ? new(n, k) : new(k, n));
            return multiply(backend, a.View, b.View, Tensor.Empty(backend, new(m, n)).View);
        });
    }

    static void Multiply<T>(CublasGemm library, GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c)
        where T : unmanaged
    {
        var (transposeA, transposeB) = (kind == GemmKind.TN, kind == GemmKind.NT);
        var depth = transposeA ? a.Rows : a.Columns;
        if (a is MatrixView<float> floats && b is MatrixView<float> others && c is MatrixView<float> result)
            library.Multiply(c.Rows, c.Columns, depth, floats.Array, a.RowStride, transposeA, others.Array, b.RowStride,
                transposeB, 0f, result.Array, c.RowStride);
        if (a is MatrixView<double> doubles && b is MatrixView<double> otherDoubles && c is MatrixView<double> results)
            library.Multiply(c.Rows, c.Columns, depth, doubles.Array, a.RowStride, transposeA, otherDoubles.Array,
                b.RowStride, transposeB, 0.0, results.Array, c.RowStride);
    }
}
