using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// A pointer is to const where nothing is written through it, however the view travels; clang sees to it that the texts
/// keep to that.
/// </summary>
public sealed class ViewAccessTests
{
    const string Helpers =
        """
        static void Put(ArrayView<float> to, float value) => to[0] = value;
        static float Get(ArrayView<float> from, int i) => from[i];
        static void Add(ref float to) => to += 1;
        public readonly record struct Pair(ArrayView<float> Read, ArrayView<float> Write)
        {
            public float First => Read[0];
            public void Keep(float value) => Write[1] = value;
        }
        """;

    [Theory]
    [InlineData("y[0] = x[0];", "const float* x", "float* y")]
    [InlineData("y[0] += x[0]; y[1]++;", "const float* x", "float* y")]
    [InlineData("var row = x.SubView(2); y[0] = row[0] + row.Cast<int>()[1];", "const float* x", "float* y")]
    [InlineData("var row = x.SubView(2); row[0] = y[0];", "float* x", "const float* y")]
    [InlineData("Put(y, Get(x, 1) + Get(y, 2));", "const float* x", "float* y")]
    [InlineData("var v = x; v = y; Put(y, v[0]);", "float* x", "float* y")]
    [InlineData("var v = n > 0 ? x : y; Put(y, v[0]);", "float* x", "float* y")]
    [InlineData("Add(ref y[Group.IdxX]);", "const float* x", "float* y")]
    [InlineData("ref var place = ref y[1]; place = x[0];", "const float* x", "float* y")]
    [InlineData("Atomic.Add(ref y[0], x[0]);", "const float* x", "float* y")]
    [InlineData("(y[0], n) = (x[0], 1);", "const float* x", "float* y")]
    [InlineData("Cuda.Vector.Store(y, 0, Cuda.Vector.Load(x, 4));", "const float* x", "float* y")]
    [InlineData("var t = SharedMemory.Allocate<float>(4); Cuda.AsyncCopy.Bytes16(t, 0, x, 0, 4); "
        + "Cuda.AsyncCopy.Commit(); Cuda.AsyncCopy.Wait(0);",
        "const float* x", "const float* y")]
    [InlineData("var p = new Pair(x, y); p.Keep(p.First);", "const float* x", "float* y")]
    [InlineData("n = (int)(x.Length + y.Length);", "const float* x", "const float* y")]
    public void PointersAreToConstWhereNothingIsWritten(string body, string x, string y) =>
        Assert.Equal((x, y),
            Pointers(
                $"[Kernel] public static void F(ArrayView<float> x, ArrayView<float> y, int n) {{ {body} }}\n{Helpers}",
                "Cuda"));

    [Fact]
    public void ViewsOfAStructAreToldApart()
    {
        var text = Text($"[Kernel] public static void F(Pair pair) {{ pair.Keep(pair.First); }}\n{Helpers}", "Cuda");
        Assert.Contains(
            "(const float* pair_Read, long long pair_Read_length, float* pair_Write, long long pair_Write_length)",
            text);
    }

    [Theory]
    [InlineData("[NoAlias]", "ReadUnaliased"), InlineData("[NoAlias(HeldByCaller = false)]", "ReadUnaliased")]
    [InlineData("[NoAlias(HeldByCaller = true)]", "ReadUnaliasedByCaller")]
    public void APromiseOfNoAliasIsRestrict(string promise, string access)
    {
        var kernel =
            $"[Kernel] public static void F({promise} ArrayView<float> x, ArrayView<float> y) {{ y[0] = x[0]; }}";
        Assert.Contains($"ViewAccess.{access})", Source(kernel));
        Assert.Equal(("const float* __restrict__ x", "float* y"), Pointers(kernel, "Cuda"));
        Assert.Equal(("__global const float* restrict x", "__global float* y"), Pointers(kernel, "OpenCl"));
    }

    static (string X, string Y) Pointers(string members, string target)
    {
        var entry = Regex.Match(Text(members, target), @"Sample_F\(([^)]*)\) \{").Groups[1].Value.Split(", ");
        string Named(string name) =>
            entry.Single(parameter => parameter.EndsWith(" " + name, StringComparison.Ordinal));
        return (Named("x"), Named("y"));
    }

    static string Text(string members, string target) =>
        Regex.Match(Source(members), target + " =\n\"\"\"\n(.*?)\"\"\"", RegexOptions.Singleline).Groups[1].Value;

    static string Source(string members)
    {
        Assert.Empty(GeneratorRun.Diagnose(members));
        return GeneratorRun.Driver().RunGenerators(GeneratorRun.Compile(GeneratorRun.Class(members)))
            .GetRunResult()
            .GeneratedTrees.Select(tree => tree.ToString()).Single(text => text.Contains("Cuda ="));
    }
}
