using System.Diagnostics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Any accelerator of ILGPU's, with ILGPU's own memory, compiler and launches: its CPU accelerator, for breakpoints in
/// kernels, and OpenCL where the driver suits ILGPU. Each launch passes through reflection: for trials, not for speed.
/// </summary>
sealed class AcceleratorDevice : GpuDevice
{
    readonly Context? ownContext;
    readonly AcceleratorLaunches launches;
    List<IDisposable>? heldByRecording;
    LaunchList? recorded;
    bool isDisposed;

    /// <param name="accelerator">It must outlive the device.</param>
    public AcceleratorDevice(Accelerator accelerator) : this(null, accelerator) { }

    AcceleratorDevice(Context? ownContext, Accelerator accelerator)
    {
        (this.ownContext, Accelerator) = (ownContext, accelerator);
        launches = new(accelerator);
        Capabilities = new()
        {
            MaxGroupSize = accelerator.MaxNumThreadsPerGroup,
            MaxGroupDim = accelerator.MaxGroupSize,
            MaxGridDim = accelerator.MaxGridSize,
            MaxSharedBytes = accelerator.MaxSharedMemoryPerGroup,
            SupportsDouble = accelerator is not CLAccelerator { Capabilities.Float64: false },
            MultiProcessors = accelerator.NumMultiprocessors,
            CompilesText = false,
        };
    }

    /// <summary>ILGPU's CPU accelerator: a thread a lane, so that a debugger stops in kernels.</summary>
    public static AcceleratorDevice Cpu()
    {
        var context = IlgpuRuntime.ForCpu();
        return new(context, context.CreateCPUAccelerator(0));
    }

    /// <summary>An OpenCL device by ILGPU.</summary>
    /// <param name="index">Among those that ILGPU lists; the first by default.</param>
    /// <exception cref="UserException">ILGPU takes none, or none of that number.</exception>
    public static AcceleratorDevice OpenCl(int? index)
    {
        var context = IlgpuRuntime.ForAccelerators(builder => builder.OpenCL());
        var devices = context.GetCLDevices();
        if (devices.Count > (index ?? 0)) return new(context, context.CreateCLAccelerator(index ?? 0));
        var found = devices.Count;
        context.Dispose();
        throw found > 0
            ? new UserException($"opencl:{index} by ILGPU: there are {found} such devices.")
            : new UnsupportedOnDeviceException(
                $"ILGPU {IlgpuCompiler.Version} finds no OpenCL device that suits it: it loads libOpenCL.so, and wants "
                + "OpenCL 2.0 with a generic address space.", new DeviceAlternative(Compiler: KernelCompiler.Text));
    }

    public override Accelerator Accelerator { get; }

    public override string Name => Accelerator.AcceleratorType switch
    {
        AcceleratorType.CPU => "ilgpu-cpu",
        AcceleratorType.OpenCL => "opencl",
        _ => "cuda",
    };

    public override string Description => $"{Accelerator.Name}, kernels by ILGPU {IlgpuCompiler.Version}";

    public override GpuCapabilities Capabilities { get; }

    public override DeviceBuffer<T> Allocate<T>(long length)
    {
        ThrowIfDisposed();
        var asked = SizeClass.BytesOf(length, Unsafe.SizeOf<T>());
        MemoryBuffer1D<T, Stride1D.Dense> memory;
        try
        {
            memory = Accelerator.Allocate1D<T>(Math.Max(1, length));
        }
        catch (NotSupportedException error)
        {
            throw new UnsupportedOnDeviceException(
                $"{Description}: ILGPU keeps no {typeof(T)} in memory: {error.Message}. A bool or char in it has "
                + "another size there: use byte or ushort.", error, new DeviceAlternative("managed"));
        }
        catch (Exception error) when (error is AcceleratorException or OutOfMemoryException)
        {
            throw new OutOfDeviceMemoryException(Name,
                $"Out of memory on {Description}: {DriverMemory.Size(asked)} asked for as {typeof(T).Name}[{length}], "
                + $"{DriverMemory.Size(Counters.LiveBytes)} in use: {error.Message}", error)
            {
                AskedBytes = asked, LiveBytes = Counters.LiveBytes,
            };
        }
        var bytes = memory.LengthInBytes;
        Counters.Taken(bytes, fromCache: false);
        return new AcceleratorBuffer<T>(this, memory.View.BaseView.SubView(0, length), () =>
        {
            if (heldByRecording is { } held) held.Add(memory);
            else memory.Dispose();
            Counters.Returned(bytes);
            Counters.Trimmed(bytes);
        });
    }

    public override void TrimCache() { }

    public override void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        if (config.IsEmpty) return;
        ThrowIfDisposed();
        var fitted = Fitted(config);
        LaunchCheck.Check(this, kernel, fitted, arguments);
        if (recorded is not null) recorded.Add(kernel, fitted, arguments);
        else launches.Launch(kernel, fitted, arguments);
    }

    public override RecordedWork Record(Action work)
    {
        ThrowIfDisposed();
        RefuseWhileRecording("recording");
        var held = new List<IDisposable>();
        var list = new LaunchList(this, memory => memory, () => held.ForEach(memory => memory.Dispose()));
        (recorded, heldByRecording, IsRecording) = (list, held, true);
        try
        {
            work();
            return list;
        }
        catch
        {
            list.Dispose();
            throw;
        }
        finally
        {
            (recorded, heldByRecording, IsRecording) = (null, null, false);
        }
    }

    public override void Synchronize()
    {
        RefuseWhileRecording("waiting for the device");
        ThrowIfDisposed();
        Accelerator.DefaultStream.Synchronize();
    }

    public override double Time(Action work)
    {
        RefuseWhileRecording("timing");
        Synchronize();
        var start = Stopwatch.GetTimestamp();
        work();
        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public override void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        if (ownContext is null) return;
        Accelerator.Dispose();
        ownContext.Dispose();
    }

    void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        ThrowIfAcceleratorIsGone();
    }
}
