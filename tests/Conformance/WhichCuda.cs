namespace LdNetGpu.Tests;

/// <summary>
/// Says in the results which CUDA the suites ran on, so that a run on the emulator is never taken for one on a GPU.
/// </summary>
public sealed class WhichCuda(ITestOutputHelper output)
{
    [Fact]
    public void IsTheOneThatWasAskedFor()
    {
        if (CudaForTests.WhyNot is { } reason) Assert.Skip(reason);
        using var device = CudaForTests.Open();
        output.WriteLine($"{CudaForTests.Which()}: {device.Description}");
        Assert.Equal(CudaForTests.IsEmulated, device.Info.Name.StartsWith("Emulated", StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable(CudaForTests.Variable) is { Length: > 0 } asked)
            Assert.Equal(asked == "emulated", CudaForTests.IsEmulated);
    }
}
