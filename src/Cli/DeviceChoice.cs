using System.Globalization;
using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli;

/// <summary>
/// What <c>--device</c> names: cpu, managed, ilgpu-cpu, opencl, cuda, auto; opencl and cuda also with a number.
/// </summary>
/// <param name="Index">N of <c>opencl:N</c> and <c>cuda:N</c>, as 'ldnet devices' counts.</param>
sealed record DeviceChoice(string Kind, int? Index)
{
    /// <summary>What may be given, for messages.</summary>
    public const string Names = "cpu, managed, ilgpu-cpu, opencl, opencl:N, cuda, cuda:N or auto";

    /// <summary>Null where the name is none of <see cref="Names"/>.</summary>
    public static DeviceChoice? Parse(string name)
    {
        if (name is "cpu" or "managed" or "ilgpu-cpu" or "opencl" or "cuda" or "auto") return new(name, null);
        var parts = name.Split(':');
        return parts is ["opencl" or "cuda", var number] && int.TryParse(number, NumberStyles.None, null, out var index)
            ? new(parts[0], index)
            : null;
    }

    /// <summary>Whether several threads may compute on it at once, as on the processor's own.</summary>
    public bool IsProcessor => Kind == "cpu";

    /// <summary>Whether it is an NVIDIA GPU.</summary>
    public bool IsNvidia => Kind == "cuda" || Kind == "auto" && CudaDevices() > 0;

    /// <summary>The GPU of a rank, where several share a machine and none is named: the next for each.</summary>
    /// <param name="localRank">Of the rank on its machine; null where there is one process.</param>
    public DeviceChoice ForRank(int? localRank) =>
        localRank is { } rank && Kind is "cuda" or "auto" && Index is null ? this with { Index = rank } : this;

    /// <summary>The device itself; <c>auto</c> is CUDA's first where there is one, else the CPU.</summary>
    /// <exception cref="UserException">It is not here, which says what was tried, or has no such compiler.</exception>
    public ComputeDevice Open(int threads, KernelCompiler compiler) => Kind switch
    {
        "auto" when CudaDevices() is > 0 and var count => new NvidiaDevice(Index % count, compiler),
        "auto" => new CpuDevice(threads),
        "cpu" when compiler != KernelCompiler.Auto =>
            throw new UserException($"--compiler {compiler.ToString().ToLowerInvariant()}: cpu runs no kernels. " +
                "Give --device cuda or opencl, or leave --compiler out."),
        "cpu" => new CpuDevice(threads),
        _ => GpuDevice.Open(Index is null ? Kind : $"{Kind}:{Index}", compiler),
    };

    /// <summary>The operations on an opened device.</summary>
    /// <exception cref="UserException">tf32 or tf32x3 on a device without tensor cores.</exception>
    public static DeviceBackend<T> BackendOf<T>(ComputeDevice device, ProductPrecision math = ProductPrecision.Float32)
        where T : unmanaged, IFloatingPointIeee754<T> => device switch
    {
        _ when math != ProductPrecision.Float32
            && !(device is GpuDevice gpu && KernelVariants.Product.Fastest.IsOffered(gpu.Capabilities)) =>
            throw new UserException(
                $"--math {math.ToString().ToLowerInvariant()}: {device.Description} has no tensor cores. " +
                "They are on cuda from compute capability 8.0 with --compiler text, and managed emulates them. Leave "
                + "--math out."),
        CpuDevice cpu => new CpuBackend<T>(cpu),
        GpuDevice gpu => new GpuBackend<T>(gpu, new KernelChoice(math)),
        _ => throw new ArgumentException($"{device} has no operations.", nameof(device)),
    };

    static int CudaDevices()
    {
        try
        {
            return CudaDriver.Devices().Count;
        }
        catch (UserException)
        {
            return 0;
        }
    }
}
