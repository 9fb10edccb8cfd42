using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What the README shows of the library runs, word for word.</summary>
public class ReadmeTests
{
    [Fact]
    public void TheGradientCheckOfTheReadmeStandsHereAndPasses()
    {
        // <readme>
        var backend = new CpuBackend<double>(new CpuDevice());
        var x = Tensor.From(backend, [0.3, -1.2, 0.7], new Shape(1, 3));
        x.RequiresGradient = true;
        var report = GradientCheck.Run("cube", () => [x.Multiply(x).Multiply(x)], [("x", x)]);
        // </readme>
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, report.Checked);

        var readme = File.ReadAllText(RepositoryRoot.Combine("README.md"));
        var source = File.ReadAllText(RepositoryRoot.Combine("tests", "Autograd.Tests", "ReadmeTests.cs"));
        var shown = source[source.IndexOf("// <readme>", StringComparison.Ordinal)..source.IndexOf("// </readme>",
            StringComparison.Ordinal)];
        foreach (var line in shown.Split('\n')[1..^1]) Assert.Contains(line.Trim(), readme);
    }
}
