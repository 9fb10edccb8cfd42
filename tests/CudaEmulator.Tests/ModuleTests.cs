using System.Text;

namespace LdNetGpu.Tests.Emulation;

/// <summary>Modules of PTX text, loaded by the driver itself.</summary>
public sealed unsafe class ModuleTests : EmulatorTest
{
    const int InvalidImage = 200, NoBinary = 209, InvalidPtx = 218, InvalidValue = 1, LaunchOutOfResources = 701,
        NotFound = 500;

    const string Adds = """
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry Adds(.param .u64 memory, .param .u32 value)
        {
            .reg .b64 %rd<3>;
            .reg .b32 %r<4>;
            ld.param.u64 %rd1, [memory];
            cvta.to.global.u64 %rd2, %rd1;
            ld.param.u32 %r1, [value];
            ld.global.u32 %r2, [%rd2];
            add.s32 %r3, %r1, %r2;
            st.global.u32 [%rd2], %r3;
            ret;
        }
        """;

    [Fact]
    public void AnEntryRunsWithItsParameters()
    {
        using var device = Open();
        var function = Load(Adds, out var module);
        Assert.Equal(42, Added(function, 40, 2));
        Assert.Equal(NotFound, RawDriver.cuModuleGetFunction(out _, module, "Subtracts"));
        Assert.Equal(0, RawDriver.cuModuleUnload(module));
    }

    [Fact]
    public void AParameterBlockOfAnotherSizeIsRefused()
    {
        using var device = Open();
        var function = Load(Adds, out var module);
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, sizeof(int)));
        var block = stackalloc long[2] { memory, 2 };
        Assert.Equal(0, LaunchWithBlock(function, block, 12));
        Assert.Equal(LaunchOutOfResources, LaunchWithBlock(function, block, 8));
        Assert.Equal(LaunchOutOfResources, LaunchWithBlock(function, block, 24));
        Assert.Equal(0, RawDriver.cuStreamSynchronize(0));
        RawDriver.cuMemFree_v2(memory);
        RawDriver.cuModuleUnload(module);
    }

    [Fact]
    public void AnUnknownInstructionIsRefusedWithItsLine()
    {
        using var device = Open();
        Assert.Equal(InvalidPtx,
            Loads(Adds.Replace("add.s32 %r3, %r1, %r2;", "frobnicate.s32 %r3, %r1, %r2;", StringComparison.Ordinal)));
        var said = RawDriver.ErrorText(InvalidPtx);
        Assert.Contains("frobnicate", said);
        Assert.Contains("12", said);
    }

    [Fact]
    public void AMisalignedAccessNamesTheLine()
    {
        using var device = Open();
        var function = Load(Adds.Replace("[%rd2], %r3", "[%rd2+2], %r3", StringComparison.Ordinal), out _);
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, 16));
        var block = stackalloc long[2] { memory, 2 };
        Assert.Equal(0, LaunchWithBlock(function, block, 12));
        Assert.Equal(716, RawDriver.cuStreamSynchronize(0));
        Assert.Contains("st.global.u32 [%rd2+2], %r3;", RawDriver.ErrorText(716));
    }

    [Fact]
    public void WhatIsNeitherALibraryNorPtxIsRefused()
    {
        using var device = Open();
        Assert.Contains(Loads("hello"), new[] { InvalidImage, NoBinary, InvalidPtx });
    }

    static int Added(nint function, int first, int second)
    {
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, sizeof(int)));
        var result = 0;
        Assert.Equal(0, RawDriver.cuMemcpyHtoDAsync_v2(memory, &first, sizeof(int), 0));
        var parameters = stackalloc void*[2] { &memory, &second };
        Assert.Equal(0, RawDriver.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, 0, parameters, null));
        Assert.Equal(0, RawDriver.cuMemcpyDtoHAsync_v2(&result, memory, sizeof(int), 0));
        Assert.Equal(0, RawDriver.cuStreamSynchronize(0));
        RawDriver.cuMemFree_v2(memory);
        return result;
    }

    // cuda.h: 1 is CU_LAUNCH_PARAM_BUFFER_POINTER, 2 CU_LAUNCH_PARAM_BUFFER_SIZE.
    static int LaunchWithBlock(nint function, void* block, nuint bytes)
    {
        var extra = stackalloc void*[5] { (void*)1, block, (void*)2, &bytes, null };
        return RawDriver.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, 0, null, extra);
    }

    static int Loads(string text)
    {
        fixed (byte* image = Encoding.UTF8.GetBytes(text + '\0')) return RawDriver.cuModuleLoadData(out _, image);
    }

    static nint Load(string text, out nint module)
    {
        fixed (byte* image = Encoding.UTF8.GetBytes(text + '\0'))
            Assert.True(RawDriver.cuModuleLoadData(out module, image) == 0, RawDriver.ErrorText(InvalidPtx));
        Assert.Equal(0, RawDriver.cuModuleGetFunction(out var function, module, "Adds"));
        return function;
    }
}
