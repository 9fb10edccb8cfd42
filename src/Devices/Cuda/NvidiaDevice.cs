using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// One NVIDIA GPU, on an accelerator of ILGPU's: its context, one stream for work and one for memory, so that memory
/// can be had while work is recorded. What ILGPU lacks is called beside it in the same context: NVRTC, graphs,
/// cooperative launches, more than 48 KB of shared memory. Not for several threads at once.
/// </summary>
public sealed unsafe class NvidiaDevice : DriverDevice
{
    const int StaticSharedAttribute = 1, MaxDynamicSharedAttribute = 8;

    readonly CudaApi api = CudaApi.Instance;
    readonly Context? ownContext;
    readonly CudaAccelerator accelerator;
    readonly CudaStream? memoryStream;
    readonly CudaKernelCompiler compiler;
    readonly LoadedKernels<LoadedCudaKernel> kernels = new();
    StagingRing? staging;
    bool isLost;

    /// <summary>The GPU for <c>cuda</c>, or for <c>cuda:N</c>.</summary>
    /// <param name="index">N of <c>cuda:N</c>; null for the first.</param>
    /// <param name="kernelCompiler">Who compiles its kernels.</param>
    /// <param name="cache">Where compiled kernels are kept; the user's own by default.</param>
    /// <exception cref="UserException">No driver, an old one, or no GPU; says what was tried.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public NvidiaDevice(int? index = null, KernelCompiler kernelCompiler = KernelCompiler.Auto,
        CompiledKernelCache? cache = null)
        : this(CudaAccelerators.Open(CudaDriver.Choose(index)), kernelCompiler, cache) { }

    /// <summary>
    /// The GPU of an accelerator that the caller has, in whose context all happens; it must outlive the device.
    /// </summary>
    /// <inheritdoc cref="NvidiaDevice(int?, KernelCompiler, CompiledKernelCache?)"/>
    /// <param name="accelerator">Whose context, memory and streams are used.</param>
    /// <param name="kernelCompiler">Who compiles its kernels.</param>
    /// <param name="cache">Where compiled kernels are kept; the user's own by default.</param>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public NvidiaDevice(CudaAccelerator accelerator, KernelCompiler kernelCompiler = KernelCompiler.Auto,
        CompiledKernelCache? cache = null)
        : this((null, Living(accelerator)), kernelCompiler, cache) { }

    static CudaAccelerator Living(CudaAccelerator accelerator)
    {
        ThrowIfGone(accelerator);
        return accelerator;
    }

    NvidiaDevice((Context? Own, CudaAccelerator Accelerator) opened, KernelCompiler kernelCompiler,
        CompiledKernelCache? cache)
    {
        (ownContext, accelerator) = opened;
        Info = CudaDriver.Devices()[accelerator.DeviceId];
        Cache = cache ?? CompiledKernelCache.Default();
        compiler = new(Info, kernelCompiler, Cache);
        try
        {
            MakeCurrent();
            // A stream that waits for the context's own, on which ILGPU's kernels run by default, and which waits for
            // it.
            Stream = accelerator.CreateStream(StreamFlags.CU_STREAM_DEFAULT);
            memoryStream = accelerator.CreateStream(StreamFlags.CU_STREAM_NON_BLOCKING);
        }
        catch (AcceleratorException error)
        {
            Dispose();
            throw new UserException($"{Info}: no stream: {error.Message}");
        }
        Capabilities = new()
        {
            WarpSize = Info.WarpSize,
            MaxGroupSize = Info.MaxGroupSize,
            // CUDA C++ Programming Guide, technical specifications: of every compute capability.
            MaxGroupDim = new Index3D(1024, 1024, 64),
            MaxGridDim = new Index3D(int.MaxValue, 65_535, 65_535),
            MaxSharedBytes = Info.MaxSharedBytes,
            SupportsDouble = true,
            ComputeCapability = Info.ComputeCapability,
            MultiProcessors = Info.MultiProcessors,
            HasWarpOperations = true,
            HasCooperativeLaunch = Info.HasCooperativeLaunch,
            CompilesText = compiler.Kind == KernelCompiler.Text,
        };
    }

    /// <summary>What the driver says of the GPU.</summary>
    public CudaDeviceInfo Info { get; }

    /// <summary>Where compiled kernels are kept.</summary>
    public CompiledKernelCache Cache { get; }

    /// <inheritdoc/>
    public override string Name => "cuda";

    /// <inheritdoc/>
    public override string Description => $"cuda:{Info.Index} {Info}, kernels by {compiler.Name}";

    /// <inheritdoc/>
    public override GpuCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public override long MemoryBytes => Info.Memory;

    /// <summary>The GPU, or the part of one, as no other is called: the same for every process on it.</summary>
    internal string Id
    {
        get
        {
            Guid id;
            Check(api.DeviceGetUuid(&id, Info.Index), "cuDeviceGetUuid");
            return $"GPU-{new Guid(new ReadOnlySpan<byte>(&id, sizeof(Guid)), bigEndian: true)}";
        }
    }

    internal CudaApi Api => api;

    /// <summary>Its context as ILGPU has it, where other kernels of ILGPU's may be loaded.</summary>
    public override CudaAccelerator Accelerator => accelerator;

    /// <summary>The stream that all work is queued on. ILGPU's default stream waits for it, and it for that.</summary>
    public CudaStream Stream { get; }

    /// <summary>
    /// Who compiles the kernels: <see cref="KernelCompiler.Text"/> or <see cref="KernelCompiler.Ilgpu"/>.
    /// </summary>
    public KernelCompiler Compiler => compiler.Kind;

    internal nint StreamHandle => Stream.StreamPtr;

    internal override TuningFolder TunedKernels => field ??= new(Cache);

    internal override TuningKey? TuningKeyOf(KernelInstance kernel, ReadOnlySpan<int> specialized, string sizes) =>
        kernel.Cuda is null ? null : new(kernel.Name, TuningKey.HashOf(CudaPrelude.Text + kernel.Cuda),
            TuningKey.FlagsOf($"{compiler.Name} {compiler.Version} {compiler.Architecture}", kernel, specialized),
            $"driver for CUDA {CudaDeviceInfo.Version(Info.DriverVersion)}", Info.Name, sizes);

    internal override long? FreeBytes
    {
        get
        {
            nuint free, total;
            return api.MemGetInfo(&free, &total) == CudaStatus.Success ? (long)free : null;
        }
    }

    internal override string FreeMemoryText => FreeBytes is { } free
        ? $"{DriverMemory.Size(free)} of {DriverMemory.Size(MemoryBytes)} "
        + $"free, {DriverMemory.Size(Counters.CachedBytes)} cached"
        : "what is free is unknown";

    /// <inheritdoc/>
    public override void Prepare(KernelInstance kernel, params ReadOnlySpan<KernelArgument> specialized)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        MakeCurrent();
        KernelOf(kernel, specialized);
    }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        RefuseWhileRecording("waiting for the device");
        MakeCurrent();
        Check(api.StreamSynchronize(StreamHandle), "waiting for the device");
    }

    /// <summary>Queues a copy by the driver, within the device.</summary>
    /// <param name="source">What is copied, without a detour over the host.</param>
    /// <param name="target">As long as the source; the two do not overlap.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a view's memory is not on this device.</exception>
    /// <exception cref="Drivers.DeviceLostException">The device stopped working.</exception>
    public void Copy<T>(ArrayView<T> source, ArrayView<T> target) where T : unmanaged
    {
        if (source.Length != target.Length)
            throw new ArgumentException($"copy of {source.Length} elements to {target.Length}.", nameof(target));
        if (source.Length == 0) return;
        if (!IsHere(source.Memory()!) || !IsHere(target.Memory()!))
            throw new ArgumentException($"copy: a view's memory is not on {Name}.", nameof(source));
        MakeCurrent();
        Check(api.MemcpyDtoDAsync(AddressOf(target), AddressOf(source), (nuint)(source.Length * sizeof(T)),
            StreamHandle), "copy within the device");
    }

    /// <summary>Where a view's first element lies on the device; 0 for an empty view.</summary>
    /// <exception cref="ObjectDisposedException">Its buffer was disposed of.</exception>
    internal static nint AddressOf<T>(ArrayView<T> view)
        where T : unmanaged => AddressOf(view.Memory(), view.Offset() * sizeof(T));

    static nint AddressOf(MemoryBuffer? memory, long firstByte)
    {
        if (memory is null) return 0;
        ObjectDisposedException.ThrowIf(memory.NativePtr == 0 || memory.IsDisposed, memory);
        return memory.NativePtr + (nint)firstByte;
    }

    internal override bool IsHere(MemoryBuffer memory) => memory.Accelerator == accelerator;

    internal override DriverMemoryBuffer NewMemory(nint handle, long length, int elementSize) =>
        new CudaMemory(this, handle, length, elementSize);

    /// <inheritdoc/>
    public override double Time(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        RefuseWhileRecording("timing");
        using var start = new CudaEvent(this);
        using var end = new CudaEvent(this);
        start.Record();
        work();
        end.Record();
        return end.MillisecondsSince(start);
    }

    /// <inheritdoc/>
    public override RecordedWork Record(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return CudaGraph.Capture(this, work);
    }

    private protected override void Release()
    {
        // With the accelerator its context went, and all that was in it.
        if (!accelerator.IsDisposed)
        {
            Settle();
            foreach (var kernel in kernels.Clear()) api.ModuleUnload(kernel.Module);
            Memory.Close();
            staging?.Dispose();
        }
        compiler.Dispose();
        DisposeOf(memoryStream);
        DisposeOf(Stream);
        if (ownContext is null) return;
        DisposeOf(accelerator);
        ownContext.Dispose();
    }

    // CUDA repeats an earlier kernel's error at each of these, where it is no news; the driver ends with the context
    // all that it has not given back.
    static void DisposeOf(IDisposable? part)
    {
        try
        {
            part?.Dispose();
        }
        catch (AcceleratorException) { }
    }

    /// <summary>Records what is queued from here on; memory comes from a pool of its own.</summary>
    internal MemoryPool BeginCapture()
    {
        const int Relaxed = 2;
        Synchronize();
        Check(api.StreamBeginCapture(StreamHandle, Relaxed), "cuStreamBeginCapture");
        IsRecording = true;
        return Memory.OpenPool();
    }

    /// <summary>Ends the recording, whatever became of it.</summary>
    /// <returns>The driver's code; throwing would hide what the recorded work itself has thrown.</returns>
    internal int EndCapture(nint* graph)
    {
        IsRecording = false;
        Memory.LeavePool();
        return api.StreamEndCapture(StreamHandle, graph);
    }

    internal void ClosePool(MemoryPool pool) => Memory.ClosePool(pool);

    internal void MakeCurrent()
    {
        ThrowIfDisposed();
        ThrowIfAcceleratorIsGone();
        accelerator.Bind();
    }

    /// <summary>
    /// Makes the context current and waits for what is queued, before something that it uses is destroyed. Never
    /// throws: CUDA repeats a fatal error at the next call. Recorded work does not run, and waiting would end the
    /// recording.
    /// </summary>
    internal void Settle()
    {
        if (accelerator.IsDisposed) return;
        accelerator.Bind();
        if (!IsRecording && !isLost && Stream is not null)
            isLost = CudaStatus.IsFatal(api.StreamSynchronize(StreamHandle));
    }

    internal void Check(int code, string what)
    {
        if (code == CudaStatus.Success) return;
        isLost |= CudaStatus.IsFatal(code);
        CudaStatus.Check(api, code, what + (IsSynchronous || !CudaStatus.IsFatal(code)
            ? ""
            : $" (an earlier kernel may be the cause; {SynchronousVariable}=1 waits after each and names it)"));
    }

    internal override void Write(nint memory, long firstByte, ReadOnlySpan<byte> source)
    {
        RefuseWhileRecording("a copy from the host");
        MakeCurrent();
        staging ??= new(this);
        staging.Copy(source, memory + (nint)firstByte);
    }

    internal override void Read(nint memory, long firstByte, Span<byte> destination)
    {
        RefuseWhileRecording("a copy to the host");
        MakeCurrent();
        fixed (byte* first = destination)
        {
            Check(api.MemcpyDtoHAsync(first, memory + (nint)firstByte, (nuint)destination.Length, StreamHandle),
                "copy from the device");
            Check(api.StreamSynchronize(StreamHandle), "copy from the device");
        }
    }

    // On a stream of its own, so that it works while work is recorded.
    private protected override nint AllocateMemory(long bytes)
    {
        MakeCurrent();
        nint memory;
        var code = Info.HasMemoryPools
            ? api.MemAllocAsync(&memory, (nuint)bytes, memoryStream!.StreamPtr) : api.MemAlloc(&memory, (nuint)bytes);
        if (code == CudaStatus.OutOfMemory) return 0;
        Check(code, $"allocation of {bytes} bytes");
        Check(api.StreamSynchronize(memoryStream!.StreamPtr), $"allocation of {bytes} bytes");
        return memory;
    }

    // What still runs may use the memory; recording waited for all before it began.
    private protected override void FreeMemory(nint memory)
    {
        Settle();
        if (Info.HasMemoryPools) api.MemFreeAsync(memory, memoryStream!.StreamPtr);
        else api.MemFree(memory);
    }

    private protected override void Run(KernelInstance kernel, in LaunchConfig config,
        ReadOnlySpan<KernelArgument> arguments)
    {
        MakeCurrent();
        var loaded = KernelOf(kernel, arguments);
        AllowSharedMemory(kernel, config, loaded);
        var attributes = stackalloc CudaLaunchAttribute[2];
        var native = new CudaLaunchConfig
        {
            GridX = (uint)config.GridDim.X, GridY = (uint)config.GridDim.Y, GridZ = (uint)config.GridDim.Z,
            BlockX = (uint)config.GroupDim.X, BlockY = (uint)config.GroupDim.Y, BlockZ = (uint)config.GroupDim.Z,
            SharedMemoryBytes = (uint)config.DynamicSharedBytes, Stream = StreamHandle, Attributes = attributes,
        };
        if (config.Cooperative) attributes[native.AttributeCount++] = CudaLaunchAttribute.Cooperative;
        if (config.Cluster.X > 0)
        {
            if (!Info.HasClusters)
                throw new UserException(
                    $"{LaunchText.Of(kernel, config)} runs in clusters, which {Description} does not offer " +
                    "(compute capability 9.0 does).");
            attributes[native.AttributeCount++] =
                CudaLaunchAttribute.Cluster(config.Cluster.X, config.Cluster.Y, config.Cluster.Z);
        }
        var layout = loaded.Layout;
        var values = stackalloc byte[layout.Bytes];
        for (var i = 0; i < arguments.Length; i++)
            if (layout.Arguments[i] >= 0) Pass(arguments[i], values + layout.Arguments[i], layout.Sizes[i]);
        var parameters = stackalloc void*[layout.Parameters.Count];
        for (var i = 0; i < layout.Parameters.Count; i++) parameters[i] = values + layout.Parameters[i];
        var code = api.LaunchKernelEx(&native, loaded.Function, parameters, null);
        if (code != CudaStatus.Success) Check(code, LaunchText.Of(kernel, config));
    }

    static void Pass(in KernelArgument argument, byte* place, int size)
    {
        if (argument.Kind == KernelParameterKind.View)
        {
            *(nint*)place = AddressOf(argument.Memory, argument.Offset * argument.ElementSize);
            *(long*)(place + sizeof(nint)) = argument.Length;
            return;
        }
        var bits = argument.Bits;
        Unsafe.CopyBlock(place, &bits, (uint)size);
    }

    void AllowSharedMemory(KernelInstance kernel, in LaunchConfig config, LoadedCudaKernel loaded)
    {
        var bytes = config.DynamicSharedBytes;
        if (bytes <= loaded.DynamicSharedBytes) return;
        LaunchCheck.SharedMemory(this, kernel, config, loaded.StaticSharedBytes);
        var code = api.FuncSetAttribute(loaded.Function, MaxDynamicSharedAttribute, bytes);
        if (code != CudaStatus.Success)
            Check(code, $"{bytes} bytes of shared memory for {LaunchText.Of(kernel, config)}");
        loaded.DynamicSharedBytes = bytes;
    }

    LoadedCudaKernel KernelOf(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        if (kernels.TryFind(kernel, arguments, out var loaded)) return loaded;
        loaded = Load(kernel, compiler.Compile(kernel, arguments));
        kernels.Add(kernel, arguments, loaded);
        return loaded;
    }

    LoadedCudaKernel Load(KernelInstance kernel, CudaImage image)
    {
        nint module, function;
        int code;
        fixed (byte* first = image.Bytes) code = api.ModuleLoadData(&module, first);
        if (code is CudaStatus.NoBinaryForGpu or CudaStatus.UnsupportedPtxVersion)
            throw compiler.NotTaken(
                $"{LaunchText.Of(kernel)}: the driver does not take what {compiler} "
                + $"compiled: {CudaStatus.Text(api, code)}.", Info);
        Check(code, $"loading {LaunchText.Of(kernel)}");
        try
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(image.Entry + '\0'))
                code = api.ModuleGetFunction(&function, module, name);
            Check(code, $"finding {image.Entry} of {LaunchText.Of(kernel)}");
            int staticShared;
            Check(api.FuncGetAttribute(&staticShared, StaticSharedAttribute, function),
                $"shared memory of {LaunchText.Of(kernel)}");
            return new(module, function, staticShared, image.Layout);
        }
        catch
        {
            api.ModuleUnload(module);
            throw;
        }
    }
}
