using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>What dropout must satisfy on any device.</summary>
static class DropoutChecks
{
    public static void Apply<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Same(device, "Dropout", nameof(input), input, nameof(output), output);
        Overlap.RefuseInPart("Dropout", nameof(output), output, nameof(input), input);
    }
}
