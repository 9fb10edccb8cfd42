namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Measured numbers for people.</summary>
static class Figure
{
    /// <summary>With three digits that count; nothing for what is none.</summary>
    public static string Of(double value) => !double.IsFinite(value)
        ? ""
        : value.ToString(
            Math.Abs(value) switch { >= 100 => "N0", >= 10 => "F1", >= 1 => "F2", >= 0.1 => "F3", _ => "G3" });
}
