using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels.Variants;

/// <summary>
/// An operation that several kernels can do, best first: the first one that fits is used. The last is the portable one,
/// which fits always and which the others are tested against.
/// </summary>
class KernelOperation
{
    readonly KernelVariant[] variants;

    internal KernelOperation(string name, params KernelVariant[] variants) => (Name, this.variants) = (name, variants);

    /// <summary>In lower case: <c>matrix product</c>.</summary>
    public string Name { get; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<KernelVariant> Variants => variants;

    /// <summary>The first, used where it fits.</summary>
    public KernelVariant Fastest => variants[0];

    /// <summary>The last, which fits always.</summary>
    public KernelVariant Portable => variants[^1];

    /// <summary>The kernel that is used.</summary>
    public KernelVariant Choose(KernelQuery query)
    {
        if (!query.Choice.PortableOnly)
            foreach (var variant in variants)
                if (variant.Fits(query)) return variant;
        return Portable;
    }

    /// <summary>Whether the first kernel of the list is used.</summary>
    public bool IsTaken(KernelQuery query) => Choose(query) == Fastest;

    /// <summary>The list as a sentence.</summary>
    public override string ToString() =>
        $"{Name}: {string.Concat(
            variants.SkipLast(1).Select(variant => $"{variant} is used when {variant.When}; else "))}{Portable}.";
}

/// <summary>An operation with the launches of its kernels.</summary>
sealed class KernelOperation<TCall>(string name, params KernelVariant<TCall>[] variants)
    : KernelOperation(name, variants) where TCall : allows ref struct
{
    public new KernelVariant<TCall> Choose(KernelQuery query) => (KernelVariant<TCall>)base.Choose(query);

    /// <summary>Launches the kernel that is chosen.</summary>
    public void Run(GpuDevice device, KernelQuery query, TCall call) => Choose(query).Launch(device, call);
}
