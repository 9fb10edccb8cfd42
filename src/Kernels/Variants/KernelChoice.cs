namespace LdNetGpu.Kernels.Variants;

/// <summary>What a user may say about which kernels a device runs.</summary>
/// <param name="Math">How exact products of floats are.</param>
/// <param name="PortableOnly">Only the portable kernels, which the others are tested against.</param>
public sealed record KernelChoice(ProductPrecision Math = ProductPrecision.Float32, bool PortableOnly = false)
{
    /// <summary>How exact products of floats are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    public ProductPrecision Math { get; init => field = Known(value); } = Known(Math);

    /// <summary>Exact products, and the fastest kernels that the device, precision and sizes allow.</summary>
    public static KernelChoice Default { get; } = new();

    static ProductPrecision Known(ProductPrecision value) => Enum.IsDefined(value) ? value
        : throw new ArgumentOutOfRangeException(nameof(Math), value, $"No such {nameof(ProductPrecision)}.");
}
