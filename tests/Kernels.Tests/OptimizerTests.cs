using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class OptimizerFloatTests : OptimizerTests<float>;

public sealed class OptimizerDoubleTests : OptimizerTests<double>;

public abstract class OptimizerTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    const int TableRows = 23, Columns = 11;

    IOptimizers<T> Optimizers => Backend.Optimizers;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0.9, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0.9, 0.999)]
    [InlineData(1, 0.5, 0.2)] // β1 > √β2: idle updates may grow, so none may be left out
    public void SparseUpdatesEqualDenseOnes(int rule, double beta1, double beta2)
    {
        var (dense, sparse) = (Random(TableRows, Columns), Random(TableRows, Columns, 13));
        MatrixView<T>[] denseState = [Zeros(TableRows, Columns), Zeros(TableRows, Columns)];
        MatrixView<T>[] sparseState = [Zeros(TableRows, Columns, 12), Zeros(TableRows, Columns)];
        var last = Views.Indices(Device, new int[TableRows]);
        var everyRow = Views.Indices(Device, Enumerable.Range(0, TableRows).ToArray());
        var draws = new RandomStream(new RandomKey(8, 0, 0));
        for (var step = 1; step <= 50; step++)
        {
            int[] rows = [.. Enumerable.Range(0, TableRows).Where(_ => draws.NextInt(10) == 0)];
            var gradient = Random(rows.Length, Columns, seed: (ulong)step + 10);
            var whole = Zeros(TableRows, Columns);
            Backend.Rows.ScatterAdd(gradient, Views.Indices(Device, rows), whole);
            if (rule == 0)
            {
                Optimizers.Sgd(dense, whole, denseState[0], new(0.01, beta1, 0.5));
                Optimizers.SgdRows(sparse, Views.Indices(Device, rows), gradient, sparseState[0], last,
                    new(0.01, beta1, 0.5, step));
            }
            else
            {
                Optimizers.Adam(dense, whole, denseState[0], denseState[1], new(0.01, step, 0.5, beta1, beta2));
                Optimizers.AdamRows(sparse, Views.Indices(Device, rows), gradient, sparseState[0], sparseState[1], last,
                    new(0.01, step, 0.5, beta1, beta2));
            }
            // Catching up half of the rows in between must change nothing.
            if (step == 25) CatchUp(everyRow.Slice(0, TableRows / 2), step);
        }
        CatchUp(everyRow, 50);
        Tolerance.AssertClose(dense.ToDoubles(), sparse, k: 64);
        Tolerance.AssertClose(denseState[0].ToDoubles(), sparseState[0], k: 64);
        Tolerance.AssertClose(denseState[1].ToDoubles(), sparseState[1], k: 64);
        Assert.All(last.ToArray(), step => Assert.Equal(50, step));
        sparse.AssertGapsUntouched();

        void CatchUp(IndexView rows, int step)
        {
            if (rule == 0) Optimizers.SgdRows(sparse, rows, default, sparseState[0], last, new(0.01, beta1, 0.5, step));
            else
                Optimizers.AdamRows(sparse, rows, default, sparseState[0], sparseState[1], last,
                    new(0.01, step, 0.5, beta1, beta2));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void StoppingEarlyInALongIdleRunLosesLessThanRounding(int touched)
    {
        const int Idle = 3000;
        var (table, first, second) = (Random(1, Columns), Random(1, Columns, seed: 2),
            Random(1, Columns, seed: 3, low: 0.01f));
        double[] w = table.ToDoubles(), m = first.ToDoubles(), v = second.ToDoubles();
        var last = Views.Indices(Device, touched);
        Optimizers.AdamRows(table, Views.Indices(Device, 0), default, first, second, last, new(0.01, touched + Idle));
        for (var step = touched + 1; step <= touched + Idle; step++)
            for (var i = 0; i < Columns; i++)
            {
                m[i] *= 0.9;
                v[i] *= 0.999;
                w[i] -= 0.01 / (1 - Math.Pow(0.9, step)) * m[i]
                    / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        Tolerance.AssertClose(w, table, k: 32);
        Tolerance.AssertClose(m, first, k: 1);
        Tolerance.AssertClose(Array.ConvertAll(v, x => 1.0), [.. second.ToDoubles().Select((x, i) => Number(x / v[i]))],
            k: 512);
    }

    [Fact]
    public void PlainDescentNeedsNoVelocity()
    {
        var (w, g) = (Views.Of<T>(Device, 2, 2, 1, 2, 3, 4), Views.Of<T>(Device, 2, 2, 1, 1, 2, 2));
        Optimizers.Sgd(w, g, default, new(0.5, 0));
        Assert.Equal([0.5, 1.5, 2, 3], w.ToDoubles());
        Optimizers.SgdRows(w, Views.Indices(Device, 1), g.SliceRows(0, 1), default, Views.Indices(Device, 0, 0),
            new(0.5, 0, Number: 9));
        Assert.Equal([0.5, 1.5, 1.5, 2.5], w.ToDoubles());
    }

    [Fact]
    public void ARowNamedTwiceOrAlreadyAtThisStepIsRefused()
    {
        var (table, last) = (Zeros(3, 2), Views.Indices(Device, 0, 5, 0));
        var error = Assert.Throws<ShapeException>(() =>
            Optimizers.SgdRows(table, Views.Indices(Device, 1), Zeros(1, 2), Zeros(3, 2), last,
                new(0.1, 0.9, Number: 5)));
        Assert.Equal("SgdRows: rows[0] = 1 has already taken step 5: step 5 must be later, and name a row once.",
            error.Message);
        Assert.Throws<ShapeException>(
            () => Optimizers.SgdRows(table, Views.Indices(Device, 2, 2), Zeros(2, 2), Zeros(3, 2), last,
                new(0.1, 0.9, Number: 6)));
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        MatrixView<T> Random(ulong seed) => Views.Random<T>(backend.Device, 101, 331, seed: seed, low: 0.1f);
        var (w, m, v) = (Random(1), Random(2), Random(3));
        backend.Optimizers.Adam(w, Random(4), m, v, new(0.01, 2));
        backend.Optimizers.AdamRows(w, Views.Indices(backend.Device, Enumerable.Range(0, 101).ToArray()), Random(5), m,
            v, Views.Indices(backend.Device, Enumerable.Repeat(2, 101).ToArray()), new(0.01, 40));
        return [w, m, v];
    });

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        var error = Assert.Throws<ShapeException>(
            () => Optimizers.Adam(Zeros(2, 3), Zeros(2, 3), Zeros(2, 3), Zeros(3, 3), new(0.1, 1)));
        Assert.Equal("Adam: parameter [2 x 3] and secondMoment [3 x 3] must have the same shape.", error.Message);
        error =
            Assert.Throws<ShapeException>(() => Optimizers.Sgd(Zeros(2, 3), Zeros(2, 2), Zeros(2, 3), new(0.1, 0.9)));
        Assert.Equal("Sgd: parameter [2 x 3] and gradient [2 x 2] must have the same shape.", error.Message);
        error = Assert.Throws<ShapeException>(() => Optimizers.AdamRows(
            Zeros(2, 3), Views.Indices(Device, 2), Zeros(1, 3), Zeros(2, 3), Zeros(2, 3), Views.Indices(Device, 0, 0),
            new(0.1, 1)));
        Assert.Equal("AdamRows: rows[0] = 2 lies outside 0..1, the rows of table [2 x 3].", error.Message);
    }
}
