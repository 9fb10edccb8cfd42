using System.Diagnostics;
using System.Runtime.CompilerServices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Runs the kernels' own C#, one lane at a time in a fixed order, and checks what they do: bounds, reads of undefined
/// memory, races between barriers, barriers that not every lane reaches. A launch has finished when it returns. Slow,
/// exact, and the same on every machine.
/// </summary>
/// <param name="check">Without checks only bounds are held.</param>
public sealed class ManagedDevice(bool check = true) : GpuDevice
{
    /// <summary>
    /// Environment variable: the device of <see cref="GpuDevice.Open"/> is lost after so many launches, to try what a
    /// program does then.
    /// </summary>
    internal const string LossVariable = "LDNET_MANAGED_LOSE_AFTER";

    long launches;
    LaunchList? recorded;
    KernelProfile? profile;
    bool isDisposed;

    /// <summary>Launches after which the device is lost; none by default.</summary>
    /// <value>A count of launches, of all kernels together.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long LostAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = long.MaxValue;

    /// <inheritdoc/>
    public override string Name => "managed";

    /// <inheritdoc/>
    public override string Description => check
        ? "kernels in C#, one lane at a time, every access checked" : "kernels in C#, one lane at a time";

    /// <inheritdoc/>
    public override GpuCapabilities Capabilities { get; } = new()
    {
        WarpSize = 32,
        MaxGroupSize = 1024,
        MaxSharedBytes = 227 << 10,
        SupportsDouble = true,
        HasWarpOperations = true,
        HasCooperativeLaunch = true,
        EmulatesCuda = true,
    };

    /// <inheritdoc/>
    public override DeviceBuffer<T> Allocate<T>(long length)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var bytes = SizeClass.BytesOf(length, Unsafe.SizeOf<T>());
        if (bytes > Array.MaxLength)
            throw OutOfMemory(bytes, Invariant($"one buffer holds at most {Array.MaxLength >> 20:N0} MiB"));
        ManagedMemory memory;
        try
        {
            memory = new(MemoryKind.Global, bytes, ManagedMemory.Granule<T>(), check);
        }
        catch (OutOfMemoryException error)
        {
            throw OutOfMemory(bytes, Invariant($"{Counters.LiveBytes >> 20:N0} MiB in use"), error);
        }
        Counters.Taken(bytes, fromCache: false);
        return new ManagedBuffer<T>(this, memory, length);
    }

    OutOfDeviceMemoryException OutOfMemory(long bytes, string why, Exception? inner = null) =>
        new(Name, Invariant($"Out of memory on the managed device: {bytes >> 20:N0} MiB asked for; {why}."), inner)
        {
            AskedBytes = bytes, LiveBytes = Counters.LiveBytes,
        };

    // Replays still use, and check, what recorded work gives back.
    internal void Return(ManagedMemory memory)
    {
        if (!IsRecording) memory.Release();
        Counters.Returned(memory.Bytes);
        Counters.Trimmed(memory.Bytes);
    }

    /// <inheritdoc/>
    public override void TrimCache() { }

    /// <inheritdoc/>
    public override void Synchronize()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        RefuseWhileRecording("waiting for the device");
    }

    /// <summary>
    /// Counts, line by line, what the kernels launched from now on do, until the profile is disposed of. Launches take
    /// several times as long meanwhile.
    /// </summary>
    /// <returns>The profile, in which the counts are.</returns>
    /// <exception cref="InvalidOperationException">A profile is open already.</exception>
    public KernelProfile BeginProfile()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (profile is not null)
            throw new InvalidOperationException(
                "A profile of this device is open already: dispose of it before the next one begins.");
        KernelProfile? begun = null;
        begun = profile = new KernelProfile(() =>
        {
            if (profile == begun) profile = null;
        });
        return begun;
    }

    /// <inheritdoc/>
    public override RecordedWork Record(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        RefuseWhileRecording("recording");
        var list = new LaunchList(this, memory => memory, () => { });
        (recorded, IsRecording) = (list, true);
        try
        {
            work();
            return list;
        }
        finally
        {
            (recorded, IsRecording) = (null, false);
        }
    }

    /// <inheritdoc/>
    public override double Time(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        RefuseWhileRecording("timing");
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // Memory of every managed device is the host's.
    internal override bool IsHere(ILGPU.Runtime.MemoryBuffer memory) => memory is ManagedMemory;

    /// <inheritdoc/>
    public override void Dispose() => isDisposed = true;

    /// <inheritdoc/>
    public override void Launch(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (config.IsEmpty) return;
        var missing = Capabilities.Missing(kernel.Requires);
        if (missing != KernelRequirements.None)
            throw new UserException(
                $"Kernel {kernel} ({kernel.File}:{kernel.Line}) needs {missing}, which the managed device has not. " +
                "Use its portable variant.");
        if (config.GroupDim.Size > Capabilities.MaxGroupSize)
            throw new UserException(
                $"Kernel {kernel}: groups of {config.GroupDim.Size} lanes; at most {Capabilities.MaxGroupSize}.");
        if (kernel.Requires.HasFlag(KernelRequirements.Cooperative) && !config.Cooperative)
            throw new UserException(LaunchText.NotCooperative(kernel, config));
        LaunchCheck.Here(this, kernel, arguments);
        AliasCheck.Check(kernel, arguments);
        if (recorded is not null)
        {
            recorded.Add(kernel, config, arguments);
            return;
        }
        if (launches++ >= LostAfter)
            throw new DeviceLostException(
                $"The managed device is lost at kernel {kernel} ({kernel.File}:{kernel.Line}), " +
                $"after {LostAfter} launches, as was asked ({nameof(LostAfter)}, or the variable {LossVariable}).");
        var tally = profile?.Of(kernel);
        var run = new KernelRun(kernel, config, new LaneArguments(arguments), check, Capabilities.MaxSharedBytes,
            tally);
        if (tally is null)
        {
            run.Run();
            return;
        }
        using var watch = OperationWatch.Begin();
        tally.Launched();
        run.Run();
        profile!.Add(tally.Finished(watch.Counts));
    }
}
