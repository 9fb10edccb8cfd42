using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Storage;

namespace LdNetGpu.Tests;

/// <summary>Weights in bfloat16: how they are rounded, and that what reads them reads just those.</summary>
public sealed class Bfloat16Tests : IDisposable
{
    readonly CpuDevice device = new(2);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80)] // 1
    [InlineData(0x3F80_8000u, 0x3F80)] // halfway: to the even one, below
    [InlineData(0x3F81_8000u, 0x3F82)] // halfway: to the even one, above
    [InlineData(0x3F80_8001u, 0x3F81)] // above halfway
    [InlineData(0xBF80_7FFFu, 0xBF80)] // below halfway, negative
    [InlineData(0x0000_0001u, 0x0000)] // the smallest number
    [InlineData(0x8000_8001u, 0x8001)] // subnormal, negative
    [InlineData(0x7F7F_FFFFu, 0x7F80)] // the largest number: beyond the largest here
    [InlineData(0x7F80_0000u, 0x7F80)] // infinity
    [InlineData(0xFF80_0001u, 0xFFC0)] // NaN whose payload lies in the lower half
    public void RoundsToTheNearestEven(uint bits, ushort expected)
    {
        var rounded = new ushort[1];
        Bfloat16.Round([BitConverter.UInt32BitsToSingle(bits)], rounded);
        Assert.Equal(expected, rounded[0]);
    }

    [Fact]
    public void EveryNumberIsWidenedToItself()
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];
        var (values, again) = (new float[all.Length], new ushort[all.Length]);
        // An odd number from an odd place, past whole vectors.
        Bfloat16.Widen(all.AsSpan(1), values.AsSpan(1));
        for (var i = 1; i < all.Length; i++)
            Assert.Equal((uint)all[i] << 16, BitConverter.SingleToUInt32Bits(values[i]));
        Bfloat16.Round(values.AsSpan(1), again.AsSpan(1));
        for (var i = 1; i < all.Length; i++)
            if (!float.IsNaN(values[i])) Assert.Equal(all[i], again[i]);
    }

    [Theory, InlineData(0, 3), InlineData(3, 0), InlineData(1, 1), InlineData(7, 13), InlineData(300, 67)]
    public void MatricesAreWidenedByColumnsAndByRows(int rows, int columns)
    {
        var source = Views.From(device, rows, columns + 2, (r, c) => MathF.Sin(r * 31 + c)).SliceColumns(1, columns);
        using var matrix = new Bfloat16Matrix(device, source);
        Assert.Equal(2L * rows * columns, matrix.Bytes);
        var whole = Views.From(device, rows, columns, (_, _) => 9f);
        matrix.Widen(0, whole);
        Assert.Equal(Rounded(source.ToArray()), whole.ToArray());
        if (columns == 0 || rows == 0) return;
        var last = Views.From(device, rows, 1, (_, _) => 9f);
        matrix.Widen(columns - 1, last);
        Assert.Equal(whole.SliceColumns(columns - 1, 1).ToArray(), last.ToArray());
        var found = Views.From(device, 3, columns, (_, _) => 9f);
        matrix.Gather(Views.Indices(device, [rows - 1, -1, 0]), found);
        Assert.Equal([.. whole.SliceRows(rows - 1, 1).ToArray(), .. new float[columns],
            .. whole.SliceRows(0, 1).ToArray()], found.ToArray());
        Assert.Throws<ShapeException>(() => matrix.Gather(Views.Indices(device, [rows, 0, 0]), found));
        Assert.Throws<ShapeException>(() => matrix.Widen(1, whole));
    }

    [Theory]
    [InlineData(0, 3, 5), InlineData(1, 1, 1), InlineData(3, 0, 4), InlineData(3, 4, 0), InlineData(5, 7, 3)]
    [InlineData(37, 67, 331), InlineData(100, 300, 701)]
    public void ProductsReadJustTheRoundedWeights(int rows, int columns, int depth)
    {
        var gemm = new CpuGemm<float>(device);
        var (a, b) = (Views.From(device, rows, depth, (r, c) => MathF.Cos(r + 7 * c)),
            Views.From(device, columns, depth, (r, c) => MathF.Sin(r * 31 + c)));
        var bias = Views.From(device, 1, columns, (_, c) => (float)c);
        var values = Rounded(b.ToArray());
        var exact = Views.From(device, columns, depth, (r, c) => values[r * depth + c]);
        var (expected, found) = (Views.From(device, rows, columns, (_, _) => 9f),
            Views.From(device, rows, columns, (_, _) => 9f));
        using (var packed = gemm.Pack(exact, transposed: true)) gemm.Multiply(a, packed, expected, bias: bias);
        using var wide = gemm.Pack(b, transposed: true);
        using var rounded = wide.Rounded();
        Assert.Equal(wide.Bytes, 2 * rounded.Bytes);
        gemm.Multiply(a, rounded, found, bias: bias);
        Tolerance.AssertSameBits(expected, found);
    }

    [Fact]
    public void DoublesAreNotRounded()
    {
        using var packed = new CpuGemm<double>(device).Pack(Views.From(device, 2, 3, (_, _) => 1.0), transposed: true);
        Assert.Throws<UnsupportedOnDeviceException>(() => packed.Rounded());
    }

    static float[] Rounded(float[] values)
    {
        var rounded = new ushort[values.Length];
        Bfloat16.Round(values, rounded);
        var wide = new float[values.Length];
        Bfloat16.Widen(rounded, wide);
        return wide;
    }
}
