using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels.Variants;

/// <summary>One operation to be done, as the choice of its kernel sees it.</summary>
/// <param name="Device">What the device can do.</param>
/// <param name="Element">float or double.</param>
/// <param name="Choice">What the user said.</param>
/// <param name="Rows">Of the result, or of the batch.</param>
/// <param name="Columns">Of the result: features, tags, classes.</param>
/// <param name="Depth">Length of the sums.</param>
readonly record struct KernelQuery(GpuCapabilities Device, Type Element, KernelChoice Choice, int Rows, int Columns,
    int Depth)
{
    /// <summary>Whether every row of the operands starts on a multiple of 16 bytes.</summary>
    public bool HasRowsOn16Bytes { get; init; }

    /// <summary>Whether the rows of each operand follow each other without gaps.</summary>
    public bool IsContiguous { get; init; }
}
