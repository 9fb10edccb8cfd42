using System.Runtime.InteropServices;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.Cuda;

/// <summary>What reaches the driver and the kernel, as the emulator and compiled code see it.</summary>
public class CudaLaunchTests : FakeCuda
{
    static readonly KernelInstance Mixed = Kernel("Mixed",
    [
        new("floats", KernelParameterKind.View, "float"), new("count", KernelParameterKind.Scalar, "int"),
        new("width", KernelParameterKind.Specialized, "int"), new("doubles", KernelParameterKind.View, "double"),
        new("factor", KernelParameterKind.Scalar, "double"),
    ], """
        double seen[] = {floats[0], (double)floats_length, (double)count, SPEC_width, (double)doubles_length, factor};
        if (doubles) for (int i = 0; i < 6; i++) doubles[i] = seen[i];
        floats[0] = doubles ? 1 : -1;
        """);

    [Fact]
    public unsafe void StructuresHaveTheHeadersSizes()
    {
        // cuda.h of CUDA 12: seven 32-bit numbers, padding, two pointers, a number; an attribute is 8 bytes and a union
        // of 64.
        Assert.Equal(56, sizeof(CudaLaunchConfig));
        Assert.Equal(72, sizeof(CudaLaunchAttribute));
        Assert.Equal(32, (int)Marshal.OffsetOf<CudaLaunchConfig>(nameof(CudaLaunchConfig.Stream)));
        Assert.Equal(8, (int)Marshal.OffsetOf<CudaLaunchAttribute>(nameof(CudaLaunchAttribute.X)));
    }

    [Fact]
    public void ArgumentsArriveInOrderWithOffsetsAdded()
    {
        using var device = Open();
        using var floats = device.Allocate<float>(8);
        using var doubles = device.Allocate<double>(6);
        floats.CopyFrom([0, 1, 2, 3, 4, 5, 6, 7]);
        device.Launch(Mixed, (1, 1),
        [
            KernelArgument.View(floats.ViewOf(5, 2)), KernelArgument.Scalar(-7), KernelArgument.Specialized(9),
            KernelArgument.View(doubles.View), KernelArgument.Scalar(0.125),
        ]);
        var seen = new double[6];
        doubles.CopyTo(seen);
        Assert.Equal([5, 2, -7, 9, 6, 0.125], seen);
    }

    [Fact]
    public void EmptyViewIsANullPointer()
    {
        using var device = Open();
        using var floats = device.Allocate<float>(1);
        floats.CopyFrom([1]);
        device.Launch(Mixed, (1, 32),
        [
            KernelArgument.View(floats.View), KernelArgument.Scalar(0), KernelArgument.Specialized(1),
            KernelArgument.View(default(ArrayView<double>)), KernelArgument.Scalar(1.0),
        ]);
        var seen = new float[1];
        floats.CopyTo(seen);
        Assert.Equal(-1, seen[0]);
    }

    [Fact]
    public void GridBlockAndSharedMemoryReachTheDriver()
    {
        using var device = Open();
        device.Launch(Kernel("Empty", []),
            new LaunchConfig(new Index3D(2, 3, 4), new Index3D(32, 4, 2), SharedMemoryConfig.RequestDynamic<byte>(640)),
            []);
        Assert.Contains("launch Empty grid 2 3 4 block 32 4 2 shared 640", Log);
    }

    [Fact]
    public void CooperativeLaunchIsAnAttribute()
    {
        using var device = Open();
        device.Launch(Kernel("Grid", []), new LaunchConfig(132, 256) { Cooperative = true }, []);
        Assert.Contains("launch Grid grid 132 1 1 block 256 1 1 shared 0 cooperative", Log);
    }

