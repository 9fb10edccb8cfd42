using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Simd;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Tests;

/// <summary><see cref="CpuGemm{T}"/> against the definition of a matrix product.</summary>
public class GemmTests
{
    static readonly (int M, int N, int K)[] Sizes =
    [
        (1, 1, 1), (1, 17, 5), (5, 16, 3), (6, 16, 16), (7, 33, 13), (13, 1, 31), (31, 37, 29), (12, 300, 37),
        (33, 47, 321), (40, 65, 700),
        (197, 53, 7), (201, 24, 331), (0, 4, 3), (3, 0, 4), (1, 600, 641), (11, 12, 0),
    ];

    // By name: the type is internal, and theories are public.
    public static TheoryData<string> Widths => [.. Enum.GetNames<SimdWidth>()];

    [Theory, MemberData(nameof(Widths))]
    public void DoubleIsTheDefinition(string width) => AllSizes<double>(Enum.Parse<SimdWidth>(width), 1e-14);

    [Theory, MemberData(nameof(Widths))]
    public void FloatIsTheDefinitionToRounding(string width) => AllSizes<float>(Enum.Parse<SimdWidth>(width), 1.2e-7);

    [Fact]
    public void LargeProductsAreCutIntoChunks()
    {
        using var device = new CpuDevice(2);
        var gemm = new CpuGemm<double>(device);
        foreach (var kind in Enum.GetValues<GemmKind>())
        {
            Compare(device, gemm, kind, 3, 4500, 40, 0, Variant.Plain, 1e-14);
            Compare(device, gemm, kind, 34, 520, 4300, 3, Variant.BiasRelu, 1e-14);
        }
    }

    [Fact]
    public void StridesOfPowersOfTwoAreCopiedFirst()
    {
        using var device = new CpuDevice(2);
        Compare(device, new CpuGemm<float>(device), GemmKind.NN, 50, 40, 512, 512, Variant.Accumulate, 1.2e-7);
        Compare(device, new CpuGemm<float>(device), GemmKind.NT, 50, 40, 256, 0, Variant.Bias, 1.2e-7);
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        foreach (var kind in Enum.GetValues<GemmKind>())
        {
            foreach (var (m, n, k) in new[] { (210, 130, 650), (10, 300, 300), (33, 700, 90) })
            {
                var results = new float[3][];
                for (var threads = 1; threads <= 3; threads++)
                {
                    using var device = new CpuDevice(threads);
                    using var problem = new Problem<float>(device, kind, m, n, k, 5);
                    new CpuGemm<float>(device).Multiply(kind, problem.A.View, problem.B.View, problem.C.View,
                        bias: problem.Bias.View);
                    results[threads - 1] = problem.C.Read();
                }
                Assert.Equal(results[0], results[1]);
                Assert.Equal(results[0], results[2]);
            }
        }
    }

    [Fact]
    public void ARowDoesNotDependOnTheRowsBesideIt()
    {
        using var device = new CpuDevice(1);
        var gemm = new CpuGemm<float>(device);
        using var problem = new Problem<float>(device, GemmKind.NT, 97, 75, 333, 0);
        gemm.Multiply(GemmKind.NT, problem.A.View, problem.B.View, problem.C.View);
        using var alone = new Matrix<float>(device, 1, 75, 75, 9);
        gemm.Multiply(GemmKind.NT, problem.A.View.SliceRows(41, 1), problem.B.View, alone.View);
        Assert.Equal(problem.C.View.Row(41).ToArray(), alone.View.Row(0).ToArray());
    }

    [Theory]
    [InlineData(45, 61, 350)]
    // Depth blocks in more than one go.
    [InlineData(40, 1100, 1300)]
    public void APackedOperandGivesTheSameBits(int rows, int columns, int depth)
    {
        using var device = new CpuDevice(2);
        var gemm = new CpuGemm<double>(device);
        foreach (var kind in new[] { GemmKind.NN, GemmKind.NT })
        {
            using var problem = new Problem<double>(device, kind, rows, columns, depth, 2);
            using var packed = gemm.Pack(problem.B.View, transposed: kind == GemmKind.NT);
            using var other = new Matrix<double>(device, rows, columns, columns, 3);
            gemm.Multiply(kind, problem.A.View, problem.B.View, problem.C.View, bias: problem.Bias.View,
                activation: Activation.Relu);
            gemm.Multiply(problem.A.View, packed, other.View, bias: problem.Bias.View, activation: Activation.Relu);
            for (var row = 0; row < rows; row++)
                Assert.Equal(problem.C.View.Row(row).ToArray(), other.View.Row(row).ToArray());
        }
    }

