using ILGPU.Runtime;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// A device behind a driver: memory from a cache, launches checked before the driver sees them, kernels compiled when
/// first launched.
/// </summary>
public abstract class DriverDevice : GpuDevice
{
    /// <summary>
    /// Environment variable: 1 waits after each launch, so that an error names the kernel that made it.
    /// </summary>
    public const string SynchronousVariable = "LDNET_GPU_SYNC";

    private protected DriverDevice() =>
        Memory = new(this, Counters, AllocateMemory, FreeMemory);

    /// <summary>Whether the device was given back, and all that it held with it.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>Bytes of memory on the device.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>Bytes that are free; null where the driver does not say.</summary>
    internal abstract long? FreeBytes { get; }

    /// <summary>What is free, in words.</summary>
    internal abstract string FreeMemoryText { get; }

    private protected DriverMemory Memory { get; }

    private protected bool IsSynchronous { get; } = Environment.GetEnvironmentVariable(SynchronousVariable) == "1";

    /// <inheritdoc/>
    public sealed override unsafe DeviceBuffer<T> Allocate<T>(long length)
    {
        ThrowIfDisposed();
        return new DriverBuffer<T>(this,
            Memory.Take(SizeClass.BytesOf(length, sizeof(T)), typeof(T), length), length);
    }

    /// <inheritdoc/>
    public sealed override void TrimCache() => Memory.Trim();

    /// <inheritdoc/>
    public sealed override void Launch(KernelInstance kernel, in LaunchConfig config,
        ReadOnlySpan<KernelArgument> arguments)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (config.IsEmpty) return;
        ThrowIfDisposed();
        var fitted = Fitted(config);
        LaunchCheck.Check(this, kernel, fitted, arguments);
        Run(kernel, fitted, arguments);
        if (IsSynchronous && !IsRecording) Synchronize();
    }

    /// <summary>
    /// Gives the device back with all memory on it; buffers that are still alive are empty shells from here on.
    /// </summary>
    public sealed override void Dispose()
    {
        if (IsDisposed) return;
        Release();
        IsDisposed = true;
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <summary>Compiles a kernel ahead of its first launch.</summary>
    /// <param name="kernel">What is to be launched later.</param>
    /// <param name="specialized">Its specialised values, in order.</param>
    /// <exception cref="UserException">The compiler's log.</exception>
    public abstract void Prepare(KernelInstance kernel, params ReadOnlySpan<KernelArgument> specialized);

    /// <summary>A piece of the driver's memory; 0 where there is not enough.</summary>
    private protected abstract nint AllocateMemory(long bytes);

    /// <summary>Never throws: memory is given back on the way out of errors too.</summary>
    private protected abstract void FreeMemory(nint memory);

    /// <summary>Gives back what the constructor took, of which there may be a part only: it failed half-way.</summary>
    private protected abstract void Release();

    private protected abstract void Run(KernelInstance kernel, in LaunchConfig config,
        ReadOnlySpan<KernelArgument> arguments);

    internal abstract void Write(nint memory, long firstByte, ReadOnlySpan<byte> source);

    internal abstract void Read(nint memory, long firstByte, Span<byte> destination);

    internal void Return(nint memory) => Memory.Return(memory);

    /// <summary>Memory of this device as ILGPU's views know it.</summary>
    internal virtual DriverMemoryBuffer NewMemory(nint handle, long length, int elementSize) =>
        new(this, null, handle, length, elementSize);

    internal override bool IsHere(MemoryBuffer memory) => (memory as DriverMemoryBuffer)?.Device == this;
}
