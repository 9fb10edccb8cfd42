using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Ilgpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>ILGPU's accelerators for GPUs that our own search found.</summary>
static class CudaAccelerators
{
    /// <summary>A context of its own for one GPU.</summary>
    /// <exception cref="UserException">ILGPU does not find it, or the driver gives no context; says what it
    /// said.</exception>
    public static (Context? Own, CudaAccelerator Accelerator) Open(CudaDeviceInfo gpu)
    {
        if (!IlgpuRuntime.ShareDriver())
            throw new UserException(
                $"{gpu}: ILGPU {IlgpuCompiler.Version} has looked for the CUDA driver before, found none, and looks "
                + "once in a process. Call CudaDriver.ShareWithIlgpu() before the program's first Context.Create.");
        var context = IlgpuRuntime.ForAccelerators(builder => builder.Cuda(device => device.DeviceId == gpu.Index));
        try
        {
            return context.GetCudaDevices() is { Count: > 0 }
                ? (context, context.CreateCudaAccelerator(0))
                : throw new UserException($"{gpu}: ILGPU {IlgpuCompiler.Version} does not list this GPU.");
        }
        catch (Exception error)
        {
            context.Dispose();
            if (error is AcceleratorException) throw new UserException($"{gpu}: no context: {error.Message}");
            throw;
        }
    }
}
