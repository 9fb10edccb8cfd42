namespace LdNetGpu.Devices.Managed;

/// <summary>A place in a kernel's source: an access to memory or a collective.</summary>
/// <param name="File">Relative to its project.</param>
/// <param name="Line">From 1.</param>
/// <param name="Code">The expression as written.</param>
public readonly record struct SourceSite(string File, int Line, string Code)
{
    public override string ToString() => $"{File}:{Line}: {Code}";
}

/// <summary>What a device function with barriers returns.</summary>
public sealed class Box<T>
{
    public T Value = default!;
}
