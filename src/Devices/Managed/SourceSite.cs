namespace LdNetGpu.Devices.Managed;

/// <summary>A place in a kernel's source: an access to memory or a collective.</summary>
/// <param name="File">Relative to its project.</param>
/// <param name="Line">From 1.</param>
/// <param name="Code">The expression as written.</param>
public readonly record struct SourceSite(string File, int Line, string Code)
{
    public override string ToString() => $"{File}:{Line}: {Code}";
}

/// <summary>A place for a value: of what a device function with barriers returns, or of a struct that a member changes and that is no variable.</summary>
public sealed class Box<T>
{
    public T Value = default!;

    /// <summary>The place of a copy.</summary>
    public static ref T Of(T value) => ref new Box<T> { Value = value }.Value;
}
