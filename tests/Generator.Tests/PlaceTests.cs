namespace LdNetGpu.Tests;

/// <summary>Members that return a place: said where they are used, but for arguments whose order matters.</summary>
public class PlaceTests
{
    const string Rows =
        "public readonly record struct Rows(ArrayView<int> X, int Step) { public ref int this[int row, int column] => "
        + "ref X[row * Step + column]; } ";

    [Fact]
    public void PlainArgumentsAreSaidInPlace() =>
        Assert.Contains("r.X[i * r.Step + (i + 1)] = 1;",
            Text("[Kernel] static void F(Rows r, int i) => r[i, i + 1] = 1;"));

    [Fact]
    public void ArgumentsOfAnOrderAreEvaluatedInIt()
    {
        var text = Text("[Kernel] static void F(Rows r, int i) => r[i++, i] = 1;");
        Assert.DoesNotContain("i++ * r.Step", text);
        Assert.Single(text.Split("i++").Skip(1));
    }

    static string Text(string members)
    {
        var run = GeneratorRun.Driver().RunGenerators(GeneratorRun.Compile(GeneratorRun.Class(Rows + members)))
            .GetRunResult();
        Assert.Empty(run.Diagnostics);
        var source = run.GeneratedTrees.Single(
            tree => tree.FilePath.EndsWith("Sample.F.g.cs", StringComparison.Ordinal)).ToString();
        var cuda = source[source.IndexOf("Cuda =", StringComparison.Ordinal)..];
        return cuda[..cuda.IndexOf("OpenCl =", StringComparison.Ordinal)];
    }
}
