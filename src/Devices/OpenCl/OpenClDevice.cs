using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.OpenCl;

/// <summary>One OpenCL device with one in-order queue. Not for several threads at once.</summary>
public sealed unsafe class OpenClDevice : DriverDevice
{
    const ulong ReadWrite = 1, Profiling = 1 << 1;

    readonly OpenClApi api = OpenClApi.Instance;
    readonly nint context, queue;
    readonly OpenClCompiler compiler;
    readonly LoadedKernels<OpenClKernel> kernels = new();
    LaunchList? recorded;
    bool isLost;

    /// <summary>The device for <c>opencl</c>, or for <c>opencl:N</c>.</summary>
    /// <param name="index">N of <c>opencl:N</c>; null for what <see cref="OpenClDriver.Choose"/> takes.</param>
    /// <param name="cache">Where compiled kernels are kept; the user's own by default.</param>
    /// <param name="optimizes">
    /// Whether the driver's compiler does: without it a text means what it says, where a driver's optimizer is wrong.
    /// </param>
    /// <exception cref="UserException">No loader, driver or device; says what was tried.</exception>
    public OpenClDevice(int? index = null, CompiledKernelCache? cache = null, bool optimizes = true)
    {
        Info = OpenClDriver.Choose(index);
        var handle = Info.Handle;
        var properties = stackalloc nint[] { 0x1084, Info.Platform, 0 };
        int code;
        context = api.CreateContext(properties, 1, &handle, null, null, &code);
        OpenClError.Check(code, $"clCreateContext on {Info}");
        queue = api.CreateCommandQueue(context, handle, Profiling, &code);
        if (code != OpenClError.Success) Dispose();
        OpenClError.Check(code, $"clCreateCommandQueue on {Info}");
        Cache = cache ?? CompiledKernelCache.Default();
        compiler = new(api, context, Info, Cache, optimizes);
        Capabilities = new()
        {
            MaxGroupSize = Info.MaxGroupSize,
            MaxSharedBytes = Info.LocalMemory,
            SupportsDouble = Info.SupportsDouble,
            MultiProcessors = Info.ComputeUnits,
        };
    }

    /// <summary>What the driver says of the device.</summary>
    public OpenClDeviceInfo Info { get; }

    /// <summary>Where compiled kernels are kept.</summary>
    public CompiledKernelCache Cache { get; }

    /// <summary>Kernels that came from <see cref="Cache"/> rather than from the compiler.</summary>
    public int KernelsFromCache => compiler.FoundInCache;

    /// <inheritdoc/>
    public override string Name => "opencl";

    /// <inheritdoc/>
    public override string Description => $"opencl:{Info.Index} {Info}";

    /// <inheritdoc/>
    public override GpuCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public override long MemoryBytes => Info.Memory;

    internal override TuningFolder TunedKernels => field ??= new(Cache);

    internal override TuningKey? TuningKeyOf(KernelInstance kernel, ReadOnlySpan<int> specialized, string sizes) =>
        kernel.OpenCl is null ? null : new(kernel.Name, TuningKey.HashOf(OpenClPrelude.Text + kernel.OpenCl),
            TuningKey.FlagsOf(compiler.Options, kernel, specialized),
            $"{Info.PlatformName}, driver {Info.DriverVersion}", Info.Name, sizes);

    // OpenCL has no question for free memory; other programs' shares stay unseen.
    internal override long? FreeBytes => Math.Max(0, MemoryBytes - Counters.LiveBytes - Counters.CachedBytes);

    internal override string FreeMemoryText =>
        $"{DriverMemory.Size(FreeBytes!.Value)} of " +
        $"{DriverMemory.Size(MemoryBytes)} not taken by this program, " +
        $"{DriverMemory.Size(Info.LargestBuffer)} at most in one buffer";

