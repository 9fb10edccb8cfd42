using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What a pair of kernels is asked for, and what is said of one that does not give it.</summary>
public sealed class KernelPairCheckTests : IDisposable
{
    readonly ManagedDevice device = new();
    readonly GpuBackend<double> backend;

    public KernelPairCheckTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    /// <summary>y = a ∘ b, with one thing changed.</summary>
    record Product : IKernelPair
    {
        public virtual IReadOnlyList<KernelOperand> Inputs => [new("a", 2, 3), new("b", 2, 3)];

        public virtual IReadOnlyList<KernelOperand> Outputs => [new("y", 2, 3)];

        public virtual void Forward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T> =>
            operands.Backend.Elementwise.Multiply(operands["a"], operands["b"], operands["y"]);

        public virtual void Backward<T>(KernelOperands<T> operands) where T : unmanaged, IFloatingPointIeee754<T>
        {
            operands.Backend.Elementwise.Multiply(operands.Gradient("y"), operands["b"], operands.Gradient("a"));
            operands.Backend.Elementwise.Multiply(operands.Gradient("y"), operands["a"], operands.Gradient("b"),
                accumulate: true);
        }
    }

    sealed record Of(IReadOnlyList<KernelOperand> From, IReadOnlyList<KernelOperand> To) : Product
    {
        public override IReadOnlyList<KernelOperand> Inputs => From;

        public override IReadOnlyList<KernelOperand> Outputs => To;
    }

    sealed record Without(string Gradient) : Product
    {
        public override void Backward<T>(KernelOperands<T> operands)
        {
            base.Backward(operands);
            operands.Backend.Elementwise.Fill(operands.Gradient(Gradient), T.Zero);
        }
    }

    sealed record Asks(string Name, bool InForward = false, string? Kept = null) : Product
    {
        public override void Forward<T>(KernelOperands<T> operands)
        {
            if (Kept is not null) operands.Keep(Kept, 1, 2);
            _ = InForward ? operands.Gradient(Name) : operands[Name];
            base.Forward(operands);
        }
    }

    [Fact]
    public void ARightPairHolds()
    {
        var report = GradientAssert.Holds("product", backend, new Product(), GradientCheckOptions.Thorough);
        Assert.Equal((14, 14), (report.Checked, report.Dual!.Checked));
        Assert.InRange(report.Dual.Worst.Error, 0, 1e-15);
        Assert.Equal(["Product"], report.Operations);
        var aliased = report.Parts.Single(part => part.Name == "aliased inputs");
        Assert.True(aliased is { Passed: true, Checked: > 0 });
    }

    [Theory, InlineData("a"), InlineData("b")]
    public void AGradientThatIsLeftOutIsFound(string input)
    {
        var error = Assert.Throws<GradientAssertException>(() =>
            GradientAssert.Holds("product", backend, new Without(input), new() { Directions = 0 }));
        Assert.StartsWith(input + "[", error.Report.Worst.Place, StringComparison.Ordinal);
        Assert.StartsWith(input + "[", error.Report.Dual!.Worst.Place, StringComparison.Ordinal);
        Assert.Equal(1, error.Report.Dual.Worst.Error, 1e-12);
    }

    [Fact]
    public void ValuesAreThoseOfTheOperandOrDrawnByTheSeed()
    {
        double[] x = [0.5, 1, 2, -3, 4, 7];
        double Analytic(ulong seed, double[]? values) => GradientCheck.Run("product", backend, new Of(
            [new("a", 2, 3) { Values = values }, new("b", 2, 3) { Values = x }], [new("y", 2, 3)]),
            new() { Seed = seed, Directions = 0 }).Worst.Analytic;
        Assert.NotEqual(Analytic(1, null), Analytic(2, null));
        var dual = GradientCheck.Along(new Product(), [x, x], [[1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]]);
        Assert.Equal(x.Select(number => number * number), dual.Values[0]);
        Assert.Equal([0.5, 0, 0, 0, 0, 7], dual.Tangents[0]);
        Assert.Empty(dual.Ties);
        Assert.Empty(dual.Lost);
    }

    public static TheoryData<string, IKernelPair> Wrong => new()
    {
        { "product: the kernel has no inputs", new Of([], [new("y", 2, 3)]) },
        { "product: the kernel has no outputs", new Of([new("a", 2, 3)], null!) },
        { "product: an operand of the kernel is null", new Of([null!], [new("y", 2, 3)]) },
        { "product: two operands of the kernel have the name a", new Of([new("a", 2, 3)], [new("a", 2, 3)]) },
        { "product: a is [2, 3], of 6 elements, and has 1 values",
            new Of([new("a", 2, 3) { Values = [1] }], [new("y", 2, 3)]) },
        { "There is no operand c; there are a, b, y.", new Asks("c") },
        { "There is an operand y already.", new Asks("y", Kept: "y") },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void AWrongPairIsRefusedByName(string words, IKernelPair pair)
    {
        var error = Assert.Throws<ArgumentException>(() => GradientCheck.Run("product", backend, pair));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheForwardPassHasNoGradients() => Assert.Contains("The gradient of y is known in the backward pass",
        Assert.Throws<InvalidOperationException>(() =>
            GradientCheck.Run("product", backend, new Asks("y", InForward: true))).Message, StringComparison.Ordinal);

    [Fact]
    public void ANegativeSizeIsRefused() => Assert.Throws<ShapeException>(() =>
        GradientCheck.Run("product", backend, new Of([new("a", 2, -3)], [new("y", 2, 3)])));

    [Fact]
    public void APointOfOtherSizesIsRefused()
    {
        void Along(double[][] point, double[][] direction, string words) => Assert.Contains(words,
            Assert.Throws<ArgumentException>(() => GradientCheck.Along(new Product(), point, direction)).Message,
            StringComparison.Ordinal);
        double[] six = new double[6];
        Along([six], [six, six], "has 2 inputs, and there are arrays for 1");
        Along([six, six], [six, new double[5]], "b is [2, 3], of 6 elements, and its array has 5");
    }
}
