namespace LdNetGpu.Tests;

/// <summary>
/// Random kernels mean on every device, by every compiler, what C# means: integers and single roundings to the bit, the
/// rest within its units.
/// </summary>
public class DifferentialTests
{
    [Fact]
    public void RandomKernelsMeanTheSameEverywhere() => RandomKernels.MeanTheSame(Subject.All());
}

/// <summary>The same by ILGPU: a class of its own, which runs beside the other.</summary>
public class DifferentialByIlgpuTests
{
    [Fact]
    public void RandomKernelsMeanTheSameByIlgpu()
    {
        Assert.SkipWhen(CudaForTests.WhyNot is not null, CudaForTests.WhyNot ?? "");
        RandomKernels.MeanTheSame([Subject.Ilgpu()]);
    }
}
