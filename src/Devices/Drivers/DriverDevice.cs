using System.Globalization;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Drivers;

/// <summary>A device behind a driver: memory from a cache, launches checked before the driver sees them, kernels compiled when first launched.</summary>
public abstract class DriverDevice : GpuDevice
{
    /// <summary>Environment variable: 1 waits after each launch, so that an error names the kernel that made it.</summary>
    public const string SynchronousVariable = "LDNET_GPU_SYNC";

    private protected DriverDevice() =>
        Memory = new(this, Counters, AllocateMemory, FreeMemory);

    /// <summary>Whether the device was given back, and all that it held with it.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>Bytes of memory on the device.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>What is free, in words.</summary>
    internal abstract string FreeMemoryText { get; }

    private protected DriverMemory Memory { get; }

    private protected bool IsSynchronous { get; } = Environment.GetEnvironmentVariable(SynchronousVariable) == "1";

    public sealed override unsafe DeviceBuffer<T> Allocate<T>(long length)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new DriverBuffer<T>(this, Memory.Take(SizeClass.Of(checked(length * sizeof(T))), typeof(T), length), length);
    }

    public sealed override void TrimCache() => Memory.Trim();

    public sealed override void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        if (config.IsEmpty) return;
        ThrowIfDisposed();
        Check(kernel, config, arguments);
        Run(kernel, config, arguments);
        if (IsSynchronous && !IsRecording) Synchronize();
    }

    /// <summary>Gives the device back with all memory on it; buffers that are still alive are empty shells from here on.</summary>
    public sealed override void Dispose()
    {
        if (IsDisposed) return;
        Release();
        IsDisposed = true;
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <summary>Compiles a kernel ahead of its first launch.</summary>
    /// <param name="specialized">Its specialised values, in order.</param>
    /// <exception cref="UserException">The compiler's log.</exception>
    public abstract void Prepare(KernelInstance kernel, params ReadOnlySpan<KernelArgument> specialized);

    /// <summary>A piece of the driver's memory; 0 where there is not enough.</summary>
    private protected abstract nint AllocateMemory(long bytes);

    /// <summary>Never throws: memory is given back on the way out of errors too.</summary>
    private protected abstract void FreeMemory(nint memory);

    /// <summary>Gives back what the constructor took, of which there may be a part only: it failed half-way.</summary>
    private protected abstract void Release();

    private protected abstract void Run(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments);

    internal abstract void Write(nint memory, long firstByte, ReadOnlySpan<byte> source);

    internal abstract void Read(nint memory, long firstByte, Span<byte> destination);

    internal void Return(nint memory) => Memory.Return(memory);

    /// <summary>Macros of the specialised values, as both compilers take them.</summary>
    private protected static string[] Macros(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        var macros = new List<string>();
        var values = arguments.ToArray().Where(argument => argument.Kind == KernelParameterKind.Specialized).GetEnumerator();
        foreach (var parameter in kernel.Parameters)
            if (parameter.Kind == KernelParameterKind.Specialized)
                macros.Add(values.MoveNext()
                    ? string.Create(CultureInfo.InvariantCulture, $"-D{parameter.Macro}={values.Current.Value<int>()}")
                    : throw new ArgumentException($"{LaunchText.Of(kernel)}: no value for {parameter.Name}."));
        return [.. macros];
    }

    /// <summary>Throws where a group would have more shared memory than the device has.</summary>
    /// <param name="staticBytes">What the compiled kernel declares itself.</param>
    private protected void CheckSharedMemory(KernelInstance kernel, in LaunchConfig config, int staticBytes)
    {
        if ((long)staticBytes + config.DynamicSharedBytes <= Capabilities.MaxSharedBytes) return;
        throw new UserException($"{LaunchText.Of(kernel, config)}{(staticBytes > 0 ? $" and {staticBytes} of its own" : "")}: " +
            $"{Name} has {Capabilities.MaxSharedBytes} bytes of shared memory a group.");
    }

    void Check(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        var missing = Capabilities.Missing(kernel.Requires);
        if (missing != KernelRequirements.None) throw new UserException(MissingText(kernel, missing));
        if ((kernel.Requires & KernelRequirements.Cooperative) != 0 && !config.Cooperative) throw new UserException(LaunchText.NotCooperative(kernel, config));
        var lanes = (long)config.GroupDim.X * config.GroupDim.Y * config.GroupDim.Z;
        if (lanes > Capabilities.MaxGroupSize)
            throw new UserException($"{LaunchText.Of(kernel, config)}: {lanes} lanes in a group, {Name} takes {Capabilities.MaxGroupSize}.");
        if (Exceeds(config.GroupDim, Capabilities.MaxGroupDim))
            throw new UserException($"{LaunchText.Of(kernel, config)}: a group on {Name} has at most {LaunchText.Of(Capabilities.MaxGroupDim)} lanes.");
        if (Exceeds(config.GridDim, Capabilities.MaxGridDim))
            throw new UserException($"{LaunchText.Of(kernel, config)}: a grid on {Name} has at most {LaunchText.Of(Capabilities.MaxGridDim)} groups. " +
                "Lay the longest axis along x, or launch in pieces.");
        CheckSharedMemory(kernel, config, staticBytes: 0);
        foreach (var argument in arguments)
            if (argument.Memory is { } memory && (memory as DriverMemoryBuffer)?.Device != this)
                throw new ArgumentException($"{LaunchText.Of(kernel)}: a view's buffer is not on {Name}.", nameof(arguments));
        AliasCheck.Check(kernel, arguments);
    }

    static bool Exceeds(Index3D extent, Index3D limit) => extent.X > limit.X || extent.Y > limit.Y || extent.Z > limit.Z;

    string MissingText(KernelInstance kernel, KernelRequirements missing) => missing.HasFlag(KernelRequirements.Double)
        ? $"{LaunchText.Of(kernel)} computes in double precision, which {Description} does not offer. Use another device, or float; --device cpu has both."
        : $"{LaunchText.Of(kernel)} needs {missing}, which {Description} does not offer. " +
            "Use its portable variant ('ldnet kernels list'), or a device that offers it: cuda, or managed.";
}
