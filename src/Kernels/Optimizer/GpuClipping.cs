using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// Launches of <see cref="ClippingKernels"/>: squares of the gradients, several a launch where they have no gaps, then
/// the clip factor.
/// </summary>
sealed class GpuClipping<T>(GpuDevice device, KernelChoice choice) where T : unmanaged, IFloatingPointIeee754<T>
{
    internal static KernelOperation<NormCall> NormKernels { get; } = new("gradient norm",
        new(ClippingKernels.SquareBlocksInstance<T>(),
            static (device, call) => ClippingKernels.LaunchSquareBlocks(device, call.Groups,
                Eight<ArrayView<T>>.Of(call.Gradients, static gradient => gradient.Array), call.Squares),
            KernelCondition.Contiguous) { AtOnce = Eight<T>.Count },
        new(ReductionKernels.DotBlocksInstance<T, double>(), static (device, call) =>
        {
            var (count, columns) = Elements.Of(call.Gradients[0], call.Gradients[0].IsContiguous);
            ReductionKernels.LaunchDotBlocks<T, double>(device, call.Groups, call.Gradients[0], call.Gradients[0],
                columns, count, call.Squares);
        }));

    /// <summary>Squares of gradients, one for each block of all of them.</summary>
    internal readonly ref struct NormCall(ReadOnlySpan<MatrixView<T>> gradients, ArrayView<double> squares)
    {
        public ReadOnlySpan<MatrixView<T>> Gradients { get; } = gradients;

        public ArrayView<double> Squares => squares;

        public LaunchConfig Groups => (squares.IntLength, ReductionKernels.Lanes);
    }

    public void ClipOrSkip(StepNumbers numbers, ReadOnlySpan<MatrixView<T>> gradients, MatrixView<T> loss, double beta1,
        double beta2)
    {
        if (!loss.IsNone) Shapes.Is(device, nameof(ClipOrSkip), nameof(loss), loss, 1, 1, "a loss is one number");
        var firstBlocks = new int[gradients.Length];
        var blocks = 0;
        for (var i = 0; i < gradients.Length; i++)
        {
            Shapes.Present(device, nameof(ClipOrSkip), $"gradients[{i}]", gradients[i]);
            firstBlocks[i] = blocks;
            blocks = checked(blocks + ClippingKernels.Blocks(gradients[i].Count));
        }
        numbers.FirstBlocks = firstBlocks;
        using var buffer = device.Allocate<double>(blocks);
        var squares = buffer.View;
        for (var first = 0; first < gradients.Length;)
        {
            var kernel = Kernel(gradients[first]);
            var next = first + 1;
            while (next < gradients.Length && next - first < kernel.AtOnce && Kernel(gradients[next]) == kernel) next++;
            var end = next < gradients.Length ? firstBlocks[next] : blocks;
            if (end > firstBlocks[first])
                kernel.Launch(device,
                    new(gradients[first..next], squares.SubView(firstBlocks[first], end - firstBlocks[first])));
            first = next;
        }
        ClippingKernels.LaunchClipOrSkip(device, (1, ReductionKernels.Lanes), squares,
            loss.IsNone ? default : loss.Array, numbers.Settings, beta1, beta2, numbers.Clipped);
    }

    KernelVariant<NormCall> Kernel(MatrixView<T> gradient) => NormKernels.Choose(
        new(device.Capabilities, typeof(T), choice, gradient.Rows, gradient.Columns,
            0) { IsContiguous = gradient.IsContiguous });
}
