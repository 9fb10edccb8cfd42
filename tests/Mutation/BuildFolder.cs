using System.Security.Cryptography;
using System.Text.Json;

namespace LdNetGpu.Mutation;

/// <summary>Keeps a build with faults, and what the tests do without one, until sources or tests change.</summary>
/// <param name="build">Of the assemblies and the list of faults: named after what they are made of.</param>
/// <param name="tests">Named after the tests as well.</param>
sealed class BuildFolder(string build, string tests)
{
    public string Assemblies => build;

    string MutantsFile => Path.Combine(build, "mutants.json");

    string BaselineFile => Path.Combine(build, $"baseline-{tests}.json");

    public static BuildFolder Of(string root, IReadOnlyList<Part> parts)
    {
        var sources = new[] { "Kernels", "Autograd" }.SelectMany(project => Directory.GetFiles(
                Path.Combine(root, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal))
            .Append(typeof(BuildFolder).Assembly.Location)
            .Append(typeof(Kernels.Generator.KernelGenerator).Assembly.Location);
        var assemblies = TestAssemblies.Projects.SelectMany(project => Directory.GetFiles(
            TestAssemblies.Folder(root, project), "LdNetGpu.*.dll"));
        return new(Path.Combine(AppContext.BaseDirectory, 
            $"mutated-{string.Join('-', parts.Order()).ToLowerInvariant()}-{HashOf(sources)}"), HashOf(assemblies));
    }

    static string HashOf(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal)) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    sealed record Made(IReadOnlyList<Mutant> Mutants, int Refused);

    /// <returns>Whether there was one.</returns>
    public bool Read(MutatedBuild into)
    {
        if (!File.Exists(MutantsFile)) return false;
        var made = JsonSerializer.Deserialize<Made>(File.ReadAllText(MutantsFile))!;
        into.Take(made.Mutants, made.Refused);
        return true;
    }

    public void Write(MutatedBuild made) =>
        File.WriteAllText(MutantsFile, JsonSerializer.Serialize(new Made(made.Mutants, made.Refused)));

    public Baseline Baseline(Func<Baseline> measure)
    {
        if (File.Exists(BaselineFile))
            return JsonSerializer.Deserialize<Baseline>(File.ReadAllText(BaselineFile))!;
        var baseline = measure();
        File.WriteAllText(BaselineFile, JsonSerializer.Serialize(baseline));
        return baseline;
    }
}
