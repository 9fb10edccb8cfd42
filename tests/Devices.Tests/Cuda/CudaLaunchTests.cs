using System.Runtime.InteropServices;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.Cuda;

/// <summary>What reaches the driver, as a driver compiled from C sees it.</summary>
public class CudaLaunchTests : FakeCuda
{
    static readonly KernelInstance Mixed = Kernel("Mixed",
    [
        new("floats", KernelParameterKind.View, "float"), new("count", KernelParameterKind.Scalar, "int"), new("width", KernelParameterKind.Specialized, "int"),
        new("doubles", KernelParameterKind.View, "double"), new("factor", KernelParameterKind.Scalar, "double"),
    ]);

    [Fact]
    public unsafe void StructuresHaveTheHeadersSizes()
    {
        // cuda.h of CUDA 12: seven 32-bit numbers, padding, two pointers, a number; an attribute is 8 bytes and a union of 64.
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
        using var doubles = device.Allocate<double>(3);
        floats.CopyFrom([0, 1, 2, 3, 4, 5, 6, 7]);
        device.Launch(Mixed, new LaunchConfig(new Index3D(2, 3, 4), new Index3D(32, 4, 2), SharedMemoryConfig.RequestDynamic<byte>(640)),
        [
            KernelArgument.View(floats.ViewOf(5, 2)), KernelArgument.Scalar(-7), KernelArgument.Specialized(9),
            KernelArgument.View(doubles.View), KernelArgument.Scalar(0.125),
        ]);
        Assert.Contains("launch Mixed grid 2 3 4 block 32 4 2 shared 640 attributes 0", Log);
        Assert.Contains("floats 5 x 2, int -7, doubles there x 3, double 0.125", Log);
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
        Assert.Contains("floats 1 x 1, int 0, doubles null x 0, double 1", Log);
    }

    [Fact]
    public void CooperativeLaunchIsAnAttribute()
    {
        using var device = Open();
        device.Launch(Kernel("Grid", []), new LaunchConfig(132, 256) { Cooperative = true }, []);
        Assert.Contains("launch Grid grid 132 1 1 block 256 1 1 shared 0 attributes 1", Log);
        Assert.Contains("attribute 2 = 1 0 0", Log);
    }

    [Fact]
    public void ABarrierOfTheGridWantsACooperativeLaunch()
    {
        using var device = Open();
        var error = Assert.Throws<UserException>(() => WideAccessKernels.LaunchSumsOverTheGrid(device, (5, 33), default, default, default, -1));
        Assert.Contains("Cooperative = true", error.Message);
        Assert.DoesNotContain(Log, line => line.StartsWith("launch", StringComparison.Ordinal));
    }

    [Fact]
    public void ClusterLaunchIsAnAttribute()
    {
        using var device = Open();
        device.Launch(Kernel("Clustered", []), new LaunchConfig(16, 128) { Cluster = new Index3D(8, 1, 1) }, []);
        Assert.Contains("attribute 4 = 8 1 1", Log);
    }

