using LdNetGpu.Mutation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Tests;

/// <summary>Which faults are planted where, and that each does what it says when it is on.</summary>
public class PlanterTests
{
    static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    static (string Source, List<Mutant> Mutants) Plant(string members)
    {
        var tree = CSharpSyntaxTree.ParseText($"static class Sample\n{{\n{members}\n}}", path: "Sample.cs");
        var compilation = CSharpCompilation.Create("Sample", [tree], References);
        var mutants = new List<Mutant>();
        var planter = new Planter(compilation.GetSemanticModel(tree), "Sample.cs", _ => Part.Kernels,
            (part, kind, file, line, member, from, to) =>
            {
                mutants.Add(new(mutants.Count + 1, part, kind, file, line, member, from, to));
                return mutants.Count;
            });
        return (planter.Visit(tree.GetRoot())!.ToFullString(), mutants);
    }

    static System.Reflection.Assembly Compiled(string source)
    {
        var compilation = CSharpCompilation.Create("Planted",
            [CSharpSyntaxTree.ParseText(source),
                CSharpSyntaxTree.ParseText(Switch.ForEmit.Insert(0, "#nullable enable\n"))],
            References, new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + source);
        return System.Reflection.Assembly.Load(image.ToArray());
    }

    [Theory]
    [InlineData("public static double F(double a, double b) => a + b;", "WrongSign a - b|DroppedTerm a|DroppedTerm b")]
    [InlineData("public static double F(double a, double b) => a - b;", "WrongSign a + b|DroppedTerm a")]
    [InlineData("public static double F(double a, double b) => a * b;", "DroppedTerm a|DroppedTerm b")]
    [InlineData("public static double F(double a) => -a;", "WrongSign a")]
    [InlineData("public static int F(int a, int b) => a * b;", "WrongIndex a")]
    [InlineData("public static float F(float[] v, int i) => v[i];", "WrongIndex (i) + 1")]
    [InlineData("public static float F(float[,] v, int i, int j) => v[i, j];",
        "WrongIndex (i) + 1|WrongIndex (j) + 1|WrongIndex v[j, i]")]
    [InlineData("public static void F(float[] v, float x) { v[0] += x; }",
        "WrongIndex (0) + 1|DroppedTerm |WrongSign v[0] -= x;|PlainAssignment v[0] = x;")]
    [InlineData("public static void F(float[] v) { v[0] = 1; }", "WrongIndex (0) + 1|DroppedTerm ")]
    [InlineData("public static void F() { Barrier(); } public static void Barrier() { }", "MissingBarrier ")]
    [InlineData("public static int F(bool accumulate) => accumulate ? 1 : 2;", "PlainAssignment false")]
    [InlineData("public static int F(int n) { for (var i = 0; i < n; i++) { } return n; }",
        "WrongIndex i < (n) - 1|WrongIndex i <= n")]
    [InlineData("public static double F(double a, double b) => a + -b;",
        "WrongSign b|WrongSign a - -b|DroppedTerm a|DroppedTerm -b")]
    [InlineData("public const int Four = 2 + 2; public static string F(string a) => a + a;", "")]
    [InlineData("public static void F(int[] v) { System.Buffers.ArrayPool<int>.Shared.Return(v); }", "")]
    public void FaultsOfEachKindArePlanted(string member, string faults)
    {
        var (_, mutants) = Plant(member);
        Assert.Equal(faults,
            string.Join('|', mutants.Select(mutant => $"{mutant.Kind} {mutant.To}")));
    }

    [Fact]
    public void OneFaultIsOnAtATime()
    {
        var (source, mutants) = Plant("public static double F(double a, double b, double c) => a * b - c;");
        var assembly = Compiled(source);
        var found = new Dictionary<string, double>();
        var active = assembly.GetType("LdNetGpu.Mutation.PlantedFaults")!.GetField("Active")!;
        foreach (var mutant in mutants.Prepend(new(0, Part.Kernels, FaultKind.WrongSign, "", 0, "", "", "none")))
        {
            active.SetValue(null, mutant.Id);
            found[mutant.To] = (double)assembly.GetType("Sample")!.GetMethod("F")!.Invoke(null, [3.0, 5.0, 2.0])!;
        }
        Assert.Equal(new Dictionary<string, double>
        {
            ["none"] = 13, ["a"] = 1, ["b"] = 3, ["a * b + c"] = 17, ["a * b"] = 15,
        }, found);
    }

    [Fact]
    public void PlacesThatRunAreSeen()
    {
        var (source, mutants) = Plant("public static double F(bool way, double a) => way ? a + 1 : -a;");
        var assembly = Compiled(source);
        var seen = new bool[mutants.Count + 1];
        assembly.GetType("LdNetGpu.Mutation.PlantedFaults")!.GetField("Seen")!.SetValue(null, seen);
        assembly.GetType("Sample")!.GetMethod("F")!.Invoke(null, [false, 1.0]);
        Assert.Equal(["WrongSign a"], mutants.Where(mutant => seen[mutant.Id])
            .Select(mutant => $"{mutant.Kind} {mutant.To}"));
    }

    [Fact]
    public void KernelsAndWhatTheyCallArePlantedAlone()
    {
        var tree = CSharpSyntaxTree.ParseText("""
            class KernelAttribute : System.Attribute { }
            interface IMap { static abstract float Apply(float x); }
            struct Twice : IMap { public static float Apply(float x) => x + x; }
            static class Sample
            {
                [Kernel] public static void Run(float[] v) => v[0] = Map<Twice>(v[0]);
                static float Map<T>(float x) where T : IMap => T.Apply(x);
                static float Other(float x) => x;
            }
            """);
        var compilation = CSharpCompilation.Create("Sample", [tree], References);
        Assert.Equal(["Apply", "Apply", "Map", "Run"],
            KernelClosure.Of(compilation).Select(symbol => symbol.Name).Order(StringComparer.Ordinal));
    }
}
