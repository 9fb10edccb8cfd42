using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels.Variants;

/// <summary>One of the kernels that can do an operation, with all that must hold for it to be used.</summary>
class KernelVariant
{
    readonly KernelInstance kernel;
    readonly KernelCondition[] conditions;

    internal KernelVariant(KernelInstance kernel, params KernelCondition[] conditions) =>
        (this.kernel, this.conditions) = (kernel, conditions);

    /// <summary>Class and method: <c>GemmKernels.Multiply</c>.</summary>
    public string Kernel => kernel.Name.Split('<')[0];

    /// <summary>How many operands of a list one launch takes.</summary>
    public int AtOnce { get; internal init; } = 1;

    /// <summary>
    /// In words that complete "is used when": its conditions, and what its kernel needs of the device; empty where
    /// nothing.
    /// </summary>
    public string When
    {
        get
        {
            var words = conditions.Select(condition => condition.Words).ToList();
            var needs = kernel.Requires & ~KernelRequirements.Double;
            if (needs != KernelRequirements.None) words.Add($"the device offers {needs}");
            return words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
        }
    }

    /// <summary>Whether everything holds.</summary>
    public bool Fits(KernelQuery query)
    {
        foreach (var condition in conditions)
            if (!condition.Holds(query)) return false;
        return IsOffered(query.Device);
    }

    /// <summary>Whether a device can run the kernel.</summary>
    public bool IsOffered(GpuCapabilities device) => device.Missing(kernel.Requires) == KernelRequirements.None;

    /// <summary>Whether the kernel is this one, for any type arguments.</summary>
    public bool Runs(KernelInstance instance) => instance.Name.Split('<')[0] == Kernel;

    /// <summary>The kernel, and how many operands a launch takes where it takes several.</summary>
    public override string ToString() => AtOnce == 1 ? Kernel : $"{Kernel} ({AtOnce} at once)";
}

/// <summary>A kernel with its launch.</summary>
/// <param name="kernel">For the operation's type.</param>
/// <param name="launch">Of the kernel on a device, with what the operation works on.</param>
/// <param name="conditions">All of them.</param>
sealed class KernelVariant<TCall>(KernelInstance kernel, Action<GpuDevice, TCall> launch,
    params KernelCondition[] conditions)
    : KernelVariant(kernel, conditions) where TCall : allows ref struct
{
    public Action<GpuDevice, TCall> Launch => launch;
}