    [Fact]
    public void NothingIsKept()
    {
        using var device = new CpuDevice(2);
        var gemm = new CpuGemm<float>(device);
        foreach (var kind in Enum.GetValues<GemmKind>())
        {
            using var problem = new Problem<float>(device, kind, 100, 64, 64, 0);
            var live = device.Counters.LiveBuffers;
            gemm.Multiply(kind, problem.A.View, problem.B.View, problem.C.View);
            Assert.Equal(live, device.Counters.LiveBuffers);
        }
        Assert.Equal(0, device.Counters.LiveBuffers);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        using var device = new CpuDevice(1);
        var gemm = new CpuGemm<float>(device);
        using var a = new Matrix<float>(device, 3, 4, 4, 1);
        using var b = new Matrix<float>(device, 4, 5, 5, 2);
        using var c = new Matrix<float>(device, 3, 5, 5, 3);
        Assert.Contains("[3 x 4]",
            Assert.Throws<ShapeException>(() => gemm.Multiply(GemmKind.NT, a.View, b.View, c.View)).Message);
        Assert.Throws<ShapeException>(() => gemm.Multiply(GemmKind.NN, a.View, b.View, c.View.SliceRows(0, 2)));
        Assert.Throws<ShapeException>(() => gemm.Multiply(GemmKind.NN, a.View, b.View, c.View, bias: b.View));
        Assert.Throws<ShapeException>(
            () => gemm.Multiply(GemmKind.NN, a.View, b.View, c.View, accumulate: true, bias: b.View.SliceRows(0, 1)));
        Assert.Throws<ShapeException>(
            () => gemm.Multiply(GemmKind.NN, a.View, b.View, c.View, accumulate: true, activation: Activation.Relu));
        using var packed = gemm.Pack(b.View, transposed: true);
        Assert.Throws<ShapeException>(() => gemm.Multiply(a.View, packed, c.View));
    }

    enum Variant { Plain, Accumulate, Bias, BiasRelu }

    static void AllSizes<T>(SimdWidth width, double epsilon) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var device = new CpuDevice(2);
        var gemm = new CpuGemm<T>(device, width);
        var turn = 0;
        foreach (var (m, n, k) in Sizes)
            foreach (var kind in Enum.GetValues<GemmKind>())
                for (var i = 0; i < 2; i++, turn++)
                    Compare(device, gemm, kind, m, n, k, turn % 3 * 7, (Variant)(turn % 4), epsilon);
    }

    static void Compare<T>(CpuDevice device, CpuGemm<T> gemm, GemmKind kind, int m, int n, int k, int gap,
        Variant variant, double epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var problem = new Problem<T>(device, kind, m, n, k, gap);
        var before = problem.C.Read();
        var a = Array.ConvertAll(problem.A.Read(), double.CreateChecked);
        var b = Array.ConvertAll(problem.B.Read(), double.CreateChecked);
        var bias = variant is Variant.Bias or Variant.BiasRelu;
        gemm.Multiply(kind, problem.A.View, problem.B.View, problem.C.View, variant == Variant.Accumulate,
            bias ? problem.Bias.View : default, variant == Variant.BiasRelu ? Activation.Relu : Activation.None);
        var after = problem.C.Read();
        for (var row = 0; row < m; row++)
        {
            for (var column = 0; column < problem.C.Stride; column++)
            {
                var index = row * problem.C.Stride + column;
                if (column >= n)
                {
                    Assert.Equal(before[index], after[index]);
                    continue;
                }
                double sum = 0, size = 0;
                for (var i = 0; i < k; i++)
                {
                    var left = a[kind == GemmKind.TN ? i * problem.A.Stride + row : row * problem.A.Stride + i];
                    var right = b[kind == GemmKind.NT ? column * problem.B.Stride + i : i * problem.B.Stride + column];
                    sum += left * right;
                    size += Math.Abs(left * right);
                }
                if (variant == Variant.Accumulate) sum += double.CreateChecked(before[index]);
                if (bias) sum += double.CreateChecked(problem.Bias.View.Row(0)[column]);
                if (variant == Variant.BiasRelu) sum = Math.Max(sum, 0);
                var error = Math.Abs(sum - double.CreateChecked(after[index]));
                Assert.True(error <= epsilon * (Math.Sqrt(k) + 4) * (size + 3),
                    $"{kind} {m} x {n} x {k} {variant}: ({row}, {column}) is {after[index]}, not {sum}.");
            }
        }
    }

    sealed class Problem<T>(CpuDevice device, GemmKind kind, int m, int n, int k, int gap) : IDisposable
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Matrix<T> A { get; } = kind == GemmKind.TN
            ? new(device, k, m, m + gap, 1) : new(device, m, k, k + gap, 1);
        public Matrix<T> B { get; } = kind == GemmKind.NT
            ? new(device, n, k, k + gap, 2) : new(device, k, n, n + gap, 2);
        public Matrix<T> C { get; } = new(device, m, n, n + gap, 3);
        public Matrix<T> Bias { get; } = new(device, 1, n, n, 4);

        public void Dispose()
        {
            A.Dispose();
            B.Dispose();
            C.Dispose();
            Bias.Dispose();
        }
    }

    sealed class Matrix<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
    {
        readonly DeviceBuffer<T> buffer;

        public Matrix(CpuDevice device, int rows, int columns, int stride, uint seed)
        {
            Stride = stride;
            buffer = device.Allocate<T>((long)rows * stride);
            var random = new RandomStream(new RandomKey(7, 0, seed));
            var values = new T[rows * stride];
            for (var i = 0; i < values.Length; i++) values[i] = T.CreateChecked((float)(random.NextDouble() * 2 - 1));
            buffer.CopyFrom(values);
            View = new MatrixView<T>(buffer, 0, rows, columns, stride);
        }

        public int Stride { get; }
        public MatrixView<T> View { get; }

        public T[] Read()
        {
            var values = new T[buffer.Length];
            buffer.CopyTo(values);
            return values;
        }

        public void Dispose() => buffer.Dispose();
    }
}
