using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Matrix products on a device that runs kernels: on tensor cores where that is asked for and offered,
/// else by tiles of 64 x 64, or of 16 x 64 where there are few rows.
/// </summary>
public sealed class GpuGemm<T>(GpuDevice device, KernelChoice? choice = null) : IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const int FewRows = 32;

    public void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None, ProductDropout dropout = default)
    {
        var shape = GemmChecks.Product(kind, a, b, c, accumulate, bias, activation, dropout);
        var (rows, depth, columns) = shape;
        if (rows == 0 || columns == 0) return;
        var chosen = choice ?? KernelChoice.Default;
        if (KernelVariants.TensorCoreProduct.IsTaken(new(device.Capabilities, typeof(T), chosen, rows, columns, depth)))
        {
            TensorCoreGemm.Multiply(device, kind, a.As<float>(), b.As<float>(), c.As<float>(), shape,
                Epilogue<float>.Of(bias.As<float>(), activation, accumulate), chosen.Math, dropout);
            return;
        }
        var rowsPerLane = rows <= FewRows ? 1 : 4;
        var tileRows = GemmKernels.Side * rowsPerLane;
        var grid = new Index2D((columns + GemmKernels.TileColumns - 1) / GemmKernels.TileColumns, (rows + tileRows - 1) / tileRows);
        GemmKernels.LaunchMultiply(device, new LaunchConfig(grid, new Index2D(GemmKernels.Side, GemmKernels.Side)),
            (int)kind, rowsPerLane, (int)dropout.Operand, new(a, b), c, shape, Epilogue<T>.Of(bias, activation, accumulate), dropout.Mask<T>());
    }
}
