using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Ilgpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// A device that runs kernels: launches and copies happen in the order they are asked for, as if on one stream.
/// </summary>
public abstract class GpuDevice : ComputeDevice, IDisposable
{
    /// <summary>The device of this name.</summary>
    /// <param name="name"><c>managed</c>, <c>ilgpu-cpu</c>, <c>opencl</c>, <c>cuda</c>, the last two also with a
    /// number: <c>cuda:1</c>.</param>
    /// <param name="compiler">Who compiles its kernels.</param>
    /// <exception cref="UserException">It is not here, with what was tried, or the name is none of these.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compiler.</exception>
    public static GpuDevice Open(string name, KernelCompiler compiler = KernelCompiler.Auto)
    {
        ArgumentNullException.ThrowIfNull(name);
        RequireKnown(compiler);
        var parts = name.Split(':');
        int? index = parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return parts switch
        {
            ["managed"] when compiler == KernelCompiler.Auto => new ManagedDevice { LostAfter = LossForTrial() },
            ["managed"] => throw new UserException(
                "managed runs the kernels' checked C#: it has no compiler to choose. Leave the compiler out."),
            ["ilgpu-cpu"] when compiler != KernelCompiler.Text => AcceleratorDevice.Cpu(),
            ["ilgpu-cpu"] => throw new UserException(
                "ilgpu-cpu is ILGPU's own CPU accelerator: it takes no texts. Leave the compiler out."),
            ["opencl"] or ["opencl", _] when parts.Length == 1 || index is not null =>
                compiler == KernelCompiler.Ilgpu ? AcceleratorDevice.OpenCl(index) : new OpenClDevice(index),
            ["cuda"] or ["cuda", _] when parts.Length == 1 || index is not null => new NvidiaDevice(index, compiler),
            _ => throw new UserException(
                $"No device that runs kernels is called '{name}': expected managed, opencl, opencl:N, cuda, cuda:N or "
                + "ilgpu-cpu."),
        };
    }

    /// <summary>Refuses a number that stands for no compiler.</summary>
    internal static KernelCompiler RequireKnown(KernelCompiler compiler) => Enum.IsDefined(compiler)
        ? compiler : throw new ArgumentOutOfRangeException(nameof(compiler), compiler, "No such compiler.");

    static long LossForTrial() =>
        long.TryParse(Environment.GetEnvironmentVariable(ManagedDevice.LossVariable), NumberStyles.None,
            CultureInfo.InvariantCulture, out var launches)
            ? launches
            : long.MaxValue;

