namespace LdNetGpu.Kernels.Variants;

/// <summary>A condition under which a kernel is used.</summary>
/// <param name="Words">In words that complete "is used when".</param>
/// <param name="Holds">The condition itself.</param>
sealed record KernelCondition(string Words, Func<KernelQuery, bool> Holds)
{
    internal static KernelCondition Floats { get; } =
        new("the elements are floats", query => query.Element == typeof(float));

    internal static KernelCondition Contiguous { get; } =
        new("the operands have no gaps between rows", query => query.IsContiguous);

    internal static KernelCondition RowsOn16Bytes { get; } =
        new("rows start on multiples of 16 bytes", query => query.HasRowsOn16Bytes);
}
