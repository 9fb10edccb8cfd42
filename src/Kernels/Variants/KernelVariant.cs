using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels;

/// <summary>One operation to be done, as the choice of a variant sees it.</summary>
/// <param name="Device">What the device can do.</param>
/// <param name="Element">float or double.</param>
/// <param name="Choice">What the user said.</param>
/// <param name="Rows">Of the result, or of the batch.</param>
/// <param name="Columns">Of the result: features, tags, classes.</param>
/// <param name="Depth">Length of the sums.</param>
public readonly record struct KernelQuery(GpuCapabilities Device, Type Element, KernelChoice Choice, int Rows, int Columns, int Depth);

/// <summary>
/// One of the ways to do an operation. The last way of each operation is the portable one,
/// which fits always and which the others are tested against.
/// </summary>
public sealed class KernelVariant
{
    readonly Func<KernelQuery, bool> fits;

    internal KernelVariant(string operation, string kernel, string when, Func<KernelQuery, bool> fits)
    {
        (Operation, Kernel, When) = (operation, kernel, when);
        this.fits = fits;
        Instances = [.. KernelCatalog.All.Where(instance => instance.Name == kernel || instance.Name.StartsWith(kernel + "<", StringComparison.Ordinal))];
    }

    public string Operation { get; }

    /// <summary>Class and method: <c>GemmKernels.Multiply</c>.</summary>
    public string Kernel { get; }

    /// <summary>In words, what it is chosen for, apart from what its kernel needs of the device.</summary>
    public string When { get; }

    /// <summary>Whether it is the last way, which fits always.</summary>
    public bool IsPortable { get; internal init; }

    /// <summary>The kernel for each set of type arguments.</summary>
    public IReadOnlyList<KernelInstance> Instances { get; }

    /// <summary>Whether it can and should do this.</summary>
    public bool Fits(KernelQuery query) => fits(query) && IsOffered(query.Device);

    /// <summary>Whether a device can run any instance of it.</summary>
    public bool IsOffered(GpuCapabilities device)
    {
        foreach (var instance in Instances)
            if (device.Missing(instance.Requires) == KernelRequirements.None) return true;
        return false;
    }
}
