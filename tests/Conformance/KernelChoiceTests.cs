using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Which of an operation's kernels is taken, by device, precision and size.</summary>
public class KernelChoiceTests
{
    static readonly GpuCapabilities Ampere = new() { ComputeCapability = 80, SupportsDouble = true, HasWarpOperations = true, WarpSize = 32 };
    static readonly GpuCapabilities Portable = new() { SupportsDouble = true };

    [Fact]
    public void EveryOperationEndsInAKernelThatRunsEverywhere()
    {
        foreach (var ways in KernelVariants.All.GroupBy(way => way.Operation))
        {
            Assert.All(ways, way => Assert.NotEmpty(way.Instances));
            Assert.True(ways.Last().IsPortable);
            Assert.All(ways.Last().Instances, kernel => Assert.NotNull(kernel.OpenCl));
            Assert.All(ways.SkipLast(1), way => Assert.False(way.IsPortable));
        }
    }

    [Theory]
    [InlineData("matrix product", "TensorCoreGemmKernels.Multiply", MathMode.Tf32, 100)]
    [InlineData("matrix product", "GemmKernels.Multiply", MathMode.Float32, 100)]
    [InlineData("crf forward", "WarpCrfKernels.Forward", MathMode.Float32, 32)]
    [InlineData("crf forward", "CrfKernels.Forward", MathMode.Float32, 33)]
    [InlineData("cross-entropy", "VectorCrossEntropyKernels.Forward", MathMode.Float32, 100)]
    [InlineData("lstm step", "LstmStepKernels.Forward", MathMode.Float32, 300)]
    [InlineData("lstm step", "LstmKernels.Forward", MathMode.Tf32, 300)]
    public void ChoiceFollowsTheDeviceAndTheSizes(string operation, string kernel, MathMode math, int columns)
    {
        Assert.Equal(kernel, KernelVariants.Choose(operation, new(Ampere, typeof(float), new(math), 64, columns, 100)).Kernel);
        // So that the suites on the managed device check them.
        Assert.Equal(kernel, KernelVariants.Choose(operation, new(new ManagedDevice().Capabilities, typeof(float), new(math), 64, columns, 100)).Kernel);
        Assert.True(KernelVariants.Choose(operation, new(Ampere, typeof(float), new(math, PortableOnly: true), 64, columns, 100)).IsPortable);
        Assert.True(KernelVariants.Choose(operation, new(Portable, typeof(float), new(math), 64, columns, 100)).IsPortable);
    }

    [Theory, InlineData("matrix product"), InlineData("cross-entropy"), InlineData("cross-entropy backward")]
    public void WaysForFloatAreNotTakenForDouble(string operation) =>
        Assert.True(KernelVariants.Choose(operation, new(Ampere, typeof(double), new(MathMode.Tf32), 64, 64, 64)).IsPortable);
}
