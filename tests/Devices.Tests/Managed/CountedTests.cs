using System.Numerics;
using LdNetGpu.Devices.Managed;
using Number = LdNetGpu.Devices.Managed.Counted<double>;

namespace LdNetGpu.Tests;

/// <summary>Numbers that note what is computed with them.</summary>
public sealed class CountedTests
{
    [Fact]
    public void TheyAreWhatTheNumbersThemselvesAre()
    {
        foreach (var x in (double[])[0.3, 0.7, -0.4, 1.6, double.PositiveInfinity, double.NaN])
        {
            Assert.Equal(Functions<double>(x), Functions<Number>(x).Select(number => number.Value));
            Assert.Equal(Arithmetic<double>(x), Arithmetic<Number>(x).Select(number => number.Value));
            Assert.Equal(Questions<double>(x), Questions<Number>(x));
        }
        Assert.Equal("0.5", new Number(0.5).ToString());
    }

    [Fact]
    public void EachFunctionIsOneOperation()
    {
        using var watch = OperationWatch.Begin();
        var count = Functions<Number>(0.3).Length;
        Assert.Equal(new OperationCounts(0, 0, 0, 0, count, 0) { InDouble = count }, watch.Counts);
    }

    // Two negations, comparisons, choices and roundings among them are none.
    [Fact]
    public void ArithmeticIsCountedByKind()
    {
        using var watch = OperationWatch.Begin();
        Arithmetic<Number>(0.3);
        Assert.Equal(new OperationCounts(Additions: 4, Multiplications: 1, FusedMultiplyAdds: 1, Divisions: 2,
            Functions: 0, Lost: 0) { InDouble = 9 }, watch.Counts);
        Assert.Equal(4 + 1 + 2 + 2, watch.Counts.Flops);
        Questions<Number>(0.3);
        Assert.Equal(9, watch.Counts.Flops);
    }

    [Fact]
    public void WhatGoesOnInOtherNumbersIsLost()
    {
        using var watch = OperationWatch.Begin();
        _ = float.CreateTruncating(new Number(0.5)) + int.CreateTruncating(new Number(0.5));
        using (var inner = OperationWatch.Begin())
            _ = new Number(1) + new Number(2);
        Assert.Equal(new OperationCounts(0, 0, 0, 0, 0, Lost: 1), watch.Counts);
    }

    [Fact]
    public void NumbersOfTheOtherPrecisionGoOnCounting()
    {
        using var watch = OperationWatch.Begin();
        var single = new Counted<float>(0.1f);
        Assert.Equal((double)0.1f * 0.1f, Product<Number, Counted<float>>(single).Value);
        Assert.Equal(0.2f, (Saturated<Counted<float>, Number>(0.1) + single).Value);
        Assert.Equal(new OperationCounts(1, 1, 0, 0, 0, Lost: 0) { InDouble = 1 }, watch.Counts);
        Assert.Equal(2, watch.Counts.Add(watch.Counts).InDouble);
    }

    static T Product<T, TOther>(TOther x) where T : INumberBase<T> where TOther : INumberBase<TOther> =>
        T.CreateTruncating(x) * T.CreateChecked(x);

    static T Saturated<T, TOther>(TOther x) where T : INumberBase<T> where TOther : INumberBase<TOther> =>
        T.CreateSaturating(x);

    // y = scale · x / (1 + |x|): a multiplication, an addition and a division a lane; 4 bytes in and 4 out.
    [Fact]
    public void ALaunchHasItsOperationsAndItsBytes()
    {
        using var device = new ManagedDevice();
        var (x, y) = (device.Allocate<Counted<float>>(64), device.Allocate<Counted<float>>(64));
        x.CopyFrom([.. Enumerable.Repeat(new Counted<float>(0.5f), 64)]);
        using var profile = device.BeginProfile();
        DualKernels.LaunchSoftsign<Counted<float>>(device, 64, x, y, 2f);
        DualKernels.LaunchSoftsign<Counted<float>>(device, 8, y, y, 2f);
        Assert.Equal(new OperationCounts(64, 64, 0, 64, 0, 0), profile.Launches[0].Operations);
        // Each element is read twice, and its sector comes once.
        Assert.Equal((256, 256), (profile.Launches[0].LoadedOnce, profile.Launches[0].StoredOnce));
        Assert.Equal((32, 32, 24), (profile.Launches[1].LoadedOnce, profile.Launches[1].StoredOnce,
            profile.Launches[1].Operations.Flops));
        Assert.Equal(2 * (64 + 8) * 4, profile.Kernels[0].Total.GlobalLoads.Bytes);
    }

