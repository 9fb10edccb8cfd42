using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>The dialect's functions in ILGPU's PTX.</summary>
public sealed class IlgpuMathematicsTests() : MathematicsTests(KernelCompiler.Ilgpu);

/// <summary>
/// The same in the generated CUDA C++: on a GPU those of CUDA, else those of the machine that emulates it.
/// </summary>
public sealed class TextMathematicsTests() : MathematicsTests(KernelCompiler.Text);

/// <summary>Functions are as far off as the documentation's table says.</summary>
public abstract class MathematicsTests(KernelCompiler compiler) : IDisposable
{
    readonly GpuDevice device = CudaForTests.Open(compiler);

    public static TheoryData<string> Functions => [.. MathematicsKernels.Functions];

    public void Dispose()
    {
        device.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(Functions))]
    public void DoublesAreWithinTheirUlps(string name)
    {
        var golden = new MathematicsGolden(name);
        golden.Check(Map(name, golden.X, golden.Y), compiler);
    }

    [Theory, MemberData(nameof(Functions))]
    public void FloatsAreWithinTheirUlps(string name)
    {
        var golden = new MathematicsGolden(name);
        var (x, y) = golden.FloatArguments();
        golden.CheckFloats(x, y, Map(name, x, y), compiler);
    }

    [Theory, InlineData("Sqrt"), InlineData("Rsqrt"), InlineData("Rcp")]
    public void RootsAreWithinTheirUlps(string name)
    {
        var golden = new MathematicsGolden(name);
        golden.Check(Column<double>(name, golden.X, (count, xs, results) =>
            MathematicsKernels.LaunchRootsOfDoubles(device, count, xs, results, count)), compiler);
        var (x, y) = golden.FloatArguments();
        golden.CheckFloats(x, y, Column<float>(name, x, (count, xs, results) =>
            MathematicsKernels.LaunchRootsOfFloats(device, count, xs, results, count)), compiler);
    }

    [Fact]
    public void EdgesAreCSharps()
    {
        Edges<float>();
        Edges<double>();
    }

    [Fact]
    public void ConversionsAreCSharps()
    {
        double[] values =
        [
            0, -0.0, 1.9, -1.9, 2147483647, 2147483648, -2147483649, 1e300, -1e300, 9.3e18, -9.3e18, double.NaN,
            double.PositiveInfinity, 1e-300,
        ];
        using var from = device.Allocate<double>(values.Length);
        using var integers = device.Allocate<int>(values.Length);
        using var longs = device.Allocate<long>(values.Length);
        using var floats = device.Allocate<float>(values.Length);
        from.CopyFrom(values);
        MathematicsKernels.LaunchConversions(device, values.Length, from, integers, longs, floats);
        Assert.Equal(values.Select(int.CreateTruncating), Read<int>(integers));
        Assert.Equal(values.Select(long.CreateSaturating), Read<long>(longs));
        Assert.Equal(values.Select(float.CreateTruncating), Read<float>(floats));
    }

    [Fact]
    public void ReciprocalsAreNotApproximate()
    {
        float[] x = [.. Enumerable.Range(1, 500).Select(i => i * 0.37f)];
        using var xs = device.Allocate<float>(x.Length);
        using var results = device.Allocate<float>(4 * x.Length);
        xs.CopyFrom(x);
        MathematicsKernels.LaunchIlgpu(device, x.Length, xs, xs, results, x.Length);
        var found = Read<float>(results);
        Assert.Equal(x.Select(value => 1 / value), found[..x.Length]);
        Assert.Equal(x.Select(value => 1 / MathF.Sqrt(value)), found[x.Length..(2 * x.Length)]);
    }

    void Edges<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] numbers = [0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e30, -1e30, 7.3, -7.3];
        T[] edges = [.. numbers.Select(T.CreateTruncating), T.NaN, T.PositiveInfinity, T.NegativeInfinity];
        T[] x = [.. edges.SelectMany(_ => edges)];
        T[] y = [.. edges.SelectMany(edge => edges.Select(_ => edge))];
        using var xs = device.Allocate<T>(x.Length);
        using var ys = device.Allocate<T>(x.Length);
        using var results = device.Allocate<T>(15 * x.Length);
        xs.CopyFrom(x);
        ys.CopyFrom(y);
        MathematicsKernels.LaunchEdges<T>(device, x.Length, xs, ys, results, x.Length);
        var found = Read(results);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = MathematicsKernels.EdgesOf(x[i], y[i]);
            for (var column = 0; column < expected.Length; column++)
                Assert.True(IsSame(expected[column], found[i + column * x.Length]),
                    $"column {column} of {x[i]}, {y[i]}: {found[i + column * x.Length]}, not {expected[column]}");
        }
    }

    // A zero has a sign; a NaN has none.
    static bool IsSame<T>(T expected, T found) where T : IFloatingPointIeee754<T> =>
        T.IsNaN(expected) ? T.IsNaN(found) : expected == found && T.IsNegative(expected) == T.IsNegative(found);

    T[] Map<T>(string name, T[] x, T[] y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var xs = device.Allocate<T>(x.Length);
        using var ys = device.Allocate<T>(x.Length);
        using var results = device.Allocate<T>(x.Length);
        xs.CopyFrom(x);
        ys.CopyFrom(y);
        MathematicsKernels.LaunchMap<T>(device, x.Length, xs, ys, results,
            MathematicsKernels.Functions.ToList().IndexOf(name));
        return Read(results);
    }

    T[] Column<T>(string name, T[] x, Action<int, DeviceBuffer<T>, DeviceBuffer<T>> launch) where T : unmanaged
    {
        using var xs = device.Allocate<T>(x.Length);
        using var results = device.Allocate<T>(3 * x.Length);
        xs.CopyFrom(x);
        launch(x.Length, xs, results);
        var first = MathematicsKernels.Roots.ToList().IndexOf(name) * x.Length;
        return Read<T>(results)[first..(first + x.Length)];
    }

    static T[] Read<T>(Devices.DeviceBuffer<T> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
