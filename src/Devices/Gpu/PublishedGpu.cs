namespace LdNetGpu.Devices.Gpu;

/// <summary>A GPU as its maker describes it.</summary>
/// <param name="Name">Model and memory.</param>
/// <param name="BytesPerSecond">Of its memory.</param>
/// <param name="FlopsPerSecond">In float outside of tensor cores; a fused multiply-add is two.</param>
public sealed record PublishedGpu(string Name, double BytesPerSecond, double FlopsPerSecond)
{
    const double Giga = 1e9, Tera = 1e12;

    /// <summary>Model and memory.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = Name ?? throw new ArgumentNullException(nameof(Name));

    /// <summary>Those that predictions are made for.</summary>
    public static IReadOnlyList<PublishedGpu> All { get; } =
    [
        new("A100 SXM 80GB", 2039 * Giga, 19.5 * Tera),
        new("H100 SXM", 3350 * Giga, 67 * Tera),
        new("H200 SXM", 4800 * Giga, 67 * Tera),
        new("L4", 300 * Giga, 30.3 * Tera),
        new("RTX 4090", 1008 * Giga, 82.6 * Tera),
    ];

    /// <summary>The one that a device's name has as a word; null where there is none.</summary>
    /// <param name="device">As a driver calls it: <c>NVIDIA H200</c>, <c>NVIDIA A100-SXM4-80GB</c>.</param>
    public static PublishedGpu? Find(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var words = device.Split(' ', '-', ',', '(', ')');
        return All.FirstOrDefault(gpu => words.Contains(gpu.Name.Split(' ').First(part => part.Any(char.IsDigit)),
            StringComparer.OrdinalIgnoreCase));
    }
}
