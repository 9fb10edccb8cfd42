using System.Text;
using ILGPU;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// One NVIDIA GPU: its primary context, one stream for work and one for memory, so that memory can be had while work is recorded.
/// Not for several threads at once.
/// </summary>
public sealed unsafe class CudaDevice : DriverDevice
{
    const uint NonBlocking = 1;
    const int StaticSharedAttribute = 1, MaxDynamicSharedAttribute = 8;

    readonly CudaApi api = CudaApi.Instance;
    readonly int handle;
    readonly nint context, memoryStream;
    readonly Lazy<CudaCompiler> compiler;
    readonly LoadedKernels<CudaKernel> kernels = new();
    StagingRing? staging;
    bool isLost;

    /// <summary>The GPU for <c>cuda</c>, or for <c>cuda:N</c>.</summary>
    /// <param name="cache">Where compiled kernels are kept; the user's own by default.</param>
    /// <exception cref="UserException">No driver, an old one, or no GPU; says what was tried.</exception>
    public CudaDevice(int? index = null, CompiledKernelCache? cache = null)
    {
        Info = CudaDriver.Choose(index);
        Cache = cache ?? CompiledKernelCache.Default();
        compiler = new(() => CudaCompiler.For(Info, Cache));
        int device;
        CudaError.Check(api, api.DeviceGet(&device, Info.Index), "cuDeviceGet");
        handle = device;
        nint primary;
        CudaError.Check(api, api.PrimaryCtxRetain(&primary, handle), $"a context on {Info}");
        context = primary;
        try
        {
            MakeCurrent();
            Stream = NewStream();
            memoryStream = NewStream();
        }
        catch
        {
            Dispose();
            throw;
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
        };
    }

    /// <summary>What the driver says of the GPU.</summary>
    public CudaDeviceInfo Info { get; }

    public CompiledKernelCache Cache { get; }

    public override string Name => "cuda";

    public override string Description => $"cuda:{Info.Index} {Info}";

    public override GpuCapabilities Capabilities { get; }

    public override long MemoryBytes => Info.Memory;

    internal CudaApi Api => api;

    internal nint Stream { get; }

    internal override string FreeMemoryText
    {
        get
        {
            nuint free, total;
            return api.MemGetInfo(&free, &total) == CudaError.Success
                ? $"{DriverMemory.Size((long)free)} of {DriverMemory.Size((long)total)} free, {DriverMemory.Size(Counters.CachedBytes)} cached"
                : "what is free is unknown";
        }
    }

    public override void Prepare(KernelInstance kernel, params ReadOnlySpan<KernelArgument> specialized)
    {
        MakeCurrent();
        KernelOf(kernel, specialized);
    }

    public override void Synchronize()
    {
        RefuseWhileRecording("waiting for the device");
        MakeCurrent();
        Check(api.StreamSynchronize(Stream), "waiting for the device");
    }

    /// <summary>Queues a copy by the driver, within the device.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a view's memory is not on this device.</exception>
    public void Copy<T>(ArrayView<T> source, ArrayView<T> target) where T : unmanaged
    {
        if (source.Length != target.Length) throw new ArgumentException($"copy of {source.Length} elements to {target.Length}.", nameof(target));
        if (source.Length == 0) return;
        if (source.Memory() is not DriverMemoryBuffer from || target.Memory() is not DriverMemoryBuffer to || from.Device != this || to.Device != this)
            throw new ArgumentException($"copy: a view's memory is not on {Name}.", nameof(source));
        MakeCurrent();
        Check(api.MemcpyDtoDAsync(to.Handle + (nint)(target.Offset() * sizeof(T)), from.Handle + (nint)(source.Offset() * sizeof(T)),
                (nuint)(source.Length * sizeof(T)), Stream),
            "copy within the device");
    }

