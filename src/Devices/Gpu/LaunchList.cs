using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>Recorded launches on a device whose driver records none: kept as a list, launched one by one.</summary>
/// <param name="hold">A view's buffer as the memory behind it: what the work has disposed of by then is still there to replay on.</param>
/// <param name="release">Gives the memory back that the work took, when what is queued has used it.</param>
sealed class LaunchList(GpuDevice device, Func<object, object> hold, Action release) : RecordedWork
{
    readonly List<(KernelInstance Kernel, KernelConfig Config, KernelArgument[] Arguments)> launches = [];
    bool isDisposed;

    public void Add(KernelInstance kernel, in KernelConfig config, ReadOnlySpan<KernelArgument> arguments) =>
        launches.Add((kernel, config,
            Array.ConvertAll(arguments.ToArray(), argument => argument.Buffer is { } buffer ? argument.With(hold(buffer)) : argument)));

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
