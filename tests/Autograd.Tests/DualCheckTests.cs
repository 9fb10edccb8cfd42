using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Tests;

/// <summary>⟨J·v, u⟩ by dual numbers against ⟨v, Jᵀ·u⟩.</summary>
public class DualCheckTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(1));

    [Fact]
    public void DualNumbersTellEveryOperation()
    {
        var untold = new OperationChecks(Backend).All()
            .Select(entry => entry.Run(new() { ElementsPerTensor = 1, Directions = 1 }))
            .Where(report => report.Dual is not { Lost.Count: 0, Checked: > 1 }).Select(report => report.Name);
        Assert.Empty(untold);
    }

    /// <summary>x², its gradient too large by a factor.</summary>
    sealed class Square(double factor) : IDifferentiable
    {
        public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            new SquareFunction<T>(input("x", 2, 3), T.CreateTruncating(2 * factor)).Apply();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1e-12, false)]
    [InlineData(1e-9, false)]
    public void WhatDifferencesCannotSeeIsFound(double error, bool holds)
    {
        var report = GradientCheck.Run("square", Backend, new Square(1 + error));
        Assert.True(report.Worst.Error < 1e-8);
        Assert.Equal(holds, report.Passed);
        Assert.Equal(holds, report.Dual!.Passed);
        Assert.InRange(report.Dual.Worst.Error, 0.9 * error, 1.1 * error + 3e-16);
        if (holds) return;
        var thrown = Assert.Throws<GradientAssertException>(() =>
            GradientAssert.Holds("square", Backend, new Square(1 + error)));
        Assert.Contains("by dual numbers", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCountsAsAgreementIsAnOption()
    {
        Assert.True(GradientCheck.Run("square", Backend, new Square(1 + 1e-9), new() { DualTolerance = 1e-8 }).Passed);
        Assert.False(
            GradientCheck.Run("square", Backend, new Square(1 + 1e-12), new() { DualTolerance = 1e-14 }).Passed);
    }

    /// <summary>a ∘ b, and the same 300,000 times more and less; the gradient of its square part too large.</summary>
    sealed class Cancelling(double factor) : IDifferentiable
    {
        public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            Tensor<T> a = input("a", 2, 3), b = input("b", 2, 3);
            var square = new SquareFunction<T>(a, T.CreateTruncating(2 * factor)).Apply()[0];
            var more = a.Multiply(b).Add(square).Scale(3e5);
            return [more.Add(a.Multiply(b.Scale(-1.0 / 7)).Add(square.Scale(-1.0 / 7)).Scale(7 * (3e5 - 1)))];
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1e-6, false)]
    public void TermsThatCancelCountByTheirSize(double error, bool holds)
    {
        var report = GradientCheck.Run("cancelling", Backend, new Cancelling(1 + error),
            new() { Tolerance = double.MaxValue, AddedGradients = false });
        Assert.True(holds == report.Passed, report.ToString());
        var dual = report.Dual!.Worst;
        Assert.True(Math.Abs(dual.Analytic - dual.Numeric) > 1e-13 * Math.Abs(dual.Numeric), report.ToString());
    }

    /// <summary>ReLU of x less its own value: at the kink, and on its way over it.</summary>
    sealed class Kink : IDifferentiable
    {
        public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var own = Array.ConvertAll(GradientInputs<double>.Draw("x", 2, seed: 1), T.CreateTruncating);
            return [input("x", 1, 2).Add(Tensor.From(backend, own, new Shape(1, 2)).Scale(-1)).Map(Unary.Relu)];
        }
    }

    [Fact]
    public void TiesAreReportedWithTheirPlaces()
    {
        Assert.Empty(GradientCheck.Run("smooth", Backend, new Square(1)).Dual!.Ties);
        var report = GradientCheck.Run("kink", Backend, new Kink());
        Assert.False(report.Passed);
        Assert.Contains("UnaryKernelFunctions.cs:", Assert.Single(report.Dual!.Ties), StringComparison.Ordinal);
        Assert.Contains("ties: UnaryKernelFunctions.cs:", report.ToString(), StringComparison.Ordinal);
    }
}
