using System.Reflection;
using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>A parameter is named for what it is: a preposition says nothing where the parameter is used.</summary>
public class ParameterNameTests
{
    static readonly string[] Prepositions = ["of", "on", "at"];

    // After a type and before what ends a parameter; a lambda's only one; one of a lambda's without types.
    static readonly Regex Parameter = new(
        @"(?<!\bvar)(?<=[\w>\])?]) (?:of|on|at)(?:[,)]| = )|(?<![\w.])(?:of|on|at) =>"
        + @"|[(,] ?(?:of|on|at)(?:, \w+)*\) =>");

    static readonly Regex TextOrComment = new("\"(?:\\\\.|[^\"\\\\])*\"|//.*");

    public static TheoryData<string> Assemblies =>
        ["LdNetGpu.Devices", "LdNetGpu.Kernels", "LdNetGpu.Autograd", "LdNetGpu.Model", "LdNetGpu.Train", "ldnet"];

    public static TheoryData<string> Folders => ["src", "tests", "bench", "examples"];

    /// <summary>Lambdas and local functions are methods of the assembly too.</summary>
    [Theory, MemberData(nameof(Assemblies))]
    public void NoMethodHasAPrepositionForAParameter(string name)
    {
        var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        var methods = assembly.GetTypes().SelectMany(Methods).ToList();
        Assert.NotEmpty(methods);
        Assert.Empty(
            from method in methods
            from parameter in method.GetParameters()
            where Prepositions.Contains(parameter.Name)
            select $"{method.DeclaringType}.{method.Name}: {parameter.Name}");
    }

    [Theory, MemberData(nameof(Folders))]
    public void NoSourceDeclaresAPrepositionAsAParameter(string folder) => Assert.Empty(
        from file in SourceFiles.Under(folder)
        from line in File.ReadLines(file)
        where Parameter.IsMatch(WithoutText(line))
        select $"{file}: {line.Trim()}");

    [Theory]
    [InlineData("void Meet(ReadOnlySpan<Lane> members, string of)")]
    [InlineData("int Next(int at, int[] all)")]
    [InlineData("void Work(Device? on = null)")]
    [InlineData("values.Select(at => at + 1)")]
    [InlineData("values.Where((_, at) => at > 0)")]
    public void APrepositionIsSeen(string line) => Assert.Matches(Parameter, WithoutText(line));

    [Theory]
    [InlineData("var text = $\"{count} of, on) and at\"; // as it was read, at)")]
    [InlineData("join row in rows on key equals row.Key")]
    [InlineData("for (var at = 0; at < count; at++) Take(steps, at);")]
    [InlineData("steps.At(step)")]
    public void OtherWordsAreNot(string line) => Assert.DoesNotMatch(Parameter, WithoutText(line));

    static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public
            | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return [.. type.GetMethods(All), .. type.GetConstructors(All)];
    }

    static string WithoutText(string line) => TextOrComment.Replace(line, "\"\"");
}
