using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Values for kernels to read, where they lie or as a copy that goes back with this.</summary>
readonly struct Readable<T>(MatrixView<T> view, DeviceBuffer<T>? copy) : IDisposable where T : unmanaged
{
    public MatrixView<T> View => view;

    public void Dispose() => copy?.Dispose();
}

static class ReadableWeights
{
    /// <summary>The values of a weight, which may be kept in bfloat16.</summary>
    public static Readable<T> Read<T>(this Tensor<T> weight) where T : unmanaged, IFloatingPointIeee754<T> =>
        weight is Parameter<T> parameter ? parameter.Read() : new(weight.View, null);
}
