using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>Dropout over the device's threads.</summary>
sealed class CpuDropout<T>(CpuDevice device) : IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability,
        bool accumulate = false)
    {
        DropoutChecks.Apply(device, input, output);
        Apply(device, input, output, DropoutMask<T>.Of(key, probability, input.Columns), accumulate);
    }

    internal static void Apply(CpuDevice device, MatrixView<T> input, MatrixView<T> output, DropoutMask<T> mask,
        bool accumulate)
    {
        // Without gaps all is one row, of the mask too.
        var isOneRow = input.IsContiguous && output.IsContiguous && mask.Columns == input.Columns
            && mask.IsWhole;
        CpuLoops.OverSpans(device, input.Rows, input.Columns, isOneRow, (row, column, n) =>
            DropoutRun.Apply(mask, mask.Element(row, column), input.Run(row, column, n), output.Run(row, column, n),
                accumulate));
    }
}