    // A sum over shared memory writes one element that it never read.
    [Fact]
    public void WhatALaunchWroteItselfIsNotLoaded()
    {
        using var device = new ManagedDevice();
        var (x, bins) = (device.Allocate<int>(32), device.Allocate<int>(8));
        (int[] zeros, int[] few) = (new int[32], new int[8]);
        x.CopyFrom(zeros);
        bins.CopyFrom(few);
        using var profile = device.BeginProfile();
        ProfiledKernels.LaunchCounts(device, (1, 32), x, bins, x);
        ProfiledKernels.LaunchWritesAndReads(device, (1, 8), bins);
        // 128 bytes of x, and the counter's sector, which an atomic operation reads and writes; the result is x again.
        Assert.Equal((128 + 32, 128 + 32), (profile.Launches[0].LoadedOnce, profile.Launches[0].StoredOnce));
        Assert.Equal((0, 32), (profile.Launches[1].LoadedOnce, profile.Launches[1].StoredOnce));
    }

    static T[] Functions<T>(T x) where T : IFloatingPointIeee754<T> =>
    [
        T.Exp(x), T.ExpM1(x), T.Exp2(x), T.Exp10(x), T.Log(x), T.LogP1(x), T.Log2(x), T.Log10(x), T.Log(x, x),
        T.Sqrt(x), T.Cbrt(x), T.RootN(x, 3), T.Pow(x, x), T.Hypot(x, x), T.Sinh(x), T.Cosh(x), T.Tanh(x), T.Asinh(x),
        T.Acosh(x), T.Atanh(x), T.Sin(x), T.Cos(x), T.Tan(x), T.Asin(x), T.Acos(x), T.Atan(x), T.Atan2(x, x),
        T.SinPi(x), T.CosPi(x), T.TanPi(x), T.AsinPi(x), T.AcosPi(x), T.AtanPi(x), T.Atan2Pi(x, x),
        T.Ieee754Remainder(x, T.One), T.ReciprocalEstimate(x), T.ReciprocalSqrtEstimate(x),
    ];

    static T[] Arithmetic<T>(T x) where T : IFloatingPointIeee754<T>
    {
        var (up, down) = (x, x);
        up++;
        down--;
        return
        [
            x + T.One, x - T.Pi, x * x, T.One / x, x % T.E, T.FusedMultiplyAdd(x, x, x), -x, +x, T.Abs(x),
            T.Max(x, T.Zero), T.Min(x, T.Zero), T.MaxNumber(x, T.NaN), T.MinNumber(x, T.NaN), T.MaxMagnitude(x, T.One),
            T.MinMagnitude(x, T.One), T.MaxMagnitudeNumber(x, T.One), T.MinMagnitudeNumber(x, T.One),
            T.CopySign(x, -T.One), T.Round(x, 1, MidpointRounding.ToEven), T.ScaleB(x, 2), T.BitIncrement(x),
            T.BitDecrement(x), T.CreateTruncating(3), up, down,
        ];
    }

    static bool[] Questions<T>(T x) where T : IFloatingPointIeee754<T> =>
    [
        x < T.One, x > T.One, x <= T.One, x >= T.One, x == T.One, x != T.One, x.Equals(x), x.CompareTo(T.One) > 0,
        T.IsNaN(x), T.IsFinite(x), T.IsNegative(x), T.IsInfinity(x), T.IsInteger(x), T.IsZero(x), T.IsNormal(x),
    ];
}
