using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>A kernel that is right with some values and at fault with others.</summary>
static partial class TunableKernels
{
    public const int Outside = 4, Wrong = 8, Racing = 16;

    /// <summary>y = 2x, width elements a lane.</summary>
    [Kernel, TunableWhere(nameof(IsEven))]
    public static void Twice<T>(SpecializedValue<int> unused,
        [Tunable(1, 2, 3, Outside, 6, Wrong, Racing)] SpecializedValue<int> width, ArrayView<T> x, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var first = Grid.GlobalIndex.X * width;
        for (var i = first; i < first + width; i++)
            if (i < y.IntLength || width == Outside)
                y[i] = width == Wrong ? x[i] : x[i] + x[i];
        if (width == Racing) y[0] = x[0] + x[0];
    }

    /// <summary>One stays, too: the standard value need not fit.</summary>
    static bool IsEven(int width) => width == 1 || width % 2 == 0;
}

/// <summary>Twice a row of numbers.</summary>
sealed record TwiceToTune(int Count) : IImplementation
{
    public string Name => $"twice {Count}";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (x, y) = (inputs.Numbers("x", 1, Count), inputs.Zeros("y", 1, Count));
        return () =>
        {
            if (backend.Device is GpuDevice device)
            {
                var width = TunableKernels.TunedTwice<T>(device, "all", 5, 1);
                var lanes = (Count + width - 1) / width;
                TunableKernels.LaunchTwice(device, ((lanes + 31) / 32, 32), 5, width, x.View.Array, y.View.Array);
            }
            else backend.Elementwise.Add(x.View, x.View, y.View);
            return [y.View];
        };
    }
}
