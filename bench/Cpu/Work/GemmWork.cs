using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Bench;

/// <summary>Matrix products.</summary>
static class GemmWork
{
    public static IReadOnlyList<Work> Rows { get; } =
    [
        Product(GemmKind.NN, 2048, 2048, 2048),
        Product(GemmKind.NT, 2048, 2048, 2048),
        Product(GemmKind.NN, 2560, 1200, 300),
        Product(GemmKind.NT, 2560, 1200, 300),
        Product(GemmKind.NT, 2560, 1200, 3000),
    ];

    static Work Product(GemmKind kind, int rows, int columns, int depth) =>
        new($"gemm.{(kind == GemmKind.NN ? "" : kind + ".")}{rows}x{columns}x{depth}", 2.0 * rows * columns * depth,
            1.1, backend =>
        {
            var a = Tensor.From<float>(backend, Operands.Values((long)rows * depth, 0), new Shape(rows, depth));
            var b = Tensor.From<float>(backend, Operands.Values((long)columns * depth, 1),
                kind == GemmKind.NT ? new Shape(columns, depth) : new Shape(depth, columns));
            var c = Tensor.Empty(backend, new Shape(rows, columns));
            return () => backend.Gemm.Multiply(kind, a.View, b.View, c.View);
        });
}
