using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class ProductDropoutFloatTests : ProductDropoutTests<float>;

public sealed class ProductDropoutDoubleTests : ProductDropoutTests<double>;

/// <summary>
/// A product that drops elements of an operand while it loads them beside a dropped copy and a plain product: the same
/// bits.
/// </summary>
public abstract class ProductDropoutTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static readonly RandomKey Key = new(42, 3, 7);

    /// <summary>
    /// Kind, operand, rows, columns, depth: empty, odd, rows enough for blocks of their own, more than one block of
    /// depth, more than one chunk of columns.
    /// </summary>
    public static TheoryData<GemmKind, ProductOperand, int, int, int> Products
    {
        get
        {
            var data = new TheoryData<GemmKind, ProductOperand, int, int, int>();
            foreach (var kind in Enum.GetValues<GemmKind>())
                foreach (var operand in (ProductOperand[])[ProductOperand.A, ProductOperand.B])
                    foreach (var (m, n, k) in new[]
                    {
                        (0, 3, 2), (3, 0, 2), (3, 5, 0), (1, 1, 1), (13, 31, 17), (401, 5, 7), (390, 9, 330),
                        (7, 300, 41), (35, 4200, 3),
                    })
                        data.Add(kind, operand, m, n, k);
            return data;
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void TheBitsAreThoseOfDroppingFirst(GemmKind kind, ProductOperand operand, int rows, int columns, int depth)
    {
        foreach (var first in (int[])[0, 3])
        {
            var (a, b) = Factors(Device, kind, rows, columns, depth, first);
            var bias = Random(1, columns, seed: 4);
            var (expected, found) =
                (Random(rows, columns, columns + 2, seed: 3), Random(rows, columns, columns + 2, seed: 3));
            var (droppedA, droppedB) = (operand == ProductOperand.A ? Dropped(a) : a,
                operand == ProductOperand.B ? Dropped(b) : b);
            var dropout = new ProductDropout(operand, Key, 0.3f, (operand == ProductOperand.A ? a : b).Columns, first);
            (a, b, droppedA, droppedB) = (Part(a), Part(b), Part(droppedA), Part(droppedB));

            Backend.Gemm.Multiply(kind, droppedA, droppedB, expected, accumulate: true);
            Backend.Gemm.Multiply(kind, a, b, found, accumulate: true, dropout: dropout);
            Tolerance.AssertSameBits(expected, found);
            found.AssertGapsUntouched();

            Backend.Gemm.Multiply(kind, droppedA, droppedB, expected, bias: bias, activation: Activation.Relu);
            Backend.Gemm.Multiply(kind, a, b, found, bias: bias, activation: Activation.Relu, dropout: dropout);
            Tolerance.AssertSameBits(expected, found);

            MatrixView<T> Part(MatrixView<T> whole) => whole.SliceColumns(first, whole.Columns - first);
        }
    }

    [Theory, InlineData(GemmKind.NT, ProductOperand.A), InlineData(GemmKind.TN, ProductOperand.B)]
    public void AnyNumberOfThreadsGivesTheSameBits(GemmKind kind, ProductOperand operand) =>
        Threads.AssertSameBits<T>(backend =>
        {
            var (a, b) = Factors((CpuDevice)backend.Device, kind, 600, 70, 330, 0);
            var c = Views.Filled<T>(backend.Device, 600, 70, 0);
            backend.Gemm.Multiply(kind, a, b, c,
                dropout: new(operand, Key, 0.5f, (operand == ProductOperand.A ? a : b).Columns));
            return [c];
        });

    [Fact]
    public void NothingIsKeptInMemory()
    {
        var (a, b) = Factors(Device, GemmKind.NT, 500, 40, 30, 0);
        var c = Zeros(500, 40);
        var live = Device.Counters.LiveBuffers;
        foreach (var operand in (ProductOperand[])[ProductOperand.A, ProductOperand.B])
            Backend.Gemm.Multiply(GemmKind.NT, a, b, c, dropout: new(operand, Key, 0.5f, 30));
        Assert.Equal(live, Device.Counters.LiveBuffers);
    }

    [Fact]
    public void AMaskNarrowerThanItsMatrixIsRefused()
    {
        var error = Assert.Throws<ShapeException>(() =>
            Backend.Gemm.Multiply(GemmKind.NN, Zeros(2, 3), Zeros(3, 4), Zeros(2, 4),
                dropout: new(ProductOperand.B, Key, 0.5f, 5, FirstColumn: 2)));
        Assert.Equal("matrix product NN: a mask of 5 columns has none from 2 on for b [3 x 4].", error.Message);
        Assert.Throws<ShapeException>(() =>
            Backend.Gemm.Multiply(GemmKind.NN, Zeros(2, 3), Zeros(3, 4), Zeros(2, 4),
                dropout: new(ProductOperand.A, Key, 0.5f, 3, FirstColumn: -1)));
    }

    [Theory, InlineData(-0.01f), InlineData(1.01f), InlineData(float.NaN)]
    public void AProbabilityOutsideZeroToOneIsRefused(float probability) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Backend.Gemm.Multiply(GemmKind.NN, Zeros(2, 3), Zeros(3, 4), Zeros(2, 4),
                dropout: new(ProductOperand.A, Key, probability, 3)));

    MatrixView<T> Dropped(MatrixView<T> matrix)
    {
        var dropped = Views.Filled<T>(Device, matrix.Rows, matrix.Columns, 0);
        Backend.Dropout.Apply(matrix, dropped, Key, 0.3f);
        return dropped;
    }

    // Each with some columns before those of the product.
    static (MatrixView<T> A, MatrixView<T> B) Factors(CpuDevice device, GemmKind kind, int rows, int columns, int depth,
        int before)
    {
        var (rowsOfA, columnsOfA) = kind == GemmKind.TN ? (depth, rows) : (rows, depth);
        var (rowsOfB, columnsOfB) = kind == GemmKind.NT ? (columns, depth) : (depth, columns);
        return (Views.Random<T>(device, rowsOfA, columnsOfA + before, columnsOfA + before + 1, 1),
            Views.Random<T>(device, rowsOfB, columnsOfB + before, columnsOfB + before + 5, 2));
    }
}
