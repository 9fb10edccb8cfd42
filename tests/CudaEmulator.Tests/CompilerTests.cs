using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.Emulation;

/// <summary>What NVRTC's stand-in says of texts that it does not take.</summary>
public sealed class CompilerTests : EmulatorTest
{
    [Fact]
    public void UnknownPtxStatementNamesItselfAndItsLine()
    {
        using var device = Open();
        using var y = device.Allocate<int>(1);
        Fails(() => PlantedFaults.LaunchSaysUnknownPtx(device, (1, 1), y), "NVRTC_ERROR_COMPILATION (6)",
            "mov.u32 %0, %%nosuchregister;",
            Source.Line("CudaAsm.Emit").Replace(":", "(", StringComparison.Ordinal) + "): error:");
    }

    [Theory]
    [InlineData("float f = 0; asm(\"mov.u32 %0, %%dynamic_smem_size;\" : \"=f\"(f)); y[0] = f;",
        "operand %0 has constraint \"=f\" and needs r")]
    [InlineData("asm(\"mov.u32 %1, %%dynamic_smem_size;\" : \"=r\"(y[0]));", "operand %1 is not there")]
    [InlineData("float a, b, c, d, e; int x; asm(\"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, "
        + "%3}, {%4, %4, %4, %4}, {%4, %4}, {%0, %1, %2, %5};\" : \"+f\"(a), \"+f\"(b), \"+f\"(c), \"+f\"(d) : "
        + "\"r\"(x), \"f\"(e));",
        "operand %5 must be %3")]
    public void PtxStatementWithOtherOperands(string statement, string problem)
    {
        using var device = Open();
        Fails(() => Run(device, Body("Planted", "\n" + statement), (1, 1), 1), "Hand.cs(2): error:", problem);
    }

    [Theory, InlineData("cpp"), InlineData("ptx")]
    public void ErrorsAreOnTheCSharpLine(string form)
    {
        Set("EMU_FORM", form);
        using var device = Open();
        Fails(() => Run(device, Body("Planted", "\n\ny[0] = missing;"), (1, 1), 1), "Hand.cs(3): error:", "missing");
    }

    [Fact]
    public void AFunctionThatCudaDoesNotHaveForTheType()
    {
        using var device = Open();
        Fails(() => Run(device, Body("Planted", "\natomicMin((float*)y, 1.0f);"), (1, 1), 1), "Hand.cs(2): error:",
            "atomicMin");
    }

    [Theory, InlineData("cpp"), InlineData("ptx")]
    public void TheArchitectureIsTheDevices(string form)
    {
        Set("EMU_FORM", form);
        Set("EMU_CAPABILITY", 86);
        using var device = Open();
        Assert.Equal(860, Run(device, Body("Planted", "y[0] = __CUDA_ARCH__;"), (1, 1), 1)[0]);
    }

    [Fact]
    public void WithoutClangItSaysWhatToInstall()
    {
        Set("EMU_CLANGXX", "clang++-none");
        using var device = Open();
        Fails(() => Run(device, Body("Planted", "y[0] = 1;"), (1, 1), 1), "clang++-none", "apt-get install clang-19");
    }

    [Fact]
    public async Task SeveralThreadsMayCompileOneText()
    {
        var cache = Directory.CreateTempSubdirectory("ldnet-emu-").FullName;
        Set("EMU_CACHE", cache);
        var kernel = Body("Planted", "y[0] = 3;");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var device = Open();
            Assert.Equal(3, Run(device, kernel, (1, 1), 1)[0]);
        })));
        Assert.Single(Directory.GetFiles(cache));
        Directory.Delete(cache, recursive: true);
    }

    [Fact]
    public void TwoKernelsInOneTextAreRefused()
    {
        using var device = Open();
        var kernel =
            Kernel("First", "extern \"C\" __global__ void First() {}\nextern \"C\" __global__ void Second() {}\n");
        Fails(() => device.Launch(kernel, (1, 1), ReadOnlySpan<KernelArgument>.Empty), "two kernels, First and Second");
    }
}
