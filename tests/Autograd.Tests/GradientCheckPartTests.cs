using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Each check beside the first derivatives finds a fault that the others let pass.</summary>
public class GradientCheckPartTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(1));

    public static TheoryData<string> Operations => [.. new OperationChecks(Backend).All().Select(check => check.Name)];

    [Theory, MemberData(nameof(Operations))]
    public void EveryOperationPassesAllChecks(string name)
    {
        var report = new OperationChecks(Backend).All().Single(check => check.Name == name)
            .Run(GradientCheckOptions.Thorough with { ElementsPerTensor = 8 });
        Assert.True(report.Passed, report.ToString());
        TestContext.Current.SendDiagnosticMessage(report.ToString());
    }

    static GradientCheckReport Check(Fault fault, GradientCheckOptions options) =>
        GradientCheck.Run(fault.ToString(), Backend, new Planted(fault), options);

    public static TheoryData<Fault, string, string> Faults => new()
    {
        { Fault.Wobbling, nameof(GradientCheckOptions.SameBits), "same bits FAILED" },
        { Fault.NeedsBoth, nameof(GradientCheckOptions.AbsentCotangents), "absent cotangents FAILED" },
        { Fault.Overwrites, nameof(GradientCheckOptions.AddedGradients), "added gradients FAILED" },
        { Fault.OnceATensor, nameof(GradientCheckOptions.AliasedInputs), "aliased inputs FAILED" },
        { Fault.Contiguous, nameof(GradientCheckOptions.StridedInputs), "strided inputs FAILED" },
        { Fault.FloatConstant, nameof(GradientCheckOptions.FloatUlp), "float, ulp FAILED" },
        { Fault.Frozen, nameof(GradientCheckOptions.SecondOrder), "second order, differences FAILED" },
    };

    static GradientCheckOptions Without(string option)
    {
        var all = GradientCheckOptions.Thorough;
        return option switch
        {
            nameof(all.SameBits) => all with { SameBits = false },
            nameof(all.AbsentCotangents) => all with { AbsentCotangents = false },
            nameof(all.AddedGradients) => all with { AddedGradients = false },
            nameof(all.AliasedInputs) => all with { AliasedInputs = false },
            nameof(all.StridedInputs) => all with { StridedInputs = false },
            nameof(all.FloatUlp) => all with { FloatUlp = null },
            nameof(all.SecondOrder) => all with { SecondOrder = false },
            _ => throw new ArgumentException(option, nameof(option)),
        };
    }

    [Theory, MemberData(nameof(Faults))]
    public void AFaultIsFoundByItsCheckAlone(Fault fault, string option, string words)
    {
        var found = Check(fault, GradientCheckOptions.Thorough);
        Assert.False(found.Passed, found.ToString());
        Assert.Contains(words, found.ToString(), StringComparison.Ordinal);
        var passed = Check(fault, Without(option));
        Assert.True(passed.Passed, passed.ToString());
        var thrown = Assert.Throws<GradientAssertException>(
            () => GradientAssert.Holds("planted", Backend, new Planted(fault), GradientCheckOptions.Thorough));
        Assert.Contains(words.Replace(" FAILED", ""), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRightFunctionPassesAllAndSaysWhatWasCompared()
    {
        var report = Check(Fault.None, GradientCheckOptions.Thorough);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["same bits", "added gradients", "absent cotangents", "aliased inputs", "strided inputs",
            "float, ulp", "second order, symmetry", "second order, differences"],
            report.Parts.Select(part => part.Name));
        Assert.All(report.Parts, part => Assert.True(part.Checked > 0, part.ToString()));
    }

    [Fact]
    public void ExtrapolationFindsWhatThePlainDifferenceCannotTellFromRounding()
    {
        var tight = new GradientCheckOptions { Tolerance = 1e-13 };
        Assert.False(Run(Fault.None, tight).Passed);
        Assert.True(Run(Fault.Scaled, new()).Passed);
        foreach (var orders in new[] { 2, 3 })
        {
            var extrapolated = tight with { Extrapolations = orders };
            var right = Run(Fault.None, extrapolated);
            Assert.True(right.Passed, right.ToString());
            Assert.InRange(right.Worst.Floor, 1e-16, 1e-11);
            Assert.Contains("error bar", right.ToString(), StringComparison.Ordinal);
            Assert.False(Run(Fault.Scaled, extrapolated).Passed);
        }

        // Of tanh, so that there is truncation to remove.
        static GradientCheckReport Run(Fault fault, GradientCheckOptions options) =>
            GradientCheck.Run("of tanh", Backend, leaf => new PlantedFunction<double>(fault,
                leaf("a", 2, 3).Map(Kernels.Elementwise.Unary.Tanh), leaf("b", 2, 3)).Apply(), options);
    }

    [Fact]
    public void TheErrorBarIsWhatExtrapolationLeaves()
    {
        double Bar(int orders, double step) => GradientCheck.Run("tanh", Backend,
            leaf => [leaf("a", 3, 3).Map(Kernels.Elementwise.Unary.Tanh)],
            new() { Extrapolations = orders, ExtrapolationStep = step, Tolerance = 1 }).Worst.ErrorBar;
        // The last orders differ by h² and h⁴: one by four, the other by sixteen of half the step.
        Assert.InRange(Bar(1, 0.1) / Bar(1, 0.05), 3, 5);
        Assert.InRange(Bar(2, 0.2) / Bar(2, 0.1), 10, 24);
    }

    [Theory, InlineData(-1), InlineData(5)]
    public void ExtrapolationsHaveARange(int orders)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => Check(Fault.None, new() { Extrapolations = orders }));
        Assert.Contains("0 to 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusalOfAliasedOrStridedInputsIsANote()
    {
        var report = GradientCheck.Run("flattened", Backend,
            leaf => [leaf("a", 2, 3).Reshape(6).Multiply(leaf("b", 6))], GradientCheckOptions.Thorough);
        Assert.True(report.Passed, report.ToString());
        Assert.Contains("a refused: Reshape", report.ToString(), StringComparison.Ordinal);
    }
}
