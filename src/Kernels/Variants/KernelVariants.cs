namespace LdNetGpu.Kernels;

/// <summary>Every operation that more than one kernel can do, its ways in order of preference: the first that fits is taken.</summary>
public static class KernelVariants
{
    public static KernelVariant TensorCoreProduct { get; } = new("matrix product", "TensorCoreGemmKernels.Multiply", "float, --math tf32, depth from 1",
        query => query.Element == typeof(float) && query.Math == MathMode.Tf32 && query.Depth > 0);

    public static KernelVariant PortableProduct { get; } = Portable("matrix product", "GemmKernels.Multiply");

    /// <summary>Each operation's ways, best first.</summary>
    public static IReadOnlyList<KernelVariant> All { get; } = [TensorCoreProduct, PortableProduct];

    public static KernelVariant MatrixProduct(KernelQuery query) => First(query, TensorCoreProduct, PortableProduct);

    static KernelVariant First(KernelQuery query, params ReadOnlySpan<KernelVariant> ways)
    {
        foreach (var way in ways)
            if (way.Fits(query)) return way;
        return ways[^1];
    }

    static KernelVariant Portable(string operation, string kernel) => new(operation, kernel, "everything else", _ => true);
}