    public override double Time(Action work)
    {
        RefuseWhileRecording("timing");
        using var start = new CudaEvent(this);
        using var end = new CudaEvent(this);
        start.Record();
        work();
        end.Record();
        return end.MillisecondsSince(start);
    }

    public override RecordedWork Record(Action work) => CudaGraph.Capture(this, work);

    private protected override void Release()
    {
        Settle();
        foreach (var kernel in kernels.Clear()) api.ModuleUnload(kernel.Module);
        Memory.Close();
        staging?.Dispose();
        if (memoryStream != 0) api.StreamDestroy(memoryStream);
        if (Stream != 0) api.StreamDestroy(Stream);
        api.PrimaryCtxRelease(handle);
    }

    /// <summary>Records what is queued from here on; memory comes from a pool of its own.</summary>
    internal MemoryPool BeginCapture()
    {
        const int Relaxed = 2;
        Synchronize();
        Check(api.StreamBeginCapture(Stream, Relaxed), "cuStreamBeginCapture");
        IsRecording = true;
        return Memory.OpenPool();
    }

    /// <summary>Ends the recording, whatever became of it.</summary>
    /// <returns>The driver's code; throwing would hide what the recorded work itself has thrown.</returns>
    internal int EndCapture(nint* graph)
    {
        IsRecording = false;
        Memory.LeavePool();
        return api.StreamEndCapture(Stream, graph);
    }

    internal void ClosePool(MemoryPool pool) => Memory.ClosePool(pool);

    internal void MakeCurrent()
    {
        ThrowIfDisposed();
        Check(api.CtxSetCurrent(context), "cuCtxSetCurrent");
    }

    /// <summary>
    /// Makes the context current and waits for what is queued, before something that it uses is destroyed. Never throws: CUDA repeats a fatal error at
    /// the next call. Recorded work does not run, and waiting would end the recording.
    /// </summary>
    internal void Settle()
    {
        api.CtxSetCurrent(context);
        if (!IsRecording && !isLost && Stream != 0) isLost = CudaError.IsFatal(api.StreamSynchronize(Stream));
    }

