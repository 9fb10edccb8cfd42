using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What the README shows of the library runs, word for word.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_gradient_check_of_the_readme_stands_here_and_passes()
    {
        // <readme>
        var backend = new CpuBackend<double>(new CpuDevice());
        var x = Tensor.From(backend, [0.3, -1.2, 0.7], new Shape(1, 3));
        x.RequiresGradient = true;
        var report = GradientCheck.Run("cube", () => [x.Multiply(x).Multiply(x)], [("x", x)]);
        // </readme>
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, report.Checked);

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LdNetGpu.sln"))) folder = folder.Parent!;
        var readme = File.ReadAllText(Path.Combine(folder.FullName, "README.md"));
        var source = File.ReadAllText(Path.Combine(folder.FullName, "tests", "Autograd.Tests", "ReadmeTests.cs"));
        var shown = source[source.IndexOf("// <readme>", StringComparison.Ordinal)..source.IndexOf("// </readme>", StringComparison.Ordinal)];
        foreach (var line in shown.Split('\n')[1..^1]) Assert.Contains(line.Trim(), readme);
    }
}
