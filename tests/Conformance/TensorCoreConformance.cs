using LdNetGpu.Devices;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Products on tensor cores against the CPU in double. An operand rounded to tf32 is off by at most 2^-11 of itself, so
/// an element of A·B by about 2^-10 of Σ|a·b|, and a float sum of K terms by K roundings of it. In three products the
/// operands are off by at most 2^-22, and what is left out is at most 2^-22 of Σ|a·b|.
/// </summary>
public abstract class TensorCoreConformance<TDevice> : DeviceSuite<TensorCoreConformance<TDevice>, TDevice>
    where TDevice : ITestDevice
{
    /// <summary>
    /// Kind, rows, columns, depth, gap behind each row of A and B: both tile sizes' borders, copies of one element and
    /// of four.
    /// </summary>
    public static TheoryData<GemmKind, int, int, int, int> Products
    {
        get
        {
            var data = new TheoryData<GemmKind, int, int, int, int>();
            foreach (var kind in Enum.GetValues<GemmKind>())
                foreach (var (m, n, k, gap) in new[]
                {
                    (1, 1, 1, 0), (5, 3, 7, 2), (64, 64, 32, 0), (67, 71, 36, 1), (68, 72, 68, 4), (131, 65, 33, 0),
                    (9, 140, 100, 0),
                })
                    data.Add(kind, m, n, k, gap);
            return data;
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void Product(GemmKind kind, int rows, int columns, int depth, int gap)
    {
        var (a, b) = Factors(kind, rows, columns, depth, gap);
        Compare(ProductPrecision.Tf32, kind, a, b, Operand.Filled(rows, columns, 9, gap: 3), depth, accumulate: false,
            null, Activation.None);
        Compare(ProductPrecision.Tf32, kind, a, b, Operand.Random(rows, columns, 3, gap: 2), depth, accumulate: true,
            null, Activation.None);
    }

    [Theory, InlineData(Activation.None), InlineData(Activation.Relu)]
    public void ProductWithBias(Activation activation)
    {
        var (a, b) = Factors(GemmKind.NT, 35, 70, 40, 0);
        Compare(ProductPrecision.Tf32, GemmKind.NT, a, b, Operand.Filled(35, 70, 9), 40, accumulate: false,
            Operand.Random(1, 70, 4), activation);
    }

    /// <summary>
    /// Two tiles of 128 rows, and columns enough that the tiles of 128 x 128 are as many as the multiprocessors,
    /// however many these are.
    /// </summary>
    [Theory]
    [InlineData(GemmKind.NN, ProductPrecision.Tf32, 1), InlineData(GemmKind.NT, ProductPrecision.Tf32, 4)]
    [InlineData(GemmKind.TN, ProductPrecision.Tf32, 0)]
    [InlineData(GemmKind.NT, ProductPrecision.Tf32x3, 1)]
    public void LargeTilesFillTheDevice(GemmKind kind, ProductPrecision math, int gap)
    {
        const int rows = 131, depth = 37;
        var columns = 128 * ((Device.Capabilities.MultiProcessors + 1) / 2) - 59;
        var (a, b) = Factors(kind, rows, columns, depth, gap);
        Compare(math, kind, a, b, Operand.Random(rows, columns, 3, gap: 2), depth, accumulate: true, null,
            Activation.None);
    }

    [Theory, InlineData(GemmKind.NN, 1), InlineData(GemmKind.NT, 0), InlineData(GemmKind.TN, 4)]
    public void ThreeProductsAreNearlyAsExactAsFloats(GemmKind kind, int gap)
    {
        var (a, b) = Factors(kind, 67, 71, 44, gap);
        Compare(ProductPrecision.Tf32x3, kind, a, b, Operand.Filled(67, 71, 9), 44, accumulate: false, null,
            Activation.None);
    }

    public static TheoryData<GemmKind, ProductOperand, int> DroppedProducts
    {
        get
        {
            var data = new TheoryData<GemmKind, ProductOperand, int>();
            foreach (var kind in Enum.GetValues<GemmKind>())
                foreach (var gap in (int[])[0, 1])
                {
                    data.Add(kind, ProductOperand.A, gap);
                    data.Add(kind, ProductOperand.B, gap);
                }
            return data;
        }
    }

    [Theory, MemberData(nameof(DroppedProducts))]
    public void AnOperandIsDroppedBetweenItsArrivalAndTheProduct(GemmKind kind, ProductOperand operand, int gap)
    {
        var (a, b) = Factors(kind, 68, 72, 44, gap);
        var (whole, key) = (operand == ProductOperand.A ? a : b, new RandomKey(5, 6, 7));
        var copy = Operand.Filled(whole.Rows, whole.Columns, 9, gap);
        new GpuDropout<float>(Device).Apply(whole.On<float>(Device), copy.On<float>(Device), key, 0.3f);
        foreach (var first in (int[])[0, 3])
        {
            // Columns first and on of both.
            var (expected, found) =
                (Multiply(copy, default), Multiply(whole, new(operand, key, 0.3f, whole.Columns, first)));
            Tolerance.AssertSameBits<float>(expected, found);

            float[] Multiply(Operand other, ProductDropout dropout)
            {
                var (left, right) = (Part(operand == ProductOperand.A ? other : a, first),
                    Part(operand == ProductOperand.B ? other : b, first));
                var (rows, columns) = (kind == GemmKind.TN ? left.Columns : left.Rows,
                    kind == GemmKind.NT ? right.Rows : right.Columns);
                var c = Operand.Random(rows, columns, 3).On<float>(Device);
                if (kind == GemmKind.NN) right = right.SliceRows(0, right.Rows - first);
                new GpuGemm<float>(Device, new(ProductPrecision.Tf32)).Multiply(kind, left, right, c, accumulate: true,
                    dropout: dropout);
                return c.ToArray();
            }
        }

        MatrixView<float> Part(Operand matrix, int first) =>
            matrix.On<float>(Device).SliceColumns(first, matrix.Columns - first);
    }

    [Fact]
    public void ColumnsOfAWiderMatrix()
    {
        var (a, b, c) = (Operand.Random(20, 50, 1), Operand.Random(30, 50, 2), Operand.Filled(20, 30, 0));
        foreach (var start in (int[])[4, 5])
        {
            new GpuGemm<float>(Device, new(ProductPrecision.Tf32)).Multiply(GemmKind.NT,
                a.On<float>(Device).SliceColumns(start, 40), b.On<float>(Device).SliceColumns(start, 40),
                c.On<float>(Device));
            new CpuGemm<double>(Host).Multiply(GemmKind.NT,
                a.On<double>(Host).SliceColumns(start, 40), b.On<double>(Host).SliceColumns(start, 40),
                c.On<double>(Host));
            Check(c, 40, ProductPrecision.Tf32);
        }
    }

    [Fact]
    public void TwoRunsGiveTheSameBits()
    {
        var (a, b) = Factors(GemmKind.NN, 70, 70, 70, 0);
        var results = new float[2][];
        for (var run = 0; run < 2; run++)
        {
            var c = Operand.Filled(70, 70, 0).On<float>(Device);
            new GpuGemm<float>(Device, new(ProductPrecision.Tf32)).Multiply(GemmKind.NN, a.On<float>(Device),
                b.On<float>(Device), c);
            results[run] = c.ToArray();
        }
        Assert.Equal(results[0], results[1]);
    }

    static void Compare(ProductPrecision math, GemmKind kind, Operand a, Operand b, Operand c, int depth,
        bool accumulate, Operand? bias, Activation activation)
    {
        new GpuGemm<float>(Device, new(math)).Multiply(kind,
            a.On<float>(Device), b.On<float>(Device), c.On<float>(Device), accumulate,
            bias?.On<float>(Device) ?? default, activation);
        new CpuGemm<double>(Host).Multiply(kind,
            a.On<double>(Host), b.On<double>(Host), c.On<double>(Host), accumulate, bias?.On<double>(Host) ?? default,
            activation);
        Check(c, depth, math);
    }

    // Elements lie in [-1, 1], so Σ|a·b| is at most the depth; float's epsilon is 2^-23.
    static void Check(Operand c, int depth, ProductPrecision math)
    {
        var found = c.On<float>(Device);
        Tolerance.AssertClose(c.On<double>(Host).ToArray(), found,
            k: 8 + (math == ProductPrecision.Tf32 ? 1 << 13 : 8) + depth, scale: depth);
        found.AssertGapsUntouched();
    }

    static (Operand A, Operand B) Factors(GemmKind kind, int rows, int columns, int depth, int gap) => (
        kind == GemmKind.TN ? Operand.Random(depth, rows, 1, gap) : Operand.Random(rows, depth, 1, gap),
        kind == GemmKind.NT ? Operand.Random(columns, depth, 2, gap) : Operand.Random(depth, columns, 2, gap));
}

public sealed class ManagedTensorCores : TensorCoreConformance<OnManaged>;
public sealed class CudaTensorCores : TensorCoreConformance<OnCuda>;
