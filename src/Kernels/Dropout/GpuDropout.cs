using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>Dropout on a device that runs kernels: the same masks as the CPU's, to the bit.</summary>
sealed class GpuDropout<T>(GpuDevice device) : IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability,
        bool accumulate = false)
    {
        DropoutChecks.Apply(device, input, output);
        var (count, columns) = Elements.Of(input, input.IsContiguous && output.IsContiguous);
        DropoutKernels.LaunchApply<T>(device, (int)(((long)count + 3) / 4), input, output, columns, count,
            DropoutMask<T>.Of(key, probability, input.Columns), accumulate);
    }
}
