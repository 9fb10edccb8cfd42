using System.Globalization;
using ILGPU;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>A device that runs kernels: launches and copies happen in the order they are asked for, as if on one stream.</summary>
public abstract class GpuDevice : Device, IDisposable
{
    /// <summary>The device of this name.</summary>
    /// <param name="name"><c>managed</c>, <c>opencl</c>, <c>cuda</c>, the last two also with a number: <c>cuda:1</c>.</param>
    /// <exception cref="UserException">It is not here, with what was tried, or the name is none of these.</exception>
    public static GpuDevice Open(string name)
    {
        var parts = name.Split(':');
        int? index = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return parts switch
        {
            ["managed"] => new ManagedDevice { LostAfter = LossForTrial() },
            ["opencl"] or ["opencl", _] when parts.Length == 1 || index is not null => new OpenClDevice(index),
            ["cuda"] or ["cuda", _] when parts.Length == 1 || index is not null => new CudaDevice(index),
            _ => throw new UserException($"No device that runs kernels is called '{name}': expected managed, opencl, opencl:N, cuda or cuda:N."),
        };
    }

    static long LossForTrial() =>
        long.TryParse(Environment.GetEnvironmentVariable(ManagedDevice.LossVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var launches)
            ? launches
            : long.MaxValue;

    public abstract GpuCapabilities Capabilities { get; }

    /// <summary>
    /// Queues the kernel and returns. An empty grid runs nothing. Arguments come as <see cref="KernelInstance.Parameters"/> lists them.
    /// </summary>
    /// <exception cref="UserException">The device cannot run it: what it needs that the device lacks, or the compiler's log.</exception>
    public abstract void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments);

    /// <summary>While true, launches are recorded and not run.</summary>
    public bool IsRecording { get; private protected set; }

    /// <summary>
    /// Records what <paramref name="work"/> launches; nothing of it runs. Run the work once before, so that its kernels are compiled and what lasts
    /// beyond it is allocated.
    /// </summary>
    /// <exception cref="RecordingException">
    /// The work copies to or from the host or waits for the device; nothing was recorded, and the device goes on.
    /// </exception>
    public abstract RecordedWork Record(Action work);

    /// <summary>Throws inside recorded work, for what a replay could not do again.</summary>
    /// <param name="what">In words.</param>
    /// <exception cref="RecordingException">Work is being recorded.</exception>
    public void RefuseWhileRecording(string what)
    {
        if (IsRecording) throw new RecordingException($"{Description}: {what} inside recorded work: a replay repeats launches alone. Do it before or after.");
    }

    /// <summary>Waits until all that was queued is done; errors of earlier launches surface here.</summary>
    public abstract void Synchronize();

    /// <summary>Milliseconds that the device spends on what <paramref name="work"/> queues, by its own clock where it has one.</summary>
    public abstract double Time(Action work);

    public abstract void Dispose();
}

/// <summary>What a device can do; kernels and their variants are chosen by it.</summary>
public sealed record GpuCapabilities
{
    /// <summary>Lanes of a warp; 1 without warp operations.</summary>
    public int WarpSize { get; init; } = 1;

    /// <summary>Most lanes in a group.</summary>
    public int MaxGroupSize { get; init; } = 1024;

    /// <summary>Most lanes of a group along each axis.</summary>
    public Index3D MaxGroupDim { get; init; } = new(int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>Most groups of a grid along each axis.</summary>
    public Index3D MaxGridDim { get; init; } = new(int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>Most shared memory of a group in bytes, dynamic memory included.</summary>
    public int MaxSharedBytes { get; init; } = 48 << 10;

    public bool SupportsDouble { get; init; }

    /// <summary>CUDA's compute capability, 90 for 9.0; 0 where there is none.</summary>
    public int ComputeCapability { get; init; }

    /// <summary>Multiprocessors, or compute units.</summary>
    public int MultiProcessors { get; init; } = 1;

    public bool HasWarpOperations { get; init; }

    public bool HasCooperativeLaunch { get; init; }

    /// <summary>Whether tensor-core products, asynchronous copies and 16-byte accesses are done in C#, as compute capability 8.0 does them.</summary>
    public bool EmulatesCuda { get; init; }

    /// <summary>What of <paramref name="needed"/> is missing here.</summary>
    public KernelRequirements Missing(KernelRequirements needed)
    {
        var offered = KernelRequirements.None;
        if (SupportsDouble) offered |= KernelRequirements.Double;
        if (HasWarpOperations) offered |= KernelRequirements.Warp;
        if (HasCooperativeLaunch) offered |= KernelRequirements.Cooperative;
        if (ComputeCapability >= 80 || EmulatesCuda) offered |= KernelRequirements.Mma | KernelRequirements.AsyncCopy | KernelRequirements.Vector;
        if (ComputeCapability >= 80) offered |= KernelRequirements.Ptx;
        return needed & ~offered;
    }
}
