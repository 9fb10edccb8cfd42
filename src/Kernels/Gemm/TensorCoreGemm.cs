using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// Launches of <see cref="TensorCoreGemmKernels"/>: tiles of 128 x 128 by 8 warps where they fill the device, else of
/// 64 x 64 by 4.
/// </summary>
static class TensorCoreGemm
{
    public static void Multiply(GpuDevice device, Product<float> product)
    {
        var kind = product.Kind;
        var (rows, _, columns) = product.Shape;
        var isLarge = (long)Tiles(rows, 128) * Tiles(columns, 128) >= device.Capabilities.MultiProcessors
            && Math.Min(rows, columns) > 64;
        var side = isLarge ? 128 : 64;
        var warpColumns = side / (TensorCoreGemmKernels.ColumnTiles * TensorCoreGemmKernels.MmaColumns);
        var shared = 2 * (TileElements(kind != GemmKind.TN, side) + TileElements(kind == GemmKind.NT, side));
        TensorCoreGemmKernels.LaunchMultiply(device,
            new LaunchConfig(
                new Index2D(Tiles(columns, side), Tiles(rows, side)),
                new Index2D(32 * TensorCoreGemmKernels.WarpRows * warpColumns, 1),
                SharedMemoryConfig.RequestDynamic<float>(shared)),
            (int)kind, product.Math == ProductPrecision.Tf32 ? 1 : 3, side, (int)Wide(product),
            (int)product.Dropout.Operand, product.Operands, product.C, product.Shape, product.Epilogue);
    }

    static int Tiles(int length, int side) => (int)(((long)length + side - 1) / side);

    static int TileElements(bool along, int side) => along
        ? side * (TensorCoreGemmKernels.TileDepth + TensorCoreGemmKernels.PaddingAlong)
        : TensorCoreGemmKernels.TileDepth * (side + TensorCoreGemmKernels.PaddingAcross);

    static WideOperands Wide(Product<float> product) =>
        (product.A.HasRowsOn16Bytes ? WideOperands.A : WideOperands.None)
        | (product.B.HasRowsOn16Bytes ? WideOperands.B : WideOperands.None);
}
