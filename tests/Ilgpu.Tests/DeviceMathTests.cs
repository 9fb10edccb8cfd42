using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Tests;

/// <summary>The mathematics that ILGPU is given, run as C# on this processor, against values of 106 bits.</summary>
public class DeviceMathTests
{
    public static TheoryData<string> Functions => [.. MathematicsKernels.Functions];

    [Theory, MemberData(nameof(Functions))]
    public void DoublesAreWithinTheirUlps(string name)
    {
        var golden = new MathematicsGolden(name);
        Func<double, double, double> function = name == "Pow" ? DeviceMath.Pow : Ignoring(Of(name));
        golden.Check([.. golden.X.Zip(golden.Y, function)], KernelCompiler.Ilgpu);
    }

    [Theory]
    [InlineData(2, double.PositiveInfinity), InlineData(0.5, double.NegativeInfinity), InlineData(-1,
        double.PositiveInfinity), InlineData(0, -1)]
    [InlineData(-0.0, -3)]
    [InlineData(-0.0, 3), InlineData(-0.0, 2), InlineData(-2, 3), InlineData(-2, 2), InlineData(-2,
        0.5), InlineData(double.NaN, 0), InlineData(1, double.NaN)]
    [InlineData(double.NegativeInfinity, 3), InlineData(double.NegativeInfinity,
        -3), InlineData(double.PositiveInfinity, -2), InlineData(-3, 1e300)]
    [InlineData(1e300, 2), InlineData(1e-300, 2), InlineData(-1e300, 3), InlineData(5e-324, 0.5)]
    public void PowersOfSpecialNumbersAreCSharps(double x, double y) => Same(Math.Pow(x, y), DeviceMath.Pow(x, y));

    [Theory]
    [InlineData(0), InlineData(-0.0), InlineData(double.NaN), InlineData(-1), InlineData(1)]
    [InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void FunctionsOfSpecialNumbersAreCSharps(double x)
    {
        Same(Math.Exp(x), DeviceMath.Exp(x));
        Same(Math.Log(x), DeviceMath.Log(x));
        Same(Math.Log2(x), DeviceMath.Log2(x));
        Same(Math.Tanh(x), DeviceMath.Tanh(x));
        Same(Math.Sin(x), DeviceMath.Sin(x));
        Same(Math.Cos(x), DeviceMath.Cos(x));
        Same(Math.Atan(x), DeviceMath.Atan(x));
    }

    // To rounding, where there is any.
    static void Same(double expected, double found)
    {
        if (double.IsNaN(expected)) Assert.True(double.IsNaN(found), $"{found}");
        else if (expected == 0 || double.IsInfinity(expected))
            Assert.Equal((expected, double.IsNegative(expected)), (found, double.IsNegative(found)));
        else Assert.Equal(expected, found, Math.Abs(expected) * 1e-15);
    }

    static Func<double, double> Of(string name) =>
        (Func<double, double>)Delegate.CreateDelegate(typeof(Func<double, double>), typeof(DeviceMath), name);

    static Func<double, double, double> Ignoring(Func<double, double> function) => (x, _) => function(x);
}
