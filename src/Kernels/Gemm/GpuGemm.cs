using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// Matrix products on a device that runs kernels: on tensor cores where that is asked for and offered,
/// else by tiles of 64 x 64, or of 16 x 64 where there are few rows, or of tuned sizes.
/// </summary>
sealed class GpuGemm<T>(GpuDevice device, KernelChoice? choice = null) : IGemm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    const int FewRows = 32;

    internal static KernelOperation<Product<T>> Kernels { get; } = new("matrix product",
        new(TensorCoreGemmKernels.MultiplyInstance(),
            static (device, product) => TensorCoreGemm.Multiply(device, product.As<float>()),
            KernelCondition.Floats,
            new("tf32 or tf32x3 is asked for", query => query.Choice.Math != ProductPrecision.Float32),
            new("the depth is at least 1", query => query.Depth > 0)),
        new(GemmKernels.MultiplyInstance<T>(), Multiply));

    readonly KernelChoice choice = choice ?? KernelChoice.Default;

    public void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None, ProductDropout dropout = default)
    {
        var shape = GemmChecks.Product(device, kind, a, b, c, accumulate, bias, activation, dropout);
        if (shape.Rows == 0 || shape.Columns == 0) return;
        Kernels.Run(device, new(device.Capabilities, typeof(T), choice, shape.Rows, shape.Columns, shape.Depth),
            new(kind, a, b, c, shape, bias, activation, accumulate, dropout, choice.Math));
    }

    static void Multiply(GpuDevice device, Product<T> product)
    {
        var (kind, dropped) = ((int)product.Kind, (int)product.Dropout.Operand);
        var isFew = product.Shape.Rows <= FewRows;
        var (rowsPerLane, columnsPerLane) = GemmKernels.TunedMultiply<T>(device, isFew ? "few rows" : "many rows",
            kind, isFew ? 1 : 4, GemmKernels.ColumnsPerLane, dropped);
        var (tileRows, tileColumns) = (GemmKernels.Side * rowsPerLane, GemmKernels.Side * columnsPerLane);
        var grid = new Index2D((product.Shape.Columns + tileColumns - 1) / tileColumns,
            (product.Shape.Rows + tileRows - 1) / tileRows);
        GemmKernels.LaunchMultiply(device, new LaunchConfig(grid, new Index2D(GemmKernels.Side, GemmKernels.Side)),
            kind, rowsPerLane, columnsPerLane, dropped, product.Operands, product.C, product.Shape, product.Epilogue);
    }
}
