using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.OpenCl;

/// <summary>Launches on a real OpenCL driver: arguments, shapes, order, and what is refused.</summary>
public class OpenClLaunchTests : OpenClFixture
{
    [Fact]
    public void ViewsArriveWithOffsetAndScalarsByValue()
    {
        using var buffer = Device.Allocate<float>(10);
        buffer.CopyFrom([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        var view = buffer.ViewOf(3, 5);
        Device.Launch(HandWrittenKernels.Scale, LaunchConfig.ForExtent(4),
            [KernelArgument.Scalar(4), KernelArgument.View(view), KernelArgument.Scalar(0.5f)]);
        var result = new float[10];
        buffer.CopyTo(result);
        Assert.Equal([1, 2, 3, 2, 2.5f, 3, 3.5f, 8, 9, 10], result);
    }

    [Fact]
    public void GridsAndGroupsOfThreeDimensions()
    {
        using var buffer = Device.Allocate<int>(2 * 3 * 2 * 4 * 2 * 1);
        Device.Launch(HandWrittenKernels.Places, new LaunchConfig(new Index3D(2, 3, 2), new Index3D(4, 2, 1)),
            [KernelArgument.View(buffer.View)]);
        var places = new int[buffer.Length];
        buffer.CopyTo(places);
        var expected = from groupZ in Enumerable.Range(0, 2) from groupY in Enumerable.Range(0, 3)
            from groupX in Enumerable.Range(0, 2)
                       from y in Enumerable.Range(0, 2) from x in Enumerable.Range(0, 4)
                       select groupX * 4 + x + 100 * (groupY * 2 + y) + 10000 * groupZ;
        Assert.Equal(expected, places);
    }

    [Fact]
    public void DynamicSharedMemoryIsTheLaunchs()
    {
        using var values = Device.Allocate<long>(100);
        using var sums = Device.Allocate<long>(4);
        values.CopyFrom(Enumerable.Range(1, 100).Select(value => (long)value).ToArray());
        Device.Launch(HandWrittenKernels.GroupSum, new LaunchConfig(4, 32, SharedMemoryConfig.RequestDynamic<long>(32)),
            [KernelArgument.View(values.View), KernelArgument.View(sums.View)]);
        var result = new long[4];
        sums.CopyTo(result);
        Assert.Equal([528, 1552, 2576, 394], result);
    }

    [Fact]
    public void SharedMemoryOfTheKernelsOwnCountsTowardsTheDevices()
    {
        using var buffer = Device.Allocate<int>(2);
        void Launch(int bytes) => Device.Launch(HandWrittenKernels.StaticShared,
            new LaunchConfig(1, 2, SharedMemoryConfig.RequestDynamic<byte>(bytes)),
            [KernelArgument.View<int>(buffer)]);
        Launch(64);
        var error = Assert.ThrowsAny<UserException>(() => Launch(Device.Capabilities.MaxSharedBytes - 4095));
        Assert.Contains("HandWrittenKernels.StaticShared", error.Message);
        Assert.Contains($"and 4096 of its own: opencl has {Device.Capabilities.MaxSharedBytes} bytes", error.Message);
        Device.Synchronize();
    }

    [Fact]
    public void KernelsBeyondOpenClAreRefusedWithWhatTheyNeed()
    {
        var error = Assert.ThrowsAny<UserException>(
            () => VectorisedAccessKernels.LaunchNegates(Device, (1, 8), default, default));
        Assert.Contains("VectorisedAccessKernels.Negates", error.Message);
        Assert.Contains("needs Vector", error.Message);
        Assert.Contains("portable variant", error.Message);
    }

    [Fact]
    public void SpecialisedValuesAreCompiledIn()
    {
        using var buffer = Device.Allocate<int>(2);
        void Fill(int start, int width) => Device.Launch(HandWrittenKernels.Fill, (1, 1),
            [KernelArgument.View(buffer.ViewOf(start, 1)), KernelArgument.Specialized(width)]);
        Fill(0, 3);
        Fill(1, 17);
        var result = new int[2];
        buffer.CopyTo(result);
        Assert.Equal([3, 17], result);
    }

    [Fact]
    public void LaunchesAllocateNothingOnceTheirKernelsAreLoaded() => Assert.Equal(0, LaunchAllocation.Bytes(Device));

    [Fact]
    public void LaunchesRunInOrder()
    {
        using var buffer = Device.Allocate<float>(1000);
        buffer.CopyFrom(Enumerable.Repeat(1f, 1000).ToArray());
        for (var i = 0; i < 20; i++) Scale(buffer, 2);
        var result = new float[1000];
        buffer.CopyTo(result);
        Assert.All(result, value => Assert.Equal(1 << 20, value));
    }

    [Fact]
    public void EmptyGridRunsNothing()
    {
        using var buffer = Device.Allocate<float>(1);
        buffer.CopyFrom([5]);
        Device.Launch(HandWrittenKernels.Broken, new LaunchConfig(0, 256), [KernelArgument.View(buffer.View)]);
        var result = new float[1];
        buffer.CopyTo(result);
        Assert.Equal(5, result[0]);
    }

    [Fact]
    public void EmptyViewsAreNull()
    {
        Device.Launch(HandWrittenKernels.Scale, (1, 64),
            [KernelArgument.Scalar(0), KernelArgument.View(default(ArrayView<float>)), KernelArgument.Scalar(2f)]);
        Device.Synchronize();
    }

    [Fact]
    public void DeviceTimeCoversWhatWasQueued()
    {
        using var buffer = Device.Allocate<float>(1 << 20);
        buffer.CopyFrom(new float[1 << 20]);
        Scale(buffer, 1);
        Assert.True(Device.Time(() => { for (var i = 0; i < 5; i++) Scale(buffer, 1); }) > 0);
    }

    [Fact]
    public void TextThatDoesNotCompileShowsTheLogWithTheCSharpLine()
    {
        using var buffer = Device.Allocate<float>(1);
        var error = Assert.ThrowsAny<UserException>(() =>
            Device.Launch(HandWrittenKernels.Broken, (1, 1), [KernelArgument.View(buffer.View)]));
        Assert.Contains("HandWrittenKernels.Broken (HandWrittenKernels.cs:7) does not compile", error.Message);
        Assert.Contains("BrokenKernels.cs:42", error.Message);
        Assert.Contains("undeclared", error.Message);
        Assert.Contains("CL_BUILD_PROGRAM_FAILURE", error.Message);
    }

    [Fact]
    public void WhatTheDeviceLacksIsNamed()
    {
        var kernel = HandWrittenKernels.Instance("Tensor", null, [], KernelRequirements.Mma | KernelRequirements.Warp);
        var error = Assert.ThrowsAny<UserException>(() => Device.Launch(kernel, (1, 32), []));
        Assert.Contains("Warp, Mma", error.Message);
    }

    [Fact]
    public void GroupsBeyondTheDevicesAreRefused()
    {
        using var buffer = Device.Allocate<float>(1);
        var lanes = Device.Capabilities.MaxGroupSize + 1;
        var error = Assert.ThrowsAny<UserException>(() => Device.Launch(HandWrittenKernels.Scale, (1, lanes),
            [KernelArgument.Scalar(1), KernelArgument.View(buffer.View), KernelArgument.Scalar(1f)]));
        Assert.Contains($"{lanes} lanes", error.Message);
    }

    [Fact]
    public void BuffersOfOtherDevicesAreRefused()
    {
        using var cpu = new CpuDevice(1);
        using var buffer = cpu.Allocate<float>(4);
        var error = Assert.Throws<ArgumentException>(() => Scale(buffer, 1));
        Assert.Contains("not on opencl", error.Message);
    }

    [Fact]
    public void AnArgumentOfTheWrongSizeIsRefusedByPosition()
    {
        var error = Assert.ThrowsAny<UserException>(
            () => Device.Launch(HandWrittenKernels.Scale, (1, 1), [KernelArgument.Scalar(1L)]));
        Assert.Contains("argument 0 of 8 bytes", error.Message);
        Assert.Contains("CL_INVALID_ARG_SIZE (-51)", error.Message);
    }

    void Scale(DeviceBuffer<float> buffer, float factor) =>
        Device.Launch(HandWrittenKernels.Scale, LaunchConfig.ForExtent((int)buffer.Length),
        [
            KernelArgument.Scalar((int)buffer.Length), KernelArgument.View(buffer.View), KernelArgument.Scalar(factor),
        ]);
}
