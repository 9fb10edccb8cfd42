namespace LdNetGpu.Devices.Drivers;

/// <summary>One place where a native library was looked for.</summary>
/// <param name="Place">A path, or a bare name that the system's loader resolves.</param>
/// <param name="Problem">Why it did not load; null where it did.</param>
sealed record LibraryAttempt(string Place, string? Problem);
