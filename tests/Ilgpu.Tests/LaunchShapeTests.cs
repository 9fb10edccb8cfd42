using ILGPU;
using ILGPU.Runtime.CPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Extents, groups, dynamic shared memory and elements of a launch, the same on every device.</summary>
public class LaunchShapeTests
{
    static IEnumerable<GpuDevice> Devices()
    {
        yield return new ManagedDevice();
        yield return GpuDevice.Open("ilgpu-cpu");
        if (OpenClForTests.WhyNot is null) yield return new OpenClDevice();
        if (CudaForTests.WhyNot is not null) yield break;
        yield return CudaForTests.Open(KernelCompiler.Text);
        yield return CudaForTests.Open(KernelCompiler.Ilgpu);
    }

    /// <summary>ILGPU's CPU accelerator as its samples make it, with groups of 16 lanes.</summary>
    [Fact]
    public void ExtentsRunInGroupsThatTheDeviceHolds()
    {
        using var context = Context.Create(builder => builder.DefaultCPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        using var device = GpuDevice.From(accelerator);
        Assert.Equal(16, device.Capabilities.MaxGroupSize);
        EveryIndexRunsOnce(device);
        using var values = device.Allocate<int>(40);
        values.CopyFrom(new int[40]);
        using var recorded = device.Record(() => LaunchShapeKernels.LaunchAdd(device, 40, values));
        recorded.Replay();
        recorded.Replay();
        Assert.Equal(Enumerable.Range(1, 40).Select(i => 2 * i), Read(values));
    }

    [Fact]
    public void EveryIndexOfAnExtentRunsOnceEverywhere()
    {
        foreach (var device in Devices())
            using (device) EveryIndexRunsOnce(device);
    }

    static void EveryIndexRunsOnce(GpuDevice device)
    {
        using var values = device.Allocate<int>(7 * 5 * 3);
        values.CopyFrom(new int[values.Length]);
        LaunchShapeKernels.LaunchAdd(device, (int)values.Length, values);
        Assert.Equal(Enumerable.Range(1, 105), Read(values));
        values.CopyFrom(new int[values.Length]);
        LaunchShapeKernels.LaunchAdd2D(device, new Index2D(7, 15), values, 7);
        Assert.Equal(Enumerable.Range(0, 105).Select(i => i % 7 * 100 + i / 7), Read(values));
        values.CopyFrom(new int[values.Length]);
        LaunchShapeKernels.LaunchAdd3D(device, new Index3D(7, 5, 3), values, 7, 5);
        Assert.Equal(Enumerable.Range(0, 105).Select(i => i % 7 * 10_000 + i / 7 % 5 * 100 + i / 35), Read(values));
    }

    [Theory]
    [InlineData(256, 256, 1, 1, 1024, 512), InlineData(16, 16, 1, 1, 1024, 16), InlineData(100, 100, 1, 1, 100, 1024)]
    public void GroupsOverAnExtentAreAsLargeAsTheDeviceTakes(int x, int size, int y, int z, int lanes, int along)
    {
        var config = LaunchConfig.ForExtent(1000).Within(lanes, new(along, along, along));
        Assert.Equal((new Index3D(x, y, z), (1000 + size - 1) / size), (config.GroupDim, config.GridDim.X));
    }

    [Theory]
    [InlineData(1024, 32, 4, 2), InlineData(128, 32, 4, 1), InlineData(64, 32, 2, 1), InlineData(16, 16, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    public void LastAxesOfGroupsShrinkFirst(int lanes, int x, int y, int z)
    {
        var config = LaunchConfig.ForExtent(new Index3D(64, 64, 64)).Within(lanes, new(1024, 1024, 64));
        Assert.Equal(new Index3D(x, y, z), config.GroupDim);
        Assert.Equal(new Index3D(64 / x, 64 / y, 64 / z), config.GridDim);
    }

    [Fact]
    public void GroupsThatWereAskedForStay()
    {
        using var context = Context.Create(builder => builder.DefaultCPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        using var device = GpuDevice.From(accelerator);
        using var lengths = device.Allocate<int>(32);
        var error = Assert.Throws<UserException>(() => LaunchShapeKernels.LaunchSharedLength(device, (1, 32), lengths));
        Assert.Contains("32 lanes in a group, ilgpu-cpu takes 16", error.Message);
        Assert.Contains("builder.CPU(CPUDevice.Nvidia)", error.Message);
    }

    [Fact]
    public void NegativeExtentsAreRefusedEverywhere()
    {
        foreach (var device in Devices())
            using (device)
            {
                using var values = device.Allocate<int>(8);
                values.CopyFrom(new int[8]);
                var error = Assert.Throws<ShapeException>(() => LaunchShapeKernels.LaunchAdd(device, -4, values));
                Assert.Contains("-4", error.Message);
                Assert.Throws<ShapeException>(() => LaunchShapeKernels.LaunchAdd2D(device, (2, -1), values, 2));
                Assert.Throws<ShapeException>(() => LaunchShapeKernels.LaunchAdd2D(device, (-1, 0), values, 2));
                Assert.Throws<ShapeException>(() => LaunchShapeKernels.LaunchAdd3D(device, (1, 2, -3), values, 1, 2));
                LaunchShapeKernels.LaunchAdd(device, 0, values);
                Assert.Equal(new int[8], Read(values));
            }
    }

    [Fact]
    public void DynamicSharedMemoryHasAsManyElementsEverywhere()
    {
        foreach (var device in Devices())
            using (device)
            {
                using var lengths = device.Allocate<int>(4);
                LaunchShapeKernels.LaunchSharedLength(device, Shared(SharedMemoryConfig.RequestDynamic<int>(32)),
                    lengths);
                Assert.Equal([32, 32, 32, 32], Read(lengths));
                LaunchShapeKernels.LaunchSharedLength(device, Shared(SharedMemoryConfig.RequestDynamic<byte>(64)),
                    lengths);
                Assert.Equal([16, 16, 16, 16], Read(lengths));
                LaunchShapeKernels.LaunchSharedLengthBelow(device, Shared(SharedMemoryConfig.RequestDynamic<int>(10)),
                    lengths);
                Assert.Equal([5, 5, 5, 5], Read(lengths));
            }

        static LaunchConfig Shared(SharedMemoryConfig shared) => new(2, 2, shared);
    }

    [Fact]
    public void DynamicSharedMemoryOfTwoSizesIsRefusedByIlgpusAccelerator()
    {
        using var device = GpuDevice.Open("ilgpu-cpu");
        using var lengths = device.Allocate<int>(1);
        var error = Assert.Throws<UnsupportedOnDeviceException>(() => LaunchShapeKernels.LaunchSharedOfTwoSizes(device,
            new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<int>(8)), lengths));
        Assert.Contains("SharedOfTwoSizes", error.Message);
        Assert.Contains("Int32 and Double", error.Message);
    }

    [Fact]
    public void ViewsWithABoolAreRefusedByIlgpusPtx()
    {
        using var device = CudaForTests.Open(KernelCompiler.Ilgpu);
        using var results = device.Allocate<int>(4);
        using var flags = device.Allocate<bool>(4);
        using var items = device.Allocate<Marked>(4);
        using var bytes = device.Allocate<byte>(4);
        var error = Assert.Throws<UnsupportedOnDeviceException>(
            () => LaunchShapeKernels.LaunchOfBools(device, 4, flags, results));
        Assert.Contains("LaunchShapeKernels.OfBools (LaunchShapeKernels.cs:", error.Message);
        Assert.Contains("ArrayView<System.Boolean>", error.Message);
        Assert.Contains("Use byte", error.Message);
        error = Assert.Throws<UnsupportedOnDeviceException>(
            () => LaunchShapeKernels.LaunchOfMarked(device, 4, (1, items), results));
        Assert.Contains("ArrayView<LdNetGpu.Tests.Marked>", error.Message);
        bytes.CopyFrom([1, 0, 255, 0]);
        LaunchShapeKernels.LaunchOfBytes(device, 4, bytes, results);
        Assert.Equal([1, 0, 1, 0], Read(results));
    }

    [Fact]
    public void MemoryOfBoolsIsRefusedByIlgpusAccelerator()
    {
        using var device = GpuDevice.Open("ilgpu-cpu");
        foreach (var allocate in new Action[] { () => device.Allocate<bool>(4), () => device.Allocate<Marked>(4) })
        {
            var error = Assert.Throws<UnsupportedOnDeviceException>(allocate);
            Assert.Contains("CPUAccelerator", error.Message);
            Assert.Contains("use byte", error.Message);
        }
    }

    static int[] Read(DeviceBuffer<int> buffer)
    {
        var values = new int[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