    /// <inheritdoc/>
    public override void Prepare(KernelInstance kernel, params ReadOnlySpan<KernelArgument> specialized)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        KernelOf(kernel, specialized);
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        RefuseWhileRecording("waiting for the device");
        ThrowIfDisposed();
        Check(api.Finish(queue), "waiting for the device");
    }

    /// <inheritdoc/>
    public override RecordedWork Record(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfDisposed();
        RefuseWhileRecording("recording");
        var pool = Memory.OpenPool();
        var list = new LaunchList(this, memory => ((DriverMemoryBuffer)memory).Held, () => Memory.ClosePool(pool));
        (recorded, IsRecording) = (list, true);
        try
        {
            work();
            return list;
        }
        catch
        {
            Memory.ClosePool(pool);
            throw;
        }
        finally
        {
            (recorded, IsRecording) = (null, false);
            Memory.LeavePool();
        }
    }

    /// <inheritdoc/>
    public override double Time(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        RefuseWhileRecording("timing");
        ThrowIfDisposed();
        using var start = Marker();
        work();
        using var end = Marker();
        Synchronize();
        return (end.Nanoseconds - start.Nanoseconds) / 1e6;
    }

    private protected override void Release()
    {
        if (!isLost && queue != 0) api.Finish(queue);
        foreach (var kernel in kernels.Clear())
        {
            api.ReleaseKernel(kernel.Handle);
            api.ReleaseProgram(kernel.Program);
        }
        Memory.Close();
        if (queue != 0) api.ReleaseCommandQueue(queue);
        api.ReleaseContext(context);
    }

    private protected override nint AllocateMemory(long bytes)
    {
        if (bytes > Info.LargestBuffer) return 0;
        int code;
        var memory = api.CreateBuffer(context, ReadWrite, (nuint)bytes, null, &code);
        if (code is OpenClError.AllocationFailure or OpenClError.OutOfHostMemory or OpenClError.OutOfResources
            or OpenClError.InvalidBufferSize)
            return 0;
        Check(code, $"clCreateBuffer of {bytes} bytes");
        return memory;
    }

    // The driver keeps it until what is queued has used it.
    private protected override void FreeMemory(nint memory) => api.ReleaseMemObject(memory);

    private protected override void Run(KernelInstance kernel, in LaunchConfig asked,
        ReadOnlySpan<KernelArgument> arguments)
    {
        if (recorded is not null)
        {
            recorded.Add(kernel, asked, arguments);
            return;
        }
        var compiled = KernelOf(kernel, arguments);
        var config = asked.Within(compiled.MaxGroupSize, Capabilities.MaxGroupDim);
        var (grid, group) = (config.GridDim, config.GroupDim);
        if (group.X * group.Y * group.Z > compiled.MaxGroupSize)
            throw new UserException(
                $"{LaunchText.Of(kernel, config)}: {Description} runs at most {compiled.MaxGroupSize} lanes of this "
                + "kernel in a group.");
        LaunchCheck.SharedMemory(this, kernel, config, compiled.StaticSharedBytes);
        SetArguments(kernel, config, compiled.Handle, arguments);
        var local = stackalloc nuint[] { (nuint)group.X, (nuint)group.Y, (nuint)group.Z };
        var global = stackalloc nuint[] { (nuint)grid.X * (nuint)group.X, (nuint)grid.Y * (nuint)group.Y,
            (nuint)grid.Z * (nuint)group.Z };
        var code = api.EnqueueKernel(queue, compiled.Handle, 3, null, global, local, 0, null, null);
        if (code != OpenClError.Success) Check(code, LaunchText.Of(kernel, config));
    }

    internal override void Write(nint memory, long firstByte, ReadOnlySpan<byte> source)
    {
        RefuseWhileRecording("a copy from the host");
        fixed (byte* first = source)
            Check(api.EnqueueWriteBuffer(queue, memory, 1, (nuint)firstByte, (nuint)source.Length, first, 0, null,
                null), "copy to the device");
    }

    internal override void Read(nint memory, long firstByte, Span<byte> destination)
    {
        RefuseWhileRecording("a copy to the host");
        fixed (byte* first = destination)
            Check(api.EnqueueReadBuffer(queue, memory, 1, (nuint)firstByte, (nuint)destination.Length, first, 0, null,
                null), "copy from the device");
    }

    OpenClKernel KernelOf(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        if (kernels.TryFind(kernel, arguments, out var compiled)) return compiled;
        compiled = compiler.Compile(kernel, Specializations.Macros(kernel, arguments));
        kernels.Add(kernel, arguments, compiled);
        return compiled;
    }

    void SetArguments(KernelInstance kernel, in LaunchConfig config, nint handle,
        ReadOnlySpan<KernelArgument> arguments)
    {
        uint index = 0;
        foreach (var argument in arguments)
            switch (argument.Kind)
            {
                case KernelParameterKind.View:
                    var (memory, offset, length) = ((argument.Memory as DriverMemoryBuffer)?.Handle
                        ?? 0, argument.Offset, argument.Length);
                    Set(kernel, handle, index++, sizeof(nint), &memory);
                    Set(kernel, handle, index++, sizeof(long), &offset);
                    Set(kernel, handle, index++, sizeof(long), &length);
                    break;
                case KernelParameterKind.Scalar:
                    var bits = argument.Bits;
                    Set(kernel, handle, index++, argument.ElementSize, &bits);
                    break;
            }
        if (!kernel.UsesDynamicShared) return;
        // A local argument of no bytes is refused; the kernel is told that none are there.
        var bytes = config.DynamicSharedBytes;
        Set(kernel, handle, index++, Math.Max(bytes, 16), null);
        Set(kernel, handle, index, sizeof(int), &bytes);
    }

    void Set(KernelInstance kernel, nint handle, uint index, int size, void* value)
    {
        var code = api.SetKernelArg(handle, index, (nuint)size, value);
        if (code != OpenClError.Success)
            throw new UserException(
                $"{LaunchText.Of(kernel)}: argument {index} of {size} bytes is refused: {OpenClError.Name(code)}.");
    }

    OpenClMarker Marker()
    {
        nint marker;
        Check(api.EnqueueMarker(queue, 0, null, &marker), "clEnqueueMarkerWithWaitList");
        return new(api, marker);
    }

    void Check(int code, string what)
    {
        if (code == OpenClError.Success) return;
        if (code is OpenClError.AllocationFailure or OpenClError.OutOfHostMemory)
            throw new OutOfDeviceMemoryException(Name,
                $"Out of memory on {Description} at {what}: {OpenClError.Name(code)}; {FreeMemoryText}.")
            {
                FreeBytes = FreeBytes, LiveBytes = Counters.LiveBytes,
            };
        isLost |= OpenClError.IsFatal(code);
        var message = $"{Description}: {what} failed: {OpenClError.Name(code)}." +
            (IsSynchronous
            ? "" : $" An earlier kernel may be the cause; {SynchronousVariable}=1 waits after each and names it.");
        throw isLost ? new DeviceLostException(message) : new UserException(message);
    }
}
