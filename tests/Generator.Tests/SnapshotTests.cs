using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// The texts of small kernels, word for word. A text that differs is written beside the expected one as *.received:
/// compare, and rename where the new one is meant.
/// </summary>
public sealed class SnapshotTests
{
    const string Extent =
        "[Kernel] public static void Scale(Index1D i, float factor, ArrayView<float> x)\n{\n    x[i] *= factor;\n}";

    const string Shared = """
        [Kernel]
        [Instance(typeof(float))]
        public static void RowSum<T>(ArrayView<T> x, int columns, SpecializedValue<int> width, ArrayView<T> sums) where T : unmanaged, INumber<T>
        {
            var partial = SharedMemory.Allocate<T>(width);
            var row = x.SubView(Grid.IdxX * columns, columns);
            var sum = T.Zero;
            for (var i = Group.IdxX; i < columns; i += Group.DimX) sum += Squared(row, i);
            partial[Group.IdxX] = sum;
            Group.Barrier();
            var first = Squared(partial, 0);
            var total = GroupExtensions.AllReduce<T, Add<T>>(sum);
            if (Group.IdxX == 0) sums[Grid.IdxX] = total + first;
        }

        static T Squared<T>(ArrayView<T> values, int i) where T : unmanaged, INumber<T> => values[i] * values[i];
        """;

    const string Types = """
        public readonly struct Relu : IMap<float> { public static float Apply(float x) => x > 0 ? x : 0; }
        public readonly record struct Table(ArrayView<float> Values, int Stride) { public float At(int row, int column) => Values[row * Stride + column]; }

        [Kernel]
        [Instance(typeof(Relu))]
        public static void Lookup<TMap>(Index2D index, Table table, ArrayView<float> y, int kind) where TMap : struct, IMap<float>
        {
            var scale = kind switch { 0 => 1f, > 3 and < 6 => 0.5f, _ => -1f };
            var (low, high) = Order(index.X, index.Y);
            y[index.X] = TMap.Apply(table.At(low, high)) * scale;
        }

        static (int Low, int High) Order(int a, int b) => a < b ? (a, b) : (b, a);
        """;

    const string Tensor = """
        [Kernel]
        public static void Tile(ArrayView<float> a, ArrayView<double> d, SpecializedValue<int> steps, ArrayView<float> c)
        {
            var tile = SharedMemory.Allocate<float>(256);
            var sums = LocalMemory.Allocate<FragmentC>(steps);
            Cuda.AsyncCopy.Bytes16(tile, 4 * Group.IdxX, a, 4L * Group.IdxX + 1, steps - 2);
            Cuda.AsyncCopy.Commit();
            Cuda.AsyncCopy.Wait(0);
            Cuda.CooperativeGrid.Barrier();
            for (var k = 0; k < steps; k++)
            {
                sums[k] = default;
                sums[k] = Cuda.Mma.Tf32(Left(tile, k), new FragmentB(Cuda.Mma.ToTf32(tile[k]), 0), sums[k]);
            }
            var packed = new FragmentB(Cuda.Mma.PackBf16(1, 2), 0);
            var sum = Cuda.Mma.Bf16(Left(tile, 0), packed, sums[0]);
            Cuda.Vector.Store(c, 4 * Group.IdxX, new FloatQuad(sum.R0, sum.R1, sum.R2, sum.R3));
            var pair = Cuda.Vector.Load(d, 2);
            Cuda.Vector.Store(d, 0, new DoublePair(pair.Y, pair.X));
        }

        static FragmentA Left(ArrayView<float> tile, int k) => new(Cuda.Mma.ToTf32(tile[k]), 1, 2, 3);
        """;

    [Theory]
    [InlineData("Extent", Extent)]
    [InlineData("Shared", Shared)]
    [InlineData("Types", Types)]
    public void TextsAreAsBefore(string name, string members)
    {
        var source = Generated(members);
        Matches(name + ".cu", Text(source, "Cuda"));
        Matches(name + ".cl", Text(source, "OpenCl"));
    }

    [Fact]
    public void TheTextsAreTheSameInAnyCulture()
    {
        using var german = new GermanCulture();
        var source = Generated(Types);
        Matches("Types.cu", Text(source, "Cuda"));
        Matches("Types.cl", Text(source, "OpenCl"));
    }

    [Fact]
    public void WhatGoesBeyondOpenClHasACudaTextAlone()
    {
        var source = Generated(Tensor);
        Matches("Tensor.cu", Text(source, "Cuda"));
        Assert.DoesNotContain("OpenCl =", source);
        Assert.Contains("(global::LdNetGpu.Devices.Gpu.KernelRequirements)93,", source);
    }

    static string Generated(string members) =>
        GeneratorRun.Driver().RunGenerators(GeneratorRun.Compile(GeneratorRun.Class(members))).GetRunResult()
        .GeneratedTrees.Select(tree => tree.ToString()).Single(text => text.Contains("Cuda ="));

    static string Text(string source, string target) =>
        Regex.Match(source, target + " =\n\"\"\"\n(.*?)\"\"\"", RegexOptions.Singleline).Groups[1].Value;

    static void Matches(string file, string text)
    {
        var path = RepositoryRoot.Combine("tests", "Generator.Tests", "Snapshots", file);
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        File.WriteAllText(path + ".received", text);
        Assert.Fail($"{file} differs from what the generator makes now: compare it with {path}.received.");
    }
}