    [Fact]
    public void SharedMemoryAbove48KilobytesIsAskedForOnce()
    {
        using var device = Open();
        var kernel = Kernel("Large", []);
        foreach (var bytes in (int[])[1000, 100_000, 90_000]) device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(bytes)), []);
        Assert.Single(Log, "attribute 8 = 100000 of Large");
        Assert.DoesNotContain(Log, line => line.Contains("= 90000"));
        var error = Assert.Throws<UserException>(() => device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(300_000)), []));
        Assert.Contains("232448 bytes of shared memory", error.Message);
    }

    [Fact]
    public void SharedMemoryOfTheKernelsOwnCountsTowards48Kilobytes()
    {
        Set("FAKE_CUDA_STATIC_SHARED", 20_000);
        using var device = Open();
        var kernel = Kernel("Static", []);
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(29_152)), []);
        Assert.DoesNotContain(Log, line => line.StartsWith("attribute", StringComparison.Ordinal));
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(29_153)), []);
        Assert.Single(Log, "attribute 8 = 29153 of Static");
    }

    [Fact]
    public void SharedMemoryOfTheKernelsOwnCountsTowardsTheMost()
    {
        Set("FAKE_CUDA_STATIC_SHARED", 20_000);
        using var device = Open();
        var kernel = Kernel("Static", []);
        device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(212_448)), []);
        var error = Assert.Throws<UserException>(() => device.Launch(kernel, new LaunchConfig(1, 32, SharedMemoryConfig.RequestDynamic<byte>(212_449)), []));
        Assert.Contains("FakeKernels.Static", error.Message);
        Assert.Contains("212449 bytes of dynamic shared memory and 20000 of its own: cuda has 232448 bytes", error.Message);
    }

    [Theory]
    [InlineData(1, 65_536, 1)]
    [InlineData(1, 1, 65_536)]
    public void GridsBeyondTheDriversAreRefused(int x, int y, int z)
    {
        using var device = Open();
        var error = Assert.Throws<UserException>(() => device.Launch(Kernel("Tall", []), new LaunchConfig(new Index3D(x, y, z), new Index3D(32, 1, 1)), []));
        Assert.Contains($"FakeKernels.Tall (FakeKernels.cs:12), grid {x} x {y} x {z}", error.Message);
        Assert.Contains("at most 2147483647 x 65535 x 65535 groups", error.Message);
        Assert.DoesNotContain(Log, line => line.StartsWith("launch", StringComparison.Ordinal));
    }

    [Fact]
    public void GroupsBeyondTheDriversAreRefusedByAxis()
    {
        using var device = Open();
        var error = Assert.Throws<UserException>(() => device.Launch(Kernel("Deep", []), new LaunchConfig(new Index3D(1, 1, 1), new Index3D(1, 1, 65)), []));
        Assert.Contains("FakeKernels.Deep (FakeKernels.cs:12), grid 1 x 1 x 1, group 1 x 1 x 65", error.Message);
        Assert.Contains("at most 1024 x 1024 x 64 lanes", error.Message);
    }

    [Fact]
    public void LargestGridIsLaunched()
    {
        using var device = Open();
        device.Launch(Kernel("Whole", []), new LaunchConfig(new Index3D(int.MaxValue, 65_535, 65_535), new Index3D(1, 1, 64)), []);
        Assert.Contains("launch Whole grid 2147483647 65535 65535 block 1 1 64 shared 0 attributes 0", Log);
    }

    [Fact]
    public void EventsTimeOnTheDevice()
    {
        using var device = Open();
        Assert.Equal(2.5, device.Time(() => device.Launch(Kernel("Empty", []), (1, 1), [])));
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
        Assert.Single(Log, "release context");
    }

    [Fact]
    public void SecondDeviceTakesTheKernelFromDisk()
    {
        var kernel = Kernel("Kept", []);
        using (var device = Open()) device.Launch(kernel, (1, 1), []);
        Set("FAKE_CUDA_LOAD", 209);
        using var other = Open();
        Assert.Contains("CUDA_ERROR_NO_BINARY_FOR_GPU", Assert.Throws<UserException>(() => other.Launch(kernel, (1, 1), [])).Message);
        Assert.Single(Directory.GetFiles(other.Cache.Folder));
    }

    [Theory]
    [InlineData(80, "sm_80")]
    [InlineData(90, "sm_90a")]
    [InlineData(120, "compute_90")]
    public void ArchitectureFollowsTheGpuAndTheCompiler(int capability, string architecture)
    {
        var cache = new CompiledKernelCache(Path.GetTempPath());
        Assert.Equal(architecture, new CudaCompiler(NvrtcApi.Search(12), capability, cache).Architecture);
    }

    [Fact]
    public void LaunchesAllocateNothingOnceTheirKernelsAreLoaded()
    {
        Set("FAKE_CUDA_LOG", null);
        using var device = Open();
        Assert.Equal(0, LaunchAllocation.Bytes(device));
    }

    [Fact]
    public void SpecialisedValuesAndOptionsReachTheCompiler()
    {
        var folder = Directory.CreateTempSubdirectory("ldnet-nvrtc-").FullName;
        var compiler = new CudaCompiler(NvrtcApi.Search(12), 90, new CompiledKernelCache(folder));
        var image = System.Text.Encoding.UTF8.GetString(compiler.Compile(Mixed, ["-DSPEC_width=9"]));
        Assert.Equal("--gpu-architecture=sm_90a --std=c++17 -lineinfo -DSPEC_width=9 ", image);
        Assert.Equal(0, compiler.FoundInCache);
        compiler.Compile(Mixed, ["-DSPEC_width=9"]);
        Assert.Equal(1, compiler.FoundInCache);
        compiler.Compile(Mixed, ["-DSPEC_width=8"]);
        Assert.Equal(1, compiler.FoundInCache);
        Directory.Delete(folder, recursive: true);
    }
}
