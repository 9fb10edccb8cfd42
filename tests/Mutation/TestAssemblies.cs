using System.Reflection;
using System.Runtime.Loader;

namespace LdNetGpu.Mutation;

/// <summary>The tests that are asked, loaded beside the assemblies with the faults.</summary>
/// <param name="root">The repository's.</param>
/// <param name="mutated">Where those lie.</param>
sealed class TestAssemblies(string root, string mutated) : AssemblyLoadContext("mutated")
{
    static readonly string[] Mutated = ["LdNetGpu.Kernels", "LdNetGpu.Autograd"];

    /// <summary>
    /// Test projects, and which of their classes: those that compare numbers, on the devices that run the planted code.
    /// The processor's own code has tests of its own.
    /// </summary>
    static readonly (string Project, bool ForCpu, Func<string, bool> IsAsked)[] Asked =
    [
        ("Autograd.Tests", false, name => name is not ("GuideTests" or "TutorialTests" or "DisposedTests")),
        ("Conformance", false, name => name is "KernelChoiceTests"
            || name.StartsWith("Managed", StringComparison.Ordinal)),
        ("Kernels.Tests", true, _ => true),
    ];

    public static IEnumerable<string> Projects => Asked.Select(asked => asked.Project);

    public static string Folder(string root, string project) =>
        Path.Combine(root, "tests", project, "bin", "Release", "net10.0");

    /// <summary>The classes, each with its project's folder.</summary>
    /// <param name="withCpu">Whether those of the processor's own code are among them.</param>
    public IEnumerable<(Type Class, string Folder)> Classes(bool withCpu)
    {
        foreach (var (project, forCpu, isAsked) in Asked)
        {
            if (forCpu && !withCpu) continue;
            var folder = Folder(root, project);
            foreach (var type in LoadFromAssemblyPath(Path.Combine(folder, $"LdNetGpu.{project}.dll")).GetTypes())
                if (type is { IsAbstract: false, IsGenericTypeDefinition: false, IsPublic: true } && isAsked(type.Name))
                    yield return (type, folder);
        }
    }

    public Assembly LoadMutated(string name) => LoadFromAssemblyName(new(name));

    protected override Assembly? Load(AssemblyName name)
    {
        if (Mutated.Contains(name.Name)) return LoadFromAssemblyPath(Path.Combine(mutated, $"{name.Name}.dll"));
        foreach (var (project, _, _) in Asked)
            if (Path.Combine(Folder(root, project), $"{name.Name}.dll") is var path && File.Exists(path))
                return LoadFromAssemblyPath(path);
        return null;
    }
}