    internal void Check(int code, string what)
    {
        if (code == CudaError.Success) return;
        isLost |= CudaError.IsFatal(code);
        CudaError.Check(api, code, what + (IsSynchronous || !CudaError.IsFatal(code)
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
            Check(api.MemcpyDtoHAsync(first, memory + (nint)firstByte, (nuint)destination.Length, Stream), "copy from the device");
            Check(api.StreamSynchronize(Stream), "copy from the device");
        }
    }

    // On a stream of its own, so that it works while work is recorded.
    private protected override nint AllocateMemory(long bytes)
    {
        MakeCurrent();
        nint memory;
        var code = Info.HasMemoryPools ? api.MemAllocAsync(&memory, (nuint)bytes, memoryStream) : api.MemAlloc(&memory, (nuint)bytes);
        if (code == CudaError.OutOfMemory) return 0;
        Check(code, $"allocation of {bytes} bytes");
        Check(api.StreamSynchronize(memoryStream), $"allocation of {bytes} bytes");
        return memory;
    }

    // What still runs may use the memory; recording waited for all before it began.
    private protected override void FreeMemory(nint memory)
    {
        Settle();
        if (Info.HasMemoryPools) api.MemFreeAsync(memory, memoryStream);
        else api.MemFree(memory);
    }

    private protected override void Run(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        MakeCurrent();
        var loaded = KernelOf(kernel, arguments);
        AllowSharedMemory(kernel, config, loaded);
        var attributes = stackalloc CudaLaunchAttribute[2];
        var native = new CudaLaunchConfig
        {
            GridX = (uint)config.GridDim.X, GridY = (uint)config.GridDim.Y, GridZ = (uint)config.GridDim.Z,
            BlockX = (uint)config.GroupDim.X, BlockY = (uint)config.GroupDim.Y, BlockZ = (uint)config.GroupDim.Z,
            SharedMemoryBytes = (uint)config.DynamicSharedBytes, Stream = Stream, Attributes = attributes,
        };
        if (config.Cooperative) attributes[native.AttributeCount++] = CudaLaunchAttribute.Cooperative;
        if (config.Cluster.X > 0)
        {
            if (!Info.HasClusters)
                throw new UserException($"{LaunchText.Of(kernel, config)} runs in clusters, which {Description} does not offer " +
                    "(compute capability 9.0 does).");
            attributes[native.AttributeCount++] = CudaLaunchAttribute.Cluster(config.Cluster.X, config.Cluster.Y, config.Cluster.Z);
        }
        // A view is two parameters of 8 bytes, a scalar one; the driver takes the address of each.
        var values = stackalloc ulong[2 * arguments.Length];
        var parameters = stackalloc void*[2 * arguments.Length];
        var count = 0;
        foreach (var argument in arguments)
        {
            if (argument.Kind == KernelParameterKind.Specialized) continue;
            if (argument.Kind == KernelParameterKind.View)
            {
                var start = (argument.Memory as DriverMemoryBuffer)?.Handle ?? 0;
                Pass(start == 0 ? 0 : (ulong)(start + (nint)(argument.Offset * argument.ElementSize)));
                Pass((ulong)argument.Length);
            }
            else Pass(argument.Bits);
        }
        var code = api.LaunchKernelEx(&native, loaded.Function, parameters, null);
        if (code != CudaError.Success) Check(code, LaunchText.Of(kernel, config));

        void Pass(ulong value)
        {
            values[count] = value;
            parameters[count] = values + count;
            count++;
        }
    }

    void AllowSharedMemory(KernelInstance kernel, in LaunchConfig config, CudaKernel loaded)
    {
        var bytes = config.DynamicSharedBytes;
        if (bytes <= loaded.DynamicSharedBytes) return;
        CheckSharedMemory(kernel, config, loaded.StaticSharedBytes);
        var code = api.FuncSetAttribute(loaded.Function, MaxDynamicSharedAttribute, bytes);
        if (code != CudaError.Success) Check(code, $"{bytes} bytes of shared memory for {LaunchText.Of(kernel, config)}");
        loaded.DynamicSharedBytes = bytes;
    }

    nint NewStream()
    {
        nint stream;
        Check(api.StreamCreate(&stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    CudaKernel KernelOf(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        if (kernels.TryFind(kernel, arguments, out var loaded)) return loaded;
        loaded = Load(kernel, compiler.Value.Compile(kernel, Macros(kernel, arguments)));
        kernels.Add(kernel, arguments, loaded);
        return loaded;
    }

    CudaKernel Load(KernelInstance kernel, byte[] image)
    {
        nint module, function;
        int code;
        fixed (byte* first = image) code = api.ModuleLoadData(&module, first);
        if (code is CudaError.NoBinaryForGpu or CudaError.UnsupportedPtxVersion)
            throw new UserException(
                $"{LaunchText.Of(kernel)}: the driver does not take what NVRTC {compiler.Value.Version} ({compiler.Value.Place}) compiled for " +
                $"{compiler.Value.Architecture}: {CudaError.Text(api, code)}. " +
                $"Use an NVRTC no newer than the driver's CUDA {CudaDeviceInfo.Version(Info.DriverVersion)}, or a newer driver.");
        Check(code, $"loading {LaunchText.Of(kernel)}");
        try
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(kernel.Entry + '\0')) code = api.ModuleGetFunction(&function, module, name);
            Check(code, $"finding {kernel.Entry} of {LaunchText.Of(kernel)}");
            int staticShared;
            Check(api.FuncGetAttribute(&staticShared, StaticSharedAttribute, function), $"shared memory of {LaunchText.Of(kernel)}");
            return new(module, function, staticShared);
        }
        catch
        {
            api.ModuleUnload(module);
            throw;
        }
    }
}
