using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class RowsFloatTests : RowsTests<float>;

public sealed class RowsDoubleTests : RowsTests<double>;

public abstract class RowsTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [Fact]
    public void GatherAndScatterMatchTheirDefinitionsForAnyIndices() =>
        Prop.ForAll(Gen.Choose(-1, 10).ArrayOf().ToArbitrary(), indices =>
        {
            var table = Random(11, 5, 7);
            var view = Views.Indices(Device, indices);
            var rows = Random(indices.Length, 5, 6, seed: 2);
            double[] t = table.ToDoubles(), x = rows.ToDoubles();

            var gathered = Random(indices.Length, 5, 8, seed: 3);
            Backend.Rows.Gather(table, view, gathered);
            Tolerance.AssertClose(indices.SelectMany(i => i < 0 ? new double[5] : t[(i * 5)..(i * 5 + 5)]).ToArray(),
                gathered, k: 0);
            gathered.AssertGapsUntouched();

            for (var i = 0; i < indices.Length; i++)
                for (var c = 0; c < 5 && indices[i] >= 0; c++)
                    t[indices[i] * 5 + c] += x[i * 5 + c];
            Backend.Rows.ScatterAdd(rows, view, table);
            Tolerance.AssertClose(t, table, k: indices.Length + 1);
            table.AssertGapsUntouched();
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(1, 3).WithMaxTest(60));

    [Fact]
    public void RepeatedIndicesAreAddedInTheirOrder()
    {
        // 1e17 takes in no 1 (2^53 is 9e15); only in this order do the last two survive, one by one.
        var table = Zeros(3, 1);
        Backend.Rows.ScatterAdd(Views.Of<T>(Device, 5, 1, 1, 1e17, -1e17, 1, 1), Views.Indices(Device, 2, 2, 2, 2, 2),
            table);
        Assert.Equal([0, 0, 2], table.ToDoubles());
    }

    [Fact]
    public void ScatterIsTheGradientOfGather()
    {
        var table = Random(17, 9);
        var indices = Views.Indices(Device, 3, -1, 3, 16, 0, 5, 3);
        var cotangent = Random(7, 9, seed: 2);
        var gathered = Zeros(7, 9);
        var gradient = Zeros(17, 9);
        Backend.Rows.Gather(table, indices, gathered);
        Backend.Rows.ScatterAdd(cotangent, indices, gradient);
        double Dot(MatrixView<T> a, MatrixView<T> b) => a.ToDoubles().Zip(b.ToDoubles(), (p, q) => p * q).Sum();
        // <gather(table), cotangent> = <table, scatter(cotangent)>, gather being linear.
        Assert.Equal(Dot(gathered, cotangent), Dot(table, gradient), 1e-4);
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        var key = new RandomStream(new RandomKey(5, 0, 0));
        var indices =
            Views.Indices(backend.Device, Enumerable.Range(0, 700).Select(_ => key.NextInt(50) - 1).ToArray());
        var table = Views.Random<T>(backend.Device, 50, 301);
        backend.Rows.ScatterAdd(Views.Random<T>(backend.Device, 700, 301, seed: 2), indices, table);
        var gathered = Views.Filled<T>(backend.Device, 700, 301);
        backend.Rows.Gather(table, indices, gathered);
        return [table, gathered];
    });

    [Fact]
    public void AnIndexOutsideTheTableIsNamed()
    {
        var error = Assert.Throws<ShapeException>(
            () => Backend.Rows.Gather(Zeros(4, 2), Views.Indices(Device, 0, 4), Zeros(2, 2)));
        Assert.Equal("Gather: indices[1] = 4 lies outside -1..3, the rows of table [4 x 2] (-1: a row of zeros).",
            error.Message);
        error = Assert.Throws<ShapeException>(
            () => Backend.Rows.ScatterAdd(Zeros(1, 2), Views.Indices(Device, -2), Zeros(4, 2)));
        Assert.Equal("ScatterAdd: indices[0] = -2 lies outside -1..3, the rows of table [4 x 2] (-1: passed over).",
            error.Message);
        error = Assert.Throws<ShapeException>(
            () => Backend.Rows.Gather(Zeros(4, 2), Views.Indices(Device, 0), Zeros(1, 3)));
        Assert.Equal("Gather: output [1 x 3] must be [1 x 2]: its rows are rows of table [4 x 2].", error.Message);
    }
}
