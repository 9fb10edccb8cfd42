using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Tests;

/// <summary>Every differentiable operation against central differences in double.</summary>
public class GradientTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(2));
    static readonly IReadOnlyList<GradientCheckCase> Cases = new OperationChecks(Backend).All();

    public static TheoryData<string> Names => [.. Cases.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation(string name) => GradientAssert.Holds(Cases.Single(entry => entry.Name == name));

    [Theory, InlineData(SelectionPenalty.R1), InlineData(SelectionPenalty.R2), InlineData(SelectionPenalty.R3)]
    public void PenaltiesOfWeightsBeyondTheirBorders(SelectionPenalty kind) =>
        GradientAssert.Holds($"{kind} of weights below 0 and above 1", Backend,
            leaf => [new[] { leaf("z1", 5).Scale(3), leaf("z2", 4).Scale(-3) }.Penalty(kind, 2)]);

    [Theory, InlineData(SelectionPenalty.R1), InlineData(SelectionPenalty.R2), InlineData(SelectionPenalty.R3)]
    public void PenaltiesOfOneWeightAddUp(SelectionPenalty kind) =>
        GradientAssert.Holds($"{kind} of the same weights, three times", Backend, leaf =>
            [new[] { leaf("z", 5), leaf("z", 5) }.Penalty(kind, 2), new[] { leaf("z", 5) }.Penalty(kind, 1)]);

    [Fact]
    public void MixesByTheSameWeightsAddUp() =>
        GradientAssert.Holds("two weighted sums of the same layers by the same weights", Backend, leaf =>
        {
            var (a, b, weights) = (leaf("a", 2, 3), leaf("b", 2, 3), leaf("weights", 2));
            return [new WeightedSumFunction<double>([a, b], weights).Apply()[0],
                new WeightedSumFunction<double>([b, a], weights).Apply()[0]];
        });

    [Fact]
    public void EveryFunctionHasACheck()
    {
        var checkedNames = Cases.SelectMany(
            entry => entry.Run(new() { ElementsPerTensor = 1, Directions = 0 }).Operations).ToHashSet();
        var functions = typeof(Function<>).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.BaseType is { IsGenericType: true } parent
                && parent.GetGenericTypeDefinition() == typeof(Function<>))
            .Select(type => type.Name.Split('`')[0].Replace("Function", ""))
            // A map has the names of its functions; a pair of kernels is the caller's own.
            .Where(name => name is not ("Map" or "KernelPair"));
        Assert.Empty(functions.Except(checkedNames));
        Assert.Empty(Enum.GetNames<Unary>().Except(checkedNames));
    }

    [Fact]
    public void AWrongBackwardIsFoundAndNamed()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Backend, [1.0, 2, 3], new Shape(1, 3));
        x.RequiresGradient = true;
        var error = Assert.Throws<GradientAssertException>(
            () => GradientAssert.Holds("wrong", () => [new WrongSquare(x).Apply()[0]], [("x", x)]));
        Assert.True(error.Report.Worst.Error > 0.1, error.Message);
        Assert.StartsWith("wrong: the gradient is wrong", error.Message);
    }

    [Fact]
    public void WhereThereIsNothingToCompareTheCheckFails()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Backend, [1.0, 2, 3], new Shape(1, 3));
        x.RequiresGradient = true;
        foreach (var report in new[]
        {
            GradientCheck.Run("no outputs", () => [], [("x", x)]),
            GradientCheck.Run("no inputs", () => [x.Sum()], []),
            GradientCheck.Run("no outputs", Backend, leaf => leaf("a", 2, 3) is null ? [] : []),
            GradientCheck.Run("no inputs", Backend, _ => [x.Sum()]),
        })
        {
            Assert.Equal((false, 0), (report.Passed, report.Checked));
            Assert.StartsWith($"{report.Name}: FAILED, nothing was compared", report.ToString());
        }
        Assert.Throws<GradientAssertException>(() => GradientAssert.Holds("no outputs", () => [], [("x", x)]));
        foreach (var outputs in new Tensor<double>[]?[] { null, [null!] })
        {
            var error = Assert.Throws<ArgumentException>(() => GradientCheck.Run("null", () => outputs!, [("x", x)]));
            Assert.StartsWith("null: the function", error.Message);
        }
    }

    [Fact]
    public void AKinkBesideThePointIsNoError()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Backend, [3e-6, -3e-6], new Shape(1, 2));
        x.RequiresGradient = true;
        GradientAssert.Holds("kink", () => [x.Map(Unary.Relu)], [("x", x)], new() { Directions = 0 });
    }

    [Fact]
    public void AMissingGradientThrowsNamingTheOperation()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var x = Tensor.From(Backend, [1.0, 2, 3], new Shape(1, 3));
        x.RequiresGradient = true;
        var y = new Forgetful(x).Apply()[0];
        var error = Assert.Throws<InvalidOperationException>(() => tape.Backward(y.Sum()));
        Assert.Contains("Forgetful", error.Message);
    }

    sealed class WrongSquare(Tensor<double> input) : Function<double>(input)
    {
        Tensor<double> output = null!;

        protected override Tensor<double>[] Forward()
        {
            output = Tensor.Empty(Backend, input.Shape);
            Backend.Elementwise.Multiply(input.View, input.View, output.View);
            return [output];
        }

        protected override void Backward()
        {
            var target = GradientFor(input, out var accumulate);
            Backend.Elementwise.Multiply(GradientOf(output), input.View, target, accumulate);
        }
    }

    sealed class Forgetful(Tensor<double> input) : Function<double>(input)
    {
        protected override Tensor<double>[] Forward()
        {
            var output = Tensor.Empty(Backend, input.Shape);
            Backend.Elementwise.Copy(input.View, output.View);
            return [output];
        }

        protected override void Backward()
        {
        }
    }
}
