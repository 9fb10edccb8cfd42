using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;

namespace LdNetGpu.Tests;

/// <summary>Every block of the model against central differences in double, and by dual numbers.</summary>
public class ModelGradientTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(2));
    static readonly IReadOnlyList<GradientCheckCase> Cases = new ModelChecks(Backend).All();

    public static TheoryData<string> Names => [.. Cases.Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Block(string name)
    {
        var dual = GradientAssert.Holds(
            Cases.Single(entry => entry.Name == name), new() { ElementsPerTensor = 6, Directions = 3 }).Dual;
        Assert.NotNull(dual);
        Assert.Empty(dual.Lost);
        Assert.Empty(dual.Ties);
        Assert.InRange(dual.Worst.Error, 1e-18, 1e-13);
    }
}
