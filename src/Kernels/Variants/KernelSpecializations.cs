using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Reduction;

namespace LdNetGpu.Kernels.Variants;

/// <summary>
/// The specialised values that the operations launch each kernel with: what there is to compile ahead.
/// </summary>
static class KernelSpecializations
{
    static readonly GemmKind[] Kinds = Enum.GetValues<GemmKind>();
    static readonly ProductOperand[] Dropped = Enum.GetValues<ProductOperand>();
    static readonly WideOperands[] Wide = Enum.GetValues<WideOperands>();

    static readonly KernelInstance[] Products = [GemmKernels.MultiplyInstance<float>(),
        GemmKernels.MultiplyInstance<double>()];
    static readonly KernelInstance[] RowSums = [ReductionKernels.SumRowBlocksInstance<float>(),
        ReductionKernels.SumRowBlocksInstance<double>()];
    static readonly KernelInstance[] ByTags =
    [
        WarpCrfKernels.ForwardInstance<float, double>(), WarpCrfKernels.ForwardInstance<double, double>(),
        WarpCrfKernels.BackwardInstance<float, double>(), WarpCrfKernels.BackwardInstance<double, double>(),
        WarpViterbiKernels.DecodeInstance<float, double>(), WarpViterbiKernels.DecodeInstance<double, double>(),
    ];

    /// <summary>
    /// One list for each compilation of the kernel, in its parameters' order; one empty list for a kernel without such
    /// values.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="tags">Sizes of tag sets, for which the CRF's kernels are specialised one by one.</param>
    public static IEnumerable<int[]> Of(KernelInstance kernel, IReadOnlyList<int> tags)
    {
        if (Products.Contains(kernel))
            return
                from kind in Kinds
                from rowsPerLane in (int[])[1, 4]
                from dropped in Dropped
                select (int[])[(int)kind, rowsPerLane, GemmKernels.ColumnsPerLane, (int)dropped];
        if (RowSums.Contains(kernel)) return [[ReductionKernels.RowBlock]];
        if (kernel == TensorCoreGemmKernels.MultiplyInstance())
            return
                from kind in Kinds
                from products in (int[])[1, 3]
                from side in (int[])[64, 128]
                from wide in Wide
                from dropped in Dropped
                select (int[])[(int)kind, products, side, (int)wide, (int)dropped];
        if (ByTags.Contains(kernel))
            return tags.Where(count => count <= WarpCrfKernels.Lanes).Select(count => (int[])[count]);
        return [[]];
    }

    /// <summary>
    /// One of <see cref="Of"/> that stands for the kernel where a single compilation is looked at: a large product,
    /// nothing dropped.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="tags">Size of the tag set, at most <see cref="WarpCrfKernels.Lanes"/>.</param>
    public static int[] Typical(KernelInstance kernel, int tags) =>
        Products.Contains(kernel) ? [(int)GemmKind.NN, 4, GemmKernels.ColumnsPerLane, (int)ProductOperand.None]
        : kernel == TensorCoreGemmKernels.MultiplyInstance()
            ? [(int)GemmKind.TN, 3, 128, (int)WideOperands.A, (int)ProductOperand.None]
        : Of(kernel, [tags]).Single();
}
