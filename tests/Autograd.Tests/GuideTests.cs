using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What the guide shows of gradient checks runs, word for word.</summary>
public class GuideTests
{
    [Fact]
    public void TheGradientCheckOfTheGuideStandsHereAndPasses()
    {
        // <guide>
        var backend = new CpuBackend<double>(new CpuDevice());
        var x = Tensor.From(backend, [0.3, -1.2, 0.7], new Shape(1, 3));
        x.RequiresGradient = true;
        var report = GradientCheck.Run("cube", () => [x.Multiply(x).Multiply(x)], [("x", x)]);
        // </guide>
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, report.Checked);

        var guide = MarkdownPage.Read("docs/guides/check-gradients.md").Text;
        var source = File.ReadAllText(RepositoryRoot.Combine("tests", "Autograd.Tests", "GuideTests.cs"));
        var start = source.IndexOf("// <guide>", StringComparison.Ordinal);
        var shown = source[start..source.IndexOf("// </guide>", StringComparison.Ordinal)];
        foreach (var line in shown.Split('\n')[1..^1]) Assert.Contains(line.Trim(), guide);
    }
}
