namespace LdNetGpu.Kernels;

/// <summary>
/// Every operation that more than one kernel can do, its ways in order of preference: the first that fits is taken. Where a way also needs
/// its operands to lie in a certain order, which <see cref="KernelVariant.When"/> says, the operation looks at them itself.
/// </summary>
public static class KernelVariants
{
    // Rows of the batch up to which the step in one launch is taken; with more, the product alone fills a device.
    const int FewSequences = 64;

    public static KernelVariant TensorCoreProduct { get; } =
        new("matrix product", "TensorCoreGemmKernels.Multiply", "float, --math tf32 or tf32x3, depth from 1",
            query => query.Element == typeof(float) && query.Choice.Math != MathMode.Float32 && query.Depth > 0);

    public static KernelVariant WarpCrfForward { get; } =
        new("crf forward", "WarpCrfKernels.Forward", $"at most {WarpCrfKernels.Lanes} tags", query => query.Columns <= WarpCrfKernels.Lanes);

    public static KernelVariant WarpCrfBackward { get; } =
        new("crf backward", "WarpCrfKernels.Backward", $"at most {WarpCrfKernels.Lanes} tags", query => query.Columns <= WarpCrfKernels.Lanes);

    public static KernelVariant WarpViterbi { get; } =
        new("viterbi", "WarpViterbiKernels.Decode", $"at most {WarpCrfKernels.Lanes} tags", query => query.Columns <= WarpCrfKernels.Lanes);

    public static KernelVariant VectorCrossEntropy { get; } =
        new("cross-entropy", "VectorCrossEntropyKernels.Forward", "float, rows on multiples of 16 bytes", query => query.Element == typeof(float));

    public static KernelVariant VectorCrossEntropyBackward { get; } =
        new("cross-entropy backward", "VectorCrossEntropyKernels.Backward", "float, rows on multiples of 16 bytes", query => query.Element == typeof(float));

    // A processor has no warps, and no launches that cost more than the step.
    public static KernelVariant LstmStep { get; } = new("lstm step", "LstmStepKernels.Forward", $"warps, at most {FewSequences} sequences, float32",
        query => query.Rows <= FewSequences && query.Device.HasWarpOperations && query.Choice.Math == MathMode.Float32);

    public static KernelVariant AdamAll { get; } = new("adam step", "AdamAllKernels.Adam", "parameters without gaps, eight at once", _ => true);

    public static KernelVariant GradientNorm { get; } =
        new("gradient norm", "DecisionKernels.SquareBlocks", "gradients without gaps, eight at once", _ => true);

    /// <summary>Each operation's ways, best first.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } =
    [
        TensorCoreProduct, Portable("matrix product", "GemmKernels.Multiply"),
        WarpCrfForward, Portable("crf forward", "CrfKernels.Forward"),
        WarpCrfBackward, Portable("crf backward", "CrfKernels.Backward"),
        WarpViterbi, Portable("viterbi", "ViterbiKernels.Decode"),
        VectorCrossEntropy, Portable("cross-entropy", "CrossEntropyKernels.Forward"),
        VectorCrossEntropyBackward, Portable("cross-entropy backward", "CrossEntropyKernels.Backward"),
        LstmStep, Portable("lstm step", "LstmKernels.Forward"),
        AdamAll, Portable("adam step", "OptimizerKernels.Adam"),
        GradientNorm, Portable("gradient norm", "ReductionKernels.DotBlocks"),
    ];

    /// <summary>The way that is taken.</summary>
    public static KernelVariant Choose(string operation, KernelQuery query) =>
        All.First(way => way.Operation == operation && way.Fits(query) && (!query.Choice.PortableOnly || way.IsPortable));

    /// <summary>Whether this way is the one.</summary>
    internal static bool IsTaken(this KernelVariant way, KernelQuery query) => Choose(way.Operation, query) == way;

    static KernelVariant Portable(string operation, string kernel) => new(operation, kernel, "everything else", _ => true) { IsPortable = true };
}
