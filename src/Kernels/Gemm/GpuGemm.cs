using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Matrix products on a device that runs kernels: tiles of 64 x 64, or of 16 x 64 where there are few rows.</summary>
public sealed class GpuGemm<T>(GpuDevice device) : IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const int FewRows = 32;

    public void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None)
    {
        var (rows, depth, columns) = GemmChecks.Product(kind, a, b, c, accumulate, bias, activation);
        if (rows == 0 || columns == 0) return;
        var rowsPerLane = rows <= FewRows ? 1 : 4;
        var tileRows = GemmKernels.Side * rowsPerLane;
        var grid = new Index2D((columns + GemmKernels.TileColumns - 1) / GemmKernels.TileColumns, (rows + tileRows - 1) / tileRows);
        GemmKernels.LaunchMultiply(device, new KernelConfig(grid, new Index2D(GemmKernels.Side, GemmKernels.Side)), (int)kind, rowsPerLane, a.Array, a.RowStride, b.Array, b.RowStride,
            c.Array, c.RowStride, rows, columns, depth, bias.Array, accumulate, activation == Activation.Relu);
    }
}
