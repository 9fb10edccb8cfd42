namespace LdNetGpu.Devices.Managed;

/// <summary>A place in a kernel's source: an access to memory or a collective.</summary>
/// <param name="File">Relative to its project.</param>
/// <param name="Line">From 1.</param>
/// <param name="Code">The expression as written.</param>
public readonly record struct SourceSite(string File, int Line, string Code)
{
    /// <returns><c>File:Line: Code</c>.</returns>
    public override string ToString() => $"{File}:{Line}: {Code}";
}

/// <summary>
/// A place for a value: of what a device function with barriers returns, or of a struct that a member changes and that
/// is no variable.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Box<T>
{
    /// <summary>What is kept.</summary>
    public T Value = default!;

    /// <summary>The place of a copy.</summary>
    /// <param name="value">What is copied.</param>
    public static ref T Of(T value) => ref new Box<T> { Value = value }.Value;
}