    /// <summary>
    /// A device on an accelerator that the caller has made, so that ILGPU's memory and kernels meet this library's
    /// there. It must outlive the device.
    /// </summary>
    /// <param name="accelerator">Any of ILGPU's: CUDA's, OpenCL's, its CPU's.</param>
    /// <param name="compiler">Who compiles this library's kernels for a <see cref="CudaAccelerator"/>; others take
    /// ILGPU's compiler.</param>
    /// <exception cref="UserException">Other accelerators than CUDA's have no text compiler.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such compiler.</exception>
    /// <exception cref="ArgumentNullException">No accelerator.</exception>
    /// <exception cref="ObjectDisposedException">The accelerator was disposed of.</exception>
    public static GpuDevice From(Accelerator accelerator, KernelCompiler compiler = KernelCompiler.Auto)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        ThrowIfGone(accelerator);
        RequireKnown(compiler);
        return accelerator switch
        {
            CudaAccelerator cuda => new NvidiaDevice(cuda, compiler),
            _ when compiler == KernelCompiler.Text =>
                throw new UserException(
                    $"{accelerator.Name}: of ILGPU's accelerators only CUDA's take texts. Leave the compiler out."),
            _ => new AcceleratorDevice(accelerator),
        };
    }

    /// <summary>Refuses an accelerator that a device could not stand on.</summary>
    internal static void ThrowIfGone(Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        if (accelerator.IsDisposed)
            throw new ObjectDisposedException(accelerator.GetType().Name,
                $"{accelerator.Name}: this ILGPU accelerator was disposed of. Make the device of one that lives, and "
                + "dispose of the device first.");
    }

    /// <summary>What the device offers and how large a launch may be; it never changes.</summary>
    public abstract GpuCapabilities Capabilities { get; }

    /// <summary>The accelerator of ILGPU's that the device stands on; null where there is none.</summary>
    public virtual Accelerator? Accelerator => null;

    /// <summary>
    /// A buffer over memory of <see cref="Accelerator"/> that someone else owns, who disposes of it after the buffer.
    /// </summary>
    /// <param name="view">Its elements are the buffer's.</param>
    /// <exception cref="ArgumentException">The memory is not on that accelerator.</exception>
    /// <exception cref="ObjectDisposedException">The accelerator was disposed of.</exception>
    public DeviceBuffer<T> Wrap<T>(ArrayView<T> view) where T : unmanaged
    {
        ThrowIfAcceleratorIsGone();
        return Accelerator is not null && view.Memory()?.Accelerator == Accelerator
            ? new AcceleratorBuffer<T>(this, view)
            : throw new ArgumentException(
                $"The view's memory is not on the ILGPU accelerator of {Name}: GpuDevice.From(accelerator) makes a "
                + "device of one.",
                nameof(view));
    }

    /// <summary>Which values the device's tunable kernels run with.</summary>
    public KernelTuning Tuning => field ??= new(this);

    /// <summary>Where records of tuned kernels are looked for; null where the device takes none.</summary>
    internal virtual TuningFolder? TunedKernels => null;

    /// <summary>What a record of tuning must be of to count here; null where the device takes none.</summary>
    /// <param name="kernel">Its text is part of it.</param>
    /// <param name="specialized">Its specialised values in order; those of tunable parameters do not count.</param>
    /// <param name="sizes">The class of sizes that the launch is of.</param>
    internal virtual TuningKey? TuningKeyOf(KernelInstance kernel, ReadOnlySpan<int> specialized, string sizes) => null;

    /// <summary>Whether a view's memory is on this device.</summary>
    internal virtual bool IsHere(MemoryBuffer memory) => Accelerator is not null && memory.Accelerator == Accelerator;

    /// <summary>The launch as it runs here: one over an extent in groups that the device holds.</summary>
    private protected LaunchConfig Fitted(in LaunchConfig config) =>
        config.Within(Capabilities.MaxGroupSize, Capabilities.MaxGroupDim);

    private protected void ThrowIfAcceleratorIsGone()
    {
        if (Accelerator is { IsDisposed: true } gone)
            throw new ObjectDisposedException(gone.GetType().Name,
                $"{Name}: the ILGPU accelerator that this device stands on was disposed of. " +
                "Dispose of the device first, and of its accelerator after it.");
    }

    /// <summary>
    /// Queues the kernel and returns. An empty grid runs nothing. Arguments come as
    /// <see cref="KernelInstance.Parameters"/> lists them.
    /// </summary>
    /// <param name="kernel">What runs; compiled at its first launch.</param>
    /// <param name="config">Groups, lanes, dynamic shared memory; over an extent the device may take smaller
    /// groups.</param>
    /// <param name="arguments">One for each parameter, in order.</param>
    /// <exception cref="UserException">The device cannot run it: what it needs that the device lacks, or the compiler's
    /// log.</exception>
    /// <exception cref="ArgumentException">
    /// A view's memory is not on this device, or is written through another view against
    /// <see cref="Dialect.NoAliasAttribute"/>.
    /// </exception>
    /// <exception cref="Drivers.DeviceLostException">The device stopped working.</exception>
    /// <exception cref="KernelFaultException">The managed device found the kernel at fault.</exception>
    public abstract void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments);

    /// <summary>While true, launches are recorded and not run.</summary>
    public bool IsRecording { get; private protected set; }

    /// <summary>
    /// Records what <paramref name="work"/> launches; nothing of it runs. Run the work once before, so that its kernels
    /// are compiled and what lasts beyond it is allocated.
    /// </summary>
    /// <param name="work">Launches kernels, by any operation.</param>
    /// <exception cref="RecordingException">
    /// The work copies to or from the host or waits for the device; nothing was recorded, and the device goes on.
    /// </exception>
    public abstract RecordedWork Record(Action work);

    /// <summary>Throws inside recorded work, for what a replay could not do again.</summary>
    /// <param name="what">In words.</param>
    /// <exception cref="RecordingException">Work is being recorded.</exception>
    public void RefuseWhileRecording(string what)
    {
        ArgumentNullException.ThrowIfNull(what);
        if (IsRecording)
            throw new RecordingException(
                $"Device {Name}: {what} inside recorded work: a replay repeats launches alone. Do it before or after.");
    }

    /// <summary>Waits until all that was queued is done; errors of earlier launches surface here.</summary>
    /// <exception cref="RecordingException">Work is being recorded.</exception>
    /// <exception cref="Drivers.DeviceLostException">The device stopped working.</exception>
    public abstract void Synchronize();

    /// <summary>
    /// Milliseconds that the device spends on what <paramref name="work"/> queues, by its own clock where it has one.
    /// </summary>
    /// <param name="work">
    /// Launches kernels, by any operation; compile them by a first run, or that is timed too.
    /// </param>
    /// <exception cref="RecordingException">Work is being recorded.</exception>
    /// <exception cref="Drivers.DeviceLostException">The device stopped working.</exception>
    public abstract double Time(Action work);

    /// <summary>
    /// Gives the device back, and with it all memory that was allocated on it. An accelerator that the caller brought
    /// stays.
    /// </summary>
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

    /// <summary>Whether it computes in double precision.</summary>
    public bool SupportsDouble { get; init; }

    /// <summary>CUDA's compute capability, 90 for 9.0; 0 where there is none.</summary>
    public int ComputeCapability { get; init; }

    /// <summary>Multiprocessors, or compute units.</summary>
    public int MultiProcessors { get; init; } = 1;

    /// <summary>Whether lanes of a warp can shuffle, vote and wait for each other.</summary>
    public bool HasWarpOperations { get; init; }

    /// <summary>
    /// Whether all groups of a launch can be made to run at once, so that the grid may have barriers.
    /// </summary>
    public bool HasCooperativeLaunch { get; init; }

    /// <summary>
    /// Whether tensor-core products, asynchronous copies and 16-byte accesses are done in C#, as compute capability 8.0
    /// does them.
    /// </summary>
    public bool EmulatesCuda { get; init; }

    /// <summary>Whether kernels are compiled from their texts, which have what ILGPU's compiler lacks.</summary>
    public bool CompilesText { get; init; } = true;

    /// <summary>What of <paramref name="needed"/> is missing here.</summary>
    /// <param name="needed">What a kernel asks for, as <see cref="KernelInstance.Requires"/> has it.</param>
    /// <returns><see cref="KernelRequirements.None"/> where a kernel with these needs runs here.</returns>
    public KernelRequirements Missing(KernelRequirements needed)
    {
        var offered = KernelRequirements.None;
        if (SupportsDouble) offered |= KernelRequirements.Double;
        if (HasWarpOperations) offered |= KernelRequirements.Warp;
        if (HasCooperativeLaunch) offered |= KernelRequirements.Cooperative;
        if (ComputeCapability >= 80 || EmulatesCuda)
            offered |= KernelRequirements.Mma | KernelRequirements.AsyncCopy | KernelRequirements.Vector;
        if (ComputeCapability >= 80) offered |= KernelRequirements.Ptx;
        if (!CompilesText) offered &= ~KernelRequirements.TextOnly;
        return needed & ~offered;
    }
}
