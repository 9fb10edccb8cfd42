using System.Text.Json.Nodes;

namespace LdNetGpu.Tests;

/// <summary>
/// <c>ldnet gradcheck</c> as a user runs it; that the gradients hold is what the Autograd and Model tests check.
/// </summary>
public class GradCheckCommandTests
{
    [Fact]
    public void FilteredChecksAreTabledWithTotals()
    {
        var run = LdnetProcess.Run("gradcheck", "--filter", "CRF");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("crf loss", run.Output);
        Assert.Contains("1 check ", run.Output);
        Assert.DoesNotContain("linear", run.Output);
        Assert.DoesNotContain("in double alone", run.Output);
    }

    [Fact]
    public void JsonCountsEveryDerivative()
    {
        var run = LdnetProcess.Run("gradcheck", "--filter", "penalty", "--json", "--seed", "9");
        Assert.Equal(0, run.ExitCode);
        var result = JsonNode.Parse(run.Output)!;
        var checks = result["checks"]!.AsArray();
        Assert.True(result["passed"]!.GetValue<bool>());
        Assert.Equal(6, checks.Count);
        Assert.Equal(checks.Sum(check => check!["derivatives"]!.GetValue<int>()),
            result["derivatives"]!.GetValue<int>());
        Assert.All(checks,
            check =>
                Assert.InRange(check!["worst_error"]!.GetValue<double>(), 0, result["tolerance"]!.GetValue<double>()));
        Assert.All(checks, check => Assert.InRange(check!["dual"]!["worst_error"]!.GetValue<double>(), 0,
            result["dual_tolerance"]!.GetValue<double>()));
    }

    [Fact]
    public void ThoroughChecksAreTabledToo()
    {
        var plain = LdnetProcess.Run("gradcheck", "--filter", "add row");
        Assert.Contains("same bits", plain.Output);
        Assert.DoesNotContain("second order", plain.Output);
        var run = LdnetProcess.Run("gradcheck", "--filter", "add row", "--thorough");
        Assert.Equal(0, run.ExitCode);
        string[] parts = ["same bits", "aliased inputs", "strided inputs", "float, ulp", "second order, symmetry"];
        Assert.All(parts, part => Assert.Contains(part, run.Output));
        var json = JsonNode.Parse(LdnetProcess.Run("gradcheck", "--filter", "add row", "--thorough", "--json").Output)!;
        Assert.All(json["checks"]![0]!["parts"]!.AsArray(), part => Assert.True(part!["passed"]!.GetValue<bool>()));
    }

    [Fact]
    public void FilterThatMatchesNothingSaysSo() =>
        LdnetProcess.Run("gradcheck", "--filter", "perceptron").Failed(1, "--filter perceptron", "no check");
}
