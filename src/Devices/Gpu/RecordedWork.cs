namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// Launches recorded once and replayed as one (<see cref="GpuDevice.Record"/>). A replay uses the same buffers and
/// arguments; what changes from one to the next (input, learning rate, the step's number) is read by the kernels from
/// device memory, written between replays.
/// </summary>
/// <remarks>
/// Buffers that the work takes for itself stay its own until it is disposed of. Buffers from before must outlive it.
/// </remarks>
public abstract class RecordedWork : IDisposable
{
    /// <summary>Queues all of it once more.</summary>
    /// <exception cref="ObjectDisposedException">The recording was disposed of.</exception>
    public abstract void Replay();

    /// <summary>
    /// Forgets the launches and gives back the memory that the work took for itself, when what is queued has used it.
    /// </summary>
    public abstract void Dispose();
}
