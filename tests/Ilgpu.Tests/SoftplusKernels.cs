using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Kernels as a user of ILGPU has them; [Kernel] and partial are all that the checker needs.</summary>
static partial class SoftplusKernels
{
    public static void Forward(Index1D i, ArrayView<double> x, ArrayView<double> y) =>
        y[i] = XMath.Log(1 + XMath.Exp(x[i]));

    public static void Backward(Index1D i, ArrayView<double> x, ArrayView<double> dy, ArrayView<double> dx) =>
        dx[i] += dy[i] / (1 + XMath.Exp(-x[i]));

    public static void WrongBackward(Index1D i, ArrayView<double> x, ArrayView<double> dy, ArrayView<double> dx) =>
        dx[i] += dy[i] / (1 + XMath.Exp(x[i]));

    /// <summary>Each lane takes its right neighbour's value, all at once.</summary>
    [Kernel]
    public static void ShiftedInPlace(ArrayView<double> values)
    {
        var next = values[(Group.IdxX + 1) % Group.DimX];
        Group.Barrier();
        values[Group.IdxX] = next;
    }

    [Kernel]
    public static void ShiftedInPlaceWithoutBarrier(ArrayView<double> values) =>
    values[Group.IdxX] = values[(Group.IdxX + 1) % Group.DimX];
}
