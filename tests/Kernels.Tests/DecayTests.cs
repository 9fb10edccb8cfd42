using LdNetGpu.Kernels.Optimizer;


namespace LdNetGpu.Tests;

public class DecayTests
{
    [Theory]
    [InlineData(1e-18, 1e-18), InlineData(-1e-10, -9.9999999995e-11), InlineData(1e-3, 1.00050016670834167e-3)]
    [InlineData(1, 1.71828182845904524), InlineData(-40, -1), InlineData(0, 0), InlineData(double.NegativeInfinity, -1)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity), InlineData(double.NaN, double.NaN)]
    public void ExpM1KeepsItsDigitsForSmallArguments(double x, double expected)
    {
        if (!double.IsFinite(expected)) Assert.Equal(expected, Decay.ExpM1(x));
        else Assert.Equal(expected, Decay.ExpM1(x), 1e-15 * Math.Abs(expected));
    }
}
