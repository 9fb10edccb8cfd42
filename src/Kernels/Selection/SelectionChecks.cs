using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>What proximal steps must satisfy on any device.</summary>
static class SelectionChecks
{
    public static void Clamp<T>(ComputeDevice device, MatrixView<T> values, T low, T high)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shapes.Present(device, nameof(Clamp), nameof(values), values);
        if (!(low <= high))
            throw new ArgumentOutOfRangeException(nameof(low), low,
                Invariant($"Clamp: the lower bound must not exceed the upper bound {high}."));
    }

    public static void Threshold<T>(ComputeDevice device, string operation, MatrixView<T> values, T threshold)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shapes.Present(device, operation, nameof(values), values);
        if (!(threshold >= T.Zero))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold,
                $"{operation}: a threshold is 0 or more.");
    }

    /// <summary>
    /// What a block of this norm is multiplied by: max(0, 1 - threshold / norm), 0 for a block of zeros.
    /// </summary>
    public static T BlockFactor<T>(double norm, T threshold) where T : unmanaged, IFloatingPointIeee754<T> =>
        norm > 0 ? T.CreateTruncating(Math.Max(0, 1 - double.CreateTruncating(threshold) / norm)) : T.Zero;
}
