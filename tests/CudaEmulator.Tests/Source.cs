namespace LdNetGpu.Tests.Emulation;

/// <summary>The planted faults' own text.</summary>
static class Source
{
    const string File = "PlantedFaults.cs";

    static readonly Lazy<string[]> Lines = new(Read);

    /// <summary>Where a piece of code stands, as faults say it: <c>PlantedFaults.cs:12</c>.</summary>
    public static string Line(string code)
    {
        var found = Array.FindIndex(Lines.Value, line => line.Contains(code, StringComparison.Ordinal));
        return found >= 0 ? $"{File}:{found + 1}" : throw new ArgumentException($"{File} has no {code}.", nameof(code));
    }

    static string[] Read()
    {
        using var reader = new StreamReader(typeof(Source).Assembly.GetManifestResourceStream(File)!);
        return reader.ReadToEnd().Split('\n');
    }
}
