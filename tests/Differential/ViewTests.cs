using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace LdNetGpu.Tests;

/// <summary>ILGPU's views with strides, and structs without fields, as parameters of kernels on every device.</summary>
public class ViewTests
{
    [Theory]
    [InlineData("ArrayView1D<int, Stride1D.Dense>", "new LongIndex1D(24), new()", "x[i.X + 3 * i.Y + 12 * i.Z]")]
    [InlineData("ArrayView1D<int, Stride1D.General>", "new LongIndex1D(24), new(2)", "x[i.X + 3 * i.Y + 12 * i.Z]")]
    [InlineData("ArrayView2D<int, Stride2D.DenseX>", "new LongIndex2D(6, 4), new(7)",
        "x[new Index2D(i.X + 3 * i.Z, i.Y)]")]
    [InlineData("ArrayView2D<int, Stride2D.DenseY>", "new LongIndex2D(6, 4), new(5)", "x[i.X + 3 * i.Z, i.Y]")]
    [InlineData("ArrayView2D<int, Stride2D.General>", "new LongIndex2D(6, 4), new(new Index2D(2, 13))",
        "x[(i.X + 3 * i.Z, i.Y)]")]
    [InlineData("ArrayView3D<int, Stride3D.DenseXY>", "new LongIndex3D(3, 4, 2), new(3, 13)", "x[i]")]
    [InlineData("ArrayView3D<int, Stride3D.DenseZY>", "new LongIndex3D(3, 4, 2), new(9, 2)", "x[i.X, i.Y, i.Z]")]
    [InlineData("ArrayView3D<int, Stride3D.General>", "new LongIndex3D(3, 4, 2), new(new Index3D(17, 3, 1))", "x[i]")]
    public void ElementsLieWhereTheStrideHasThem(string type, string rest, string element) =>
        RunsAlike($$"""
            [Kernel]
            public static void F(Index3D i, {{type}} x, int n) =>
                {{element}} += n + i.X + 10 * i.Y + 100 * i.Z + 1000 * (int)x.Extent.X + (x.IsValid ? 50000 : 0);

            public static void Run(GpuDevice device, ArrayView<int> all) =>
                LaunchF(device, new Index3D(3, 4, 2), new {{type}}(all, {{rest}}), 3);

            public static void Plain(ArrayView<int> all)
            {
                for (var i = 0; i < 24; i++)
                    F(new Index3D(i % 3, i / 3 % 4, i / 12), new {{type}}(all, {{rest}}), 3);
            }
            """);

    [Fact]
    public void AStructWithoutFieldsIsPassedOn() => RunsAlike("""
        public struct Empty { public int Of(int x) => x ^ 9; }
        static int Of(Empty e, int x) => e.Of(x);

        [Kernel]
        public static void F(Index1D i, Empty e, ArrayView<int> x) => x[i] = Of(e, i);

        public static void Run(GpuDevice device, ArrayView<int> all) => LaunchF(device, 24, new Empty(), all);

        public static void Plain(ArrayView<int> all)
        {
            for (var i = 0; i < 24; i++) F(i, default, all);
        }
        """);

    static void RunsAlike(string members)
    {
        var assembly = CaseAssembly.Compile("using ILGPU; using ILGPU.Runtime; using LdNetGpu.Devices.Gpu; "
            + $"using LdNetGpu.Dialect;\npublic static partial class Cases\n{{\n{members}\n}}\n");
        int[] start = [.. Enumerable.Range(0, 64)];
        var expected = new int[start.Length];
        using (var context = Context.Create(builder => builder.CPU()))
        using (var accelerator = context.CreateCPUAccelerator(0))
        using (var buffer = accelerator.Allocate1D(start))
        {
            assembly.Call("Plain", buffer.View.BaseView);
            buffer.CopyToCPU(expected);
        }
        Assert.NotEqual(start, expected);
        foreach (var subject in Subject.AllAndIlgpu())
        {
            using var _ = subject;
            using var buffer = subject.Device.Allocate<int>(start.Length);
            buffer.CopyFrom(start);
            ArrayView<int> view = buffer;
            assembly.Call("Run", subject.Device, view);
            var found = new int[start.Length];
            buffer.CopyTo(found);
            Assert.True(expected.SequenceEqual(found),
                $"{subject.Name}: {string.Join(' ', found)}, not {string.Join(' ', expected)}");
        }
    }
}
