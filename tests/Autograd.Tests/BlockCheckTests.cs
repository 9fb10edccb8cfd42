using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Gradient checks of functions whose leaves are their own.</summary>
public class BlockCheckTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(1));

    // x², its gradient too large by a factor, and y as it is.
    sealed record Block(double Factor = 1, bool RenamesInDuals = false, bool NeedsGradient = true)
        : IDifferentiableBlock
    {
        public DifferentiableBlock<T> On<T>(DeviceBackend<T> backend)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            Parameter<T> x = new(backend, new Shape(2, 3)) { RequiresGradient = NeedsGradient },
                y = new(backend, new Shape(4));
            x.CopyFrom(Numbers<T>(0.4, -1.3, 0.2, 2, 0.7, -0.6));
            y.CopyFrom(Numbers<T>(0.3, 0.1, -1, 5));
            var name = RenamesInDuals && typeof(T) != typeof(double) ? "z" : "y";
            return new([("x", x), (name, y)],
                () => [new SquareFunction<T>(x, T.CreateTruncating(2 * Factor)).Apply()[0], y.Scale(3)], x, y);
        }

        static T[] Numbers<T>(params double[] values) where T : System.Numerics.INumberBase<T> =>
            Array.ConvertAll(values, T.CreateTruncating);
    }

    [Fact]
    public void DualNumbersGoThroughEachLeafAndThroughAll()
    {
        var report = GradientAssert.Holds("block", Backend, new Block(), new() { Directions = 3 });
        Assert.Equal((6 + 4 + 3, 2 + 3), (report.Checked, report.Dual!.Checked));
        Assert.InRange(report.Dual.Worst.Error, 0, 1e-15);
    }

    [Theory]
    [InlineData(0, "x")]
    [InlineData(2, null)]
    public void WhatDifferencesCannotSeeIsFound(int directions, string? leaf)
    {
        var report = GradientCheck.Run("block", Backend, new Block(1 + 1e-12), new() { Directions = directions });
        Assert.True(report.Worst.Error < 1e-8);
        Assert.False(report.Passed);
        Assert.False(report.Dual!.Passed);
        Assert.Equal(leaf ?? report.Dual.Worst.Place, report.Dual.Worst.Place);
        Assert.InRange(report.Dual.Worst.Error, 1e-13, 1.1e-12);
        Assert.Contains("by dual numbers", Assert.Throws<GradientAssertException>(() =>
            GradientAssert.Holds("block", Backend, new Block(1 + 1e-12))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FloatAndSecondDerivativesAreKnownOfThem()
    {
        var parts = GradientCheck.Run("block", Backend, new Block(), GradientCheckOptions.Thorough).Parts;
        Assert.Equal(["same bits", "added gradients", "absent cotangents", "float, ulp", "second order, symmetry",
            "second order, differences"], parts.Select(part => part.Name));
        Assert.All(parts, part => Assert.True(part is { Passed: true, Checked: > 0 }, part.ToString()));
    }

    [Fact]
    public void ABlockThatIsNotTheSameInDualNumbersIsNamed()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            GradientCheck.Run("block", Backend, new Block(RenamesInDuals: true)));
        Assert.Contains("input z", error.Message, StringComparison.Ordinal);
    }

    sealed record Nothing : IDifferentiableBlock
    {
        public DifferentiableBlock<T> On<T>(DeviceBackend<T> backend)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => null!;
    }

    [Fact]
    public void ABlockThatGivesNothingIsNamed() => Assert.Contains("block: the block gave nothing",
        Assert.Throws<InvalidOperationException>(() => GradientCheck.Run("block", Backend, new Nothing())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ALeafWithoutGradientIsNamed() => Assert.Contains("block: input x does not require a gradient",
        Assert.Throws<ArgumentException>(() =>
            GradientCheck.Run("block", Backend, new Block(NeedsGradient: false))).Message, StringComparison.Ordinal);
}
