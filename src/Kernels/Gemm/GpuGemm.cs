using System.Numerics;
using System.Runtime.CompilerServices;
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
        var (rows, depth, columns) = GemmChecks.Product(kind, a, b, c, accumulate, bias, activation, dropout);
        if (rows == 0 || columns == 0) return;
        var chosen = choice ?? KernelChoice.Default;
        if (KernelVariants.TensorCoreProduct.IsTaken(new(device.Capabilities, typeof(T), chosen, rows, columns, depth)))
        {
            TensorCoreGemm.Multiply(device, kind, Floats(ref a), Floats(ref b), Floats(ref c), rows, columns, depth,
                accumulate, Floats(ref bias), activation, chosen.Math, dropout);
            return;
        }
        var rowsPerLane = rows <= FewRows ? 1 : 4;
        var tileRows = GemmKernels.Side * rowsPerLane;
        var grid = new Index2D((columns + GemmKernels.TileColumns - 1) / GemmKernels.TileColumns, (rows + tileRows - 1) / tileRows);
        GemmKernels.LaunchMultiply(device, new LaunchConfig(grid, new Index2D(GemmKernels.Side, GemmKernels.Side)),
            (int)kind, rowsPerLane, (int)dropout.Operand, a.Array, a.RowStride, b.Array, b.RowStride, c.Array, c.RowStride,
            rows, columns, depth, bias.Array, accumulate, activation == Activation.Relu, dropout.Mask<T>());
    }

    // The variant was chosen for T = float.
    static MatrixView<float> Floats(ref MatrixView<T> view) => Unsafe.As<MatrixView<T>, MatrixView<float>>(ref view);
}
