using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>Recorded launches on a device whose driver records none: kept as a list, launched one by one.</summary>
/// <param name="device">Replays launch here.</param>
/// <param name="hold">A view's memory for as long as the recording: what the work has disposed of by then is still
/// there to replay on.</param>
/// <param name="release">Gives the memory back that the work took, when what is queued has used it.</param>
sealed class LaunchList(GpuDevice device, Func<MemoryBuffer, MemoryBuffer> hold, Action release) : RecordedWork
{
    readonly List<(KernelInstance Kernel, LaunchConfig Config, KernelArgument[] Arguments)> launches = [];
    bool isDisposed;

    public void Add(KernelInstance kernel, in LaunchConfig config, ReadOnlySpan<KernelArgument> arguments) =>
        launches.Add((kernel, config,
            Array.ConvertAll(arguments.ToArray(),
                argument => argument.Memory is { } memory ? argument.With(hold(memory)) : argument)));

    public override void Replay()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        foreach (var (kernel, config, arguments) in launches) device.Launch(kernel, config, arguments);
    }

    public override void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        launches.Clear();
        release();
    }
}
