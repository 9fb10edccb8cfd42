namespace LdNetGpu.Tests.Emulation;

/// <summary>What lanes of a block or a warp do together, done apart; and lanes that never end.</summary>
public sealed class CollectiveTests : EmulatorTest
{
    [Fact]
    public void BarriersOfDifferentKindsMeet() => Fails(() => RunOnOneWarp("""

        if (threadIdx.x < 16)
          y[0] = __syncthreads_and(1);
        else
          __syncthreads();
        """), "CUDA_ERROR_LAUNCH_FAILED (719)", "Planted", "Hand.cs:");

    [Fact]
    public void DifferentWarpOperationsMeet() => Fails(() => RunOnOneWarp("""

        if (threadIdx.x < 16)
          y[0] = __shfl_xor_sync(0xffffffffu, 1, 1);
        else
          y[1] = __shfl_down_sync(0xffffffffu, 1, 1);
        """), "(719)", "Planted", "Hand.cs:");

    [Fact]
    public void HalfAWarpAtABarrierAndHalfAtAShuffleWaitForEver() => Fails(() => RunOnOneWarp("""

        if (threadIdx.x < 16)
          __syncthreads();
        else
          y[1] = __shfl_xor_sync(0xffffffffu, 1, 1);
        """), "(719)", "for ever", "Planted", "Hand.cs:");

    [Fact]
    public void ALaneOutsideOfItsMask() =>
        Fails(() => RunOnOneWarp("\n__syncwarp(0x0000ffffu);"), "(719)", "mask", "Planted", "Hand.cs:2");

    [Fact]
    public void AShuffleOfAWidthThatCudaDoesNotHave() =>
        Fails(() => RunOnOneWarp("\ny[0] = __shfl_sync(0xffffffffu, 1, 0, 12);"), "(719)", "power of two", "Hand.cs:2");

    [Fact]
    public void LanesThatHaveLeftAreNotWaitedFor() =>
        Assert.Equal(1, RunOnOneWarp("\nif (threadIdx.x >= 16) return;\n__syncthreads();\ny[threadIdx.x] = 1;")[15]);

    [Theory]
    [InlineData("while (*(volatile int*)y == 0) { }")]
    [InlineData("for (unsigned i = 1; i != 0; i |= 1) y[1] = i;")]
    [InlineData("for (;;) { }")]
    public void AnEndlessLoopIsEnded(string loop)
    {
        Set("EMU_SECONDS", 1);
        Fails(() => RunOnOneWarp("\n" + loop), "CUDA_ERROR_LAUNCH_TIMEOUT (702)", "Planted", "Hand.cs:2");
    }

    [Fact]
    public void LanesThatWaitForAnotherOneBySleepingLetItRun() => Assert.Equal(5, RunOnOneWarp("""

        if (threadIdx.x == 31) atomicExch(&y[1], 5);
        while (*(volatile int*)(y + 1) == 0) __nanosleep(32);
        y[0] = y[1];
        """)[0]);

    int[] RunOnOneWarp(string body)
    {
        using var device = Open();
        return Run(device, Body("Planted", body), (1, 32), 32);
    }
}
