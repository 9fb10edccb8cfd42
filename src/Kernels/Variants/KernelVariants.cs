using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Loss;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Kernels.Variants;

/// <summary>Every operation that more than one kernel can do; each list stands with its operation.</summary>
static class KernelVariants
{
    // Rows of the batch up to which the step in one launch is taken; with more, the product alone fills a device.
    const int FewSequences = 64;

    /// <summary>Matrix products.</summary>
    public static KernelOperation Product => GpuGemm<float>.Kernels;

    /// <summary>One step of an LSTM: a processor has no warps, and no launches that cost more than the step.</summary>
    public static KernelOperation LstmStep { get; } = new("lstm step",
        new KernelVariant(LstmStepKernels.ForwardInstance<float>(),
            new($"there are at most {FewSequences} sequences", query => query.Rows <= FewSequences),
            new("the device has warps", query => query.Device.HasWarpOperations),
            new("products are of float32", query => query.Choice.Math == ProductPrecision.Float32)),
        new KernelVariant(LstmKernels.ForwardInstance<float>()));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KernelOperation> All { get; } =
    [
        Product,
        CrfVariants<float, double>.Forward, CrfVariants<float, double>.Backward, CrfVariants<float, double>.Viterbi,
        GpuCrossEntropy<float>.ForwardKernels, GpuCrossEntropy<float>.BackwardKernels,
        LstmStep,
        GpuOptimizers<float>.AdamKernels, GpuClipping<float>.NormKernels,
    ];

    /// <summary>The operation that a kernel is one of several for; null for any other.</summary>
    public static KernelOperation? Of(KernelInstance kernel) =>
        All.FirstOrDefault(operation => operation.Variants.Any(variant => variant.Runs(kernel)));
}
