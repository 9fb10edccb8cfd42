namespace LdNetGpu.Kernels.Variants;

/// <summary>What a user may say about which kernels a device runs.</summary>
/// <param name="Math">How exact products of floats are.</param>
/// <param name="PortableOnly">Only the portable kernels, which the others are tested against.</param>
public sealed record KernelChoice(ProductPrecision Math = ProductPrecision.Float32, bool PortableOnly = false)
{
    /// <summary>Exact products, and the fastest kernels that the device, precision and sizes allow.</summary>
    public static KernelChoice Default { get; } = new();
}
