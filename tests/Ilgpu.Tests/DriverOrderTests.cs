using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>
/// ILGPU looks for the CUDA driver once in a process, by a name under which a driver of <c>LDNET_CUDA_LIBRARY</c>, or
/// <c>libcuda.so.1</c> alone, is not found. Whoever comes first, a device has its GPU.
/// </summary>
public class DriverOrderTests
{
    const string Order = "LDNET_TEST_DRIVER_ORDER";

    /// <summary>What a program does, in a process where nothing has touched CUDA yet.</summary>
    [Theory, InlineData("shared"), InlineData("late")]
    public async Task GpuIsFoundInANewProcess(string order)
    {
        var start = new ProcessStartInfo("dotnet",
            [typeof(DriverOrderTests).Assembly.Location, "--filter-method",
            $"*{nameof(DriverOrderTests)}.{nameof(DriverIsShared)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Order] = order;
        if (CudaForTests.IsEmulated)
            start.Environment["LDNET_CUDA_LIBRARY"] = Path.Combine(CudaEmulation.Folder, "libcuda.so.1");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("total: 1", output);
    }

    [Fact]
    public void DriverIsShared()
    {
        var order = Environment.GetEnvironmentVariable(Order);
        if (order is null && CudaForTests.IsEmulated) CudaEmulation.Use();
        if (order == "late")
        {
            using var early = Context.Create(builder => builder.Cuda());
            // A system's driver is found by its name.
            Assert.Equal(CudaForTests.IsEmulated, early.GetCudaDevices().Count == 0);
            using var device = new NvidiaDevice(kernelCompiler: KernelCompiler.Ilgpu);
            using var values = device.Allocate<float>(3);
            values.CopyFrom([-2, 0.5f, 2]);
            RemapKernels.LaunchClamped(device, 3, values);
            var found = new float[3];
            values.CopyTo(found);
            Assert.Equal([-1, 0.5f, 1], found);
        }
        Assert.True(CudaDriver.ShareWithIlgpu());
        using var context = Context.Create(builder => builder.Cuda());
        Assert.NotEqual(0, context.GetCudaDevices().Count);
    }
}