    [Fact]
    public void ABarrierOfTheGridWantsACooperativeLaunch()
    {
        using var device = Open();
        var error = Assert.ThrowsAny<UserException>(
            () => VectorisedAccessKernels.LaunchSumsOverTheGrid(device, (5, 33), default, default, default, -1));
        Assert.Contains("Cooperative = true", error.Message);
        Assert.DoesNotContain(Log, line => line.StartsWith("launch", StringComparison.Ordinal));
    }

    [Fact]
    public void ClusterLaunchIsAnAttribute()
    {
        using var device = Open();
        device.Launch(Kernel("Clustered", []), new LaunchConfig(16, 128) { Cluster = new Index3D(8, 1, 1) }, []);
        Assert.Contains("launch Clustered grid 16 1 1 block 128 1 1 shared 0 cluster 8 1 1", Log);
    }

    [Fact]
    public void SharedMemoryAbove48KilobytesIsAskedForOnce()
    {
        using var device = Open();
        var kernel = Kernel("Large", []);
        foreach (var bytes in (int[])[1000, 100_000, 90_000])
            device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(bytes)), []);
        Assert.Single(Log, "attribute 8 = 100000 of Large");
        Assert.DoesNotContain(Log, line => line.Contains("= 90000"));
        var error = Assert.ThrowsAny<UserException>(
            () => device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(300_000)), []));
        Assert.Contains("232448 bytes of shared memory", error.Message);
    }

    [Fact]
    public void SharedMemoryOfTheKernelsOwnCountsTowards48Kilobytes()
    {
        using var device = Open();
        var kernel = Kernel("Static", [], "__shared__ volatile char own[20000]; own[threadIdx.x] = 0;");
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(29_152)), []);
        Assert.DoesNotContain(Log, line => line.StartsWith("attribute", StringComparison.Ordinal));
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(29_153)), []);
        Assert.Single(Log, "attribute 8 = 29153 of Static");
    }

    [Fact]
    public void SharedMemoryOfTheKernelsOwnCountsTowardsTheMost()
    {
        using var device = Open();
        var kernel = Kernel("Static", [], "__shared__ volatile char own[20000]; own[threadIdx.x] = 0;");
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(212_448)), []);
        var error = Assert.ThrowsAny<UserException>(
            () => device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(212_449)), []));
        Assert.Contains("FakeKernels.Static", error.Message);
        Assert.Contains("212449 bytes of dynamic shared memory and 20000 of its own: cuda has 232448 bytes",
            error.Message);
    }

    [Theory]
    [InlineData(1, 65_536, 1)]
    [InlineData(1, 1, 65_536)]
    public void GridsBeyondTheDriversAreRefused(int x, int y, int z)
    {
        using var device = Open();
        var error = Assert.ThrowsAny<UserException>(
            () => device.Launch(Kernel("Tall", []), new LaunchConfig(new Index3D(x, y, z), new Index3D(32, 1, 1)), []));
        Assert.Contains($"FakeKernels.Tall (FakeKernels.cs:12), grid {x} x {y} x {z}", error.Message);
        Assert.Contains("at most 2147483647 x 65535 x 65535 groups", error.Message);
        Assert.DoesNotContain(Log, line => line.StartsWith("launch", StringComparison.Ordinal));
    }

    [Fact]
    public void GroupsBeyondTheDriversAreRefusedByAxis()
    {
        using var device = Open();
        var error = Assert.ThrowsAny<UserException>(
            () => device.Launch(Kernel("Deep", []), new LaunchConfig(new Index3D(1, 1, 1), new Index3D(1, 1, 65)), []));
        Assert.Contains("FakeKernels.Deep (FakeKernels.cs:12), grid 1 x 1 x 1, group 1 x 1 x 65", error.Message);
        Assert.Contains("at most 1024 x 1024 x 64 lanes", error.Message);
    }

    [Fact]
    public void LargestGridComesToTheDriver()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuLaunchKernelEx=701");
        var error = Assert.ThrowsAny<UserException>(() =>
            device.Launch(Kernel("Whole", []),
                new LaunchConfig(new Index3D(int.MaxValue, 65_535, 65_535), new Index3D(1, 1, 64)), []));
        Assert.Contains("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", error.Message);
    }

    [Fact]
    public void EventsTimeOnTheDevice()
    {
        using var device = Open();
        var kernel = Kernel("Long", [], "for (volatile int i = 0; i < 1000000; i++) { }");
        device.Prepare(kernel);
        Assert.True(device.Time(() => device.Launch(kernel, (1, 1), [])) > device.Time(() => { }));
    }

    [Fact]
    public void ViewsAreCopiedWithinTheDevice()
    {
        using var device = Open();
        using var source = device.Allocate<float>(4);
        using var target = device.Allocate<float>(4);
        source.CopyFrom([1, 2, 3, 4]);
        target.CopyFrom([0, 0, 0, 0]);
        device.Copy(source.ViewOf(1, 2), target.ViewOf(2, 2));
        var values = new float[4];
        target.CopyTo(values);
        Assert.Equal([0, 0, 2, 3], values);
        Assert.Throws<ArgumentException>(() => device.Copy<float>(source, target.ViewOf(2, 2)));
    }

    [Fact]
    public void MemoryIsCachedAndGivenBack()
    {
        using (var device = Open())
        {
            device.Allocate<float>(1_000_000).Dispose();
            device.Allocate<float>(990_000).Dispose();
            Assert.Equal(1, device.Counters.SystemAllocations);
            Assert.DoesNotContain("free", Log);
            device.TrimCache();
        }
        Assert.Single(Log, "free");
        Assert.Single(Log, "destroy context");
    }

    [Fact]
    public void SecondDeviceTakesTheKernelFromDisk()
    {
        var kernel = Kernel("Kept", []);
        using (var device = Open()) device.Launch(kernel, (1, 1), []);
        Set("EMU_FAIL", "cuModuleLoadData=209");
        using var other = Open();
        Assert.Contains("CUDA_ERROR_NO_BINARY_FOR_GPU",
            Assert.ThrowsAny<UserException>(() => other.Launch(kernel, (1, 1), [])).Message);
        Assert.Single(Directory.GetFiles(other.Cache.Folder));
    }

    [Theory]
    [InlineData(80, "sm_80")]
    [InlineData(90, "sm_90a")]
    [InlineData(120, "compute_90")]
    public void ArchitectureFollowsTheGpuAndTheCompiler(int capability, string architecture)
    {
        Set("EMU_NVRTC_VERSION", 12040);
        var cache = new CompiledKernelCache(Path.GetTempPath());
        Assert.Equal(architecture, new NvrtcCompiler(NvrtcApi.Search(12), capability, cache).Architecture);
    }

    [Fact]
    public void LaunchesAllocateNothingOnceTheirKernelsAreLoaded()
    {
        Set("EMU_LOG_CALLS", null);
        using var device = Open();
        Assert.Equal(0, LaunchAllocation.Bytes(device));
    }

    [Fact]
    public void SpecialisedValuesAndOptionsReachTheCompiler()
    {
        var checks = Kernel("Checks", [], """static_assert(SPEC_width == 9 && __CUDA_ARCH__ == 900, "9 for 9.0");""");
        var folder = Directory.CreateTempSubdirectory("ldnet-nvrtc-").FullName;
        var compiler = new NvrtcCompiler(NvrtcApi.Search(12), 90, new CompiledKernelCache(folder));
        compiler.Compile(checks, ["-DSPEC_width=9"]);
        Assert.Equal(0, compiler.FoundInCache);
        compiler.Compile(checks, ["-DSPEC_width=9"]);
        Assert.Equal(1, compiler.FoundInCache);
        Assert.Contains("9 for 9.0",
            Assert.ThrowsAny<UserException>(() => compiler.Compile(checks, ["-DSPEC_width=8"])).Message);
        Assert.Equal(1, compiler.FoundInCache);
        Directory.Delete(folder, recursive: true);
    }
}
