using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Launches of <see cref="TensorCoreGemmKernels"/>: tiles of 128 x 128 by 8 warps where they fill the device, else of 64 x 64 by 4.</summary>
static class TensorCoreGemm
{
    public static void Multiply(GpuDevice device, GemmKind kind, MatrixView<float> a, MatrixView<float> b, MatrixView<float> c,
        ProductShape shape, Epilogue<float> epilogue, MathMode math, ProductDropout dropout)
    {
        var (rows, _, columns) = shape;
        var isLarge = (long)Tiles(rows, 128) * Tiles(columns, 128) >= device.Capabilities.MultiProcessors && Math.Min(rows, columns) > 64;
        var (rowTiles, warpColumns, side) = isLarge ? (4, 4, 128) : (2, 2, 64);
        var shared = 2 * (TileElements(kind != GemmKind.TN, side) + TileElements(kind == GemmKind.NT, side));
        TensorCoreGemmKernels.LaunchMultiply(device,
            new LaunchConfig(
                new Index2D(Tiles(columns, side), Tiles(rows, side)),
                new Index2D(32 * TensorCoreGemmKernels.WarpRows * warpColumns, 1),
                SharedMemoryConfig.RequestDynamic<float>(shared)),
            (int)kind, math == MathMode.Tf32 ? 1 : 3, rowTiles, warpColumns, CopyWidth(a), CopyWidth(b), (int)dropout.Operand,
            new(a, b), c, shape, epilogue, dropout.Mask<float>());
    }

    static int Tiles(int length, int side) => (int)(((long)length + side - 1) / side);

    static int TileElements(bool along, int side) => along
        ? side * (TensorCoreGemmKernels.TileDepth + TensorCoreGemmKernels.PaddingAlong)
        : TensorCoreGemmKernels.TileDepth * (side + TensorCoreGemmKernels.PaddingAcross);

    // Buffers start on multiples of 16 bytes on every device.
    static int CopyWidth(MatrixView<float> matrix) => matrix.Offset % 4 == 0 && matrix.RowStride % 4 == 0 ? 4 : 1;
}
