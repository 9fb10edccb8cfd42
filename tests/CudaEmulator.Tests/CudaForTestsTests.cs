namespace LdNetGpu.Tests.Emulation;

public class CudaForTestsTests
{
    [Theory]
    [InlineData(null, 0, true)]
    [InlineData(null, 1, false)]
    [InlineData("", 2, false)]
    [InlineData("emulated", 1, true)]
    [InlineData("real", 1, false)]
    public void TheVariableChoosesElseTheMachine(string? asked, int devices, bool emulated) =>
        Assert.Equal(emulated, CudaForTests.Choose(asked, devices));

    [Theory]
    [InlineData("real", "LDNET_TEST_CUDA=real, and there is no GPU")]
    [InlineData("gpu", "LDNET_TEST_CUDA=gpu: real or emulated is wanted")]
    public void WhatCannotBeIsAFailureThatSaysSo(string asked, string message) =>
        Assert.StartsWith(message,
            Assert.Throws<InvalidOperationException>(() => CudaForTests.Choose(asked, 0)).Message);
}
