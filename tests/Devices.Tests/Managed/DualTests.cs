using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using Number = LdNetGpu.Devices.Managed.Dual<double>;

namespace LdNetGpu.Tests;

public class DualTests
{
    static readonly Dictionary<string, (Func<Number, Number> Function, double[] At)> Functions = new()
    {
        ["+x"] = (x => +x, [0.7, -2]), ["-x"] = (x => -x, [0.7, -2]), ["x++"] = (x => x++ + x, [0.7]),
        ["x--"] = (x => x-- * x, [0.7]), ["x + x"] = (x => x + x, [0.3]), ["3 - x"] = (x => 3 - x, [0.3]),
        ["x x"] = (x => x * x, [0.3, -4]), ["(x + 1) / x"] = (x => (x + 1) / x, [0.3, -4]),
        ["7.5 % x"] = (x => 7.5 % x, [2, -2]), ["x % 2"] = (x => x % 2, [7.5, -7.5]),
        ["exp"] = (Number.Exp, [0.3, -4]), ["expm1"] = (Number.ExpM1, [0.3, 1e-3]), ["exp2"] = (Number.Exp2, [0.3]),
        ["exp10"] = (Number.Exp10, [0.3]), ["log"] = (Number.Log, [0.3, 4]), ["logp1"] = (Number.LogP1, [0.3]),
        ["log2"] = (Number.Log2, [0.3]), ["log10"] = (Number.Log10, [0.3]),
        ["log, base"] = (x => Number.Log(3, x), [2]),
        ["x^3"] = (x => Number.Pow(x, 3), [0.3, -2]), ["3^x"] = (x => Number.Pow(3, x), [0.3, -2]),
        ["x^x"] = (x => Number.Pow(x, x), [0.3, 2]), ["sqrt"] = (Number.Sqrt, [0.3]),
        ["cbrt"] = (Number.Cbrt, [0.3, -2]),
        ["1/x"] = (Number.ReciprocalEstimate, [0.3]), ["1/sqrt"] = (Number.ReciprocalSqrtEstimate, [0.3]),
        ["root 5"] = (x => Number.RootN(x, 5), [0.3]), ["root -2"] = (x => Number.RootN(x, -2), [0.3]),
        ["hypot"] = (x => Number.Hypot(x, 2 * x + 1), [0.3, -2]),
        ["sinh"] = (Number.Sinh, [0.3]), ["cosh"] = (Number.Cosh, [0.3]), ["tanh"] = (Number.Tanh, [0.3, -3]),
        ["asinh"] = (Number.Asinh, [0.3]), ["acosh"] = (Number.Acosh, [1.7]), ["atanh"] = (Number.Atanh, [0.3]),
        ["sin"] = (Number.Sin, [0.3]), ["cos"] = (Number.Cos, [0.3]), ["tan"] = (Number.Tan, [0.3]),
        ["sincos"] = (x => Number.SinCos(x) is var (s, c) ? s * c * c : default, [0.3]),
        ["asin"] = (Number.Asin, [0.3]), ["acos"] = (Number.Acos, [0.3]), ["atan"] = (Number.Atan, [0.3, -3]),
        ["atan2"] = (x => Number.Atan2(x, 1 - 2 * x), [0.3, 3]),
        ["sinpi"] = (Number.SinPi, [0.3]), ["cospi"] = (Number.CosPi, [0.3]), ["tanpi"] = (Number.TanPi, [0.3]),
        ["sincospi"] = (x => Number.SinCosPi(x) is var (s, c) ? s * c * c : default, [0.3]),
        ["asinpi"] = (Number.AsinPi, [0.3]), ["acospi"] = (Number.AcosPi, [0.3]), ["atanpi"] = (Number.AtanPi, [0.3]),
        ["atan2pi"] = (x => Number.Atan2Pi(x, 1 - 2 * x), [0.3]),
        ["fma"] = (x => Number.FusedMultiplyAdd(x, 2 * x, x), [0.3]), ["scaleb"] = (x => Number.ScaleB(x, 3), [0.3]),
        ["abs"] = (Number.Abs, [0.3, -0.3]), ["remainder"] = (x => Number.Ieee754Remainder(7.7, x), [2, 3]),
        ["round"] = (x => Rounded(x) + x, [0.3]), ["copysign"] = (x => Number.CopySign(x, -1), [0.3, -0.3]),
        ["bits"] = (x => Number.BitIncrement(x) + Number.BitDecrement(x), [0.3]),
        ["max"] = (x => Number.Max(x, 1 - x), [0.3, 0.7]), ["min"] = (x => Number.Min(x, 1 - x), [0.3, 0.7]),
        ["max number"] = (x => Number.MaxNumber(x, Number.NaN), [0.3]),
        ["min number"] = (x => Number.MinNumber(Number.NaN, x), [0.3]),
        ["magnitudes"] = (x => Number.MaxMagnitude(x, -1) * Number.MinMagnitude(x, -1), [0.3, -3]),
        ["magnitude numbers"] =
            (x => Number.MaxMagnitudeNumber(x, -1) * Number.MinMagnitudeNumber(x, Number.NaN), [0.3, -3]),
        ["clamp"] = (Clamped, [0.3, 3]), ["x < 1 ? x x : x"] = (x => x < 1 ? x * x : x, [0.3, 3]),
    };

    // What a kernel calls by its type parameter alone.
    static T Rounded<T>(T x) where T : IFloatingPoint<T> => T.Round(x);

    static T Clamped<T>(T x) where T : INumber<T> => T.Clamp(x, -T.One, T.One);

    public static TheoryData<string> FunctionNames => [.. Functions.Keys];

    [Theory, MemberData(nameof(FunctionNames))]
    public void EachFunctionHasItsDerivative(string name)
    {
        var (function, points) = Functions[name];
        foreach (var x in points)
        {
            double At(double shifted) => function(shifted).Value;
            const double H = 1e-3;
            // Central differences of fourth order.
            var numeric = (8 * (At(x + H) - At(x - H)) - (At(x + 2 * H) - At(x - 2 * H))) / (12 * H);
            var found = function(new(x, 1));
            Assert.Equal(At(x), found.Value);
            Assert.True(Math.Abs(numeric - found.Tangent) <= 1e-8 * Math.Max(1, Math.Abs(numeric)),
                $"at {x}: {found.Tangent}, by differences {numeric}");
            Assert.Equal(0, function(x).Tangent);
        }
    }

    [Fact]
    public void AConstantsTangentStaysZeroBesideInfinities()
    {
        Number masked = double.NegativeInfinity, x = new(0.5, 2);
        Assert.Equal(new Number(0, 0), Number.Exp(masked));
        Assert.Equal(2, (x + Number.Exp(masked) * 3).Tangent);
        Assert.Equal(0, (masked * 2).Tangent);
    }

    [Fact]
    public void EqualNumbersOfDifferentTangentsAreTies()
    {
        Number zero = new(0, 1);
        Assert.True(zero <= 0);
        using var watch = TangentWatch.Begin();
        Assert.False(new Number(1, 1) < 0);
        Assert.True(new Number(2, 3) == new Number(2, 3));
        Assert.Equal(0, watch.Ties);
        using (var inner = TangentWatch.Begin())
        {
            Assert.False(zero < 0);
            _ = Number.Max(zero, 0) + Number.Abs(zero);
            Assert.Equal((3, 2), (inner.Ties, inner.TiePlaces.Count));
            Assert.Matches(@"^DualTests\.cs:\d+, both 0$", inner.TiePlaces[0]);
        }
        Assert.Equal(0, watch.Ties);
        _ = float.CreateTruncating(new Number(0.5, 1)) + int.CreateTruncating(new Number(0.5, 1));
        Assert.Equal((0, 1), (watch.Ties, watch.Lost));
        Assert.EndsWith(", 0.5 to Single", Assert.Single(watch.LostPlaces), StringComparison.Ordinal);
    }

    // As scores of forbidden tags are: no step makes one of them the larger.
    // Jumps: at whole numbers and, rounded to the nearest, half way between them; truncation has none at 0.
    [Fact]
    public void WhereAFunctionJumpsIsATie()
    {
        int Ties(double value, Action<Dual<double>> use, double tangent = 1)
        {
            using var watch = TangentWatch.Begin();
            use(new(value, tangent));
            return watch.Ties;
        }
        // Of the interface, as kernels call them.
        void Floor<T>(T x) where T : IFloatingPoint<T> => T.Floor(x);
        void Truncate<T>(T x) where T : IFloatingPoint<T> => T.Truncate(x);
        void Round<T>(T x) where T : IFloatingPoint<T> => T.Round(x);
        void Whole(Dual<double> x) => int.CreateTruncating(x);
        Assert.Equal((1, 1, 0, 0), (Ties(2, Floor), Ties(0, Floor), Ties(2.5, Floor), Ties(2, Floor, tangent: 0)));
        Assert.Equal((1, 0, 1), (Ties(-1, Truncate), Ties(0, Truncate), Ties(3, Truncate)));
        Assert.Equal((0, 1, 1), (Ties(2, Round), Ties(2.5, Round), Ties(-0.5, Round)));
        Assert.Equal((1, 0, 0), (Ties(1, Whole), Ties(0, Whole), Ties(1.25, Whole)));
    }

    [Fact]
    public void InfinitiesAreNoTies()
    {
        using var watch = TangentWatch.Begin();
        Number forbidden = double.NegativeInfinity, sum = forbidden + new Number(3, 1);
        Assert.True(sum == forbidden);
        Assert.Equal(0, Number.MaxNumber(forbidden, sum).Tangent);
        Assert.Equal(0, watch.Ties);
        _ = new Number(3, 1) == 3;
        Assert.Equal(1, watch.Ties);
    }

    [Fact]
    public void AKernelRunsOverThem()
    {
        using var device = new ManagedDevice();
        using var x = device.Allocate<Number>(5);
        using var y = device.Allocate<Number>(5);
        x.CopyFrom([new(0.5, 1), new(-1, 2), new(0, -1), 3, new(0.25, 0.5)]);
        DualKernels.LaunchSoftsign<Number>(device, 5, x, y, new(2, 0.5));
        var result = new Number[5];
        y.CopyTo(result);
        // y = a x / (1 + |x|), so dy = da x / (1 + |x|) + a dx / (1 + |x|)².
        foreach (var ((value, tangent), found) in new[]
        {
            (0.5, 1.0), (-1, 2), (0, -1), (3, 0), (0.25, 0.5),
        }.Zip(result))
        {
            var size = 1 + Math.Abs(value);
            Assert.Equal(2 * value / size, found.Value, 15);
            Assert.Equal(0.5 * value / size + 2 * tangent / (size * size), found.Tangent, 14);
        }
    }

    [Fact]
    public void OtherDevicesRefuseThem()
    {
        Assert.SkipWhen(OpenClForTests.WhyNot is not null, OpenClForTests.WhyNot ?? "");
        using var device = new OpenClDevice();
        using var x = device.Allocate<Number>(1);
        void Launch() => DualKernels.LaunchSoftsign<Number>(device, 1, x, x, 1);
        var error = Assert.Throws<UnsupportedOnDeviceException>(Launch);
        Assert.Contains("Softsign", error.Message, StringComparison.Ordinal);
        Assert.Equal("managed", Assert.Single(error.Alternatives).Device);
    }
}
