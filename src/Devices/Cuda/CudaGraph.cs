using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// Launches recorded once and replayed as one: a training step without the host's cost of each launch. A replay uses the same buffers
/// and arguments; what changes from step to step (input, learning rate, seed) is read by the kernels from device memory, written
/// between replays.
/// </summary>
/// <remarks>
/// Buffers that the step takes for itself stay the graph's until it is disposed. Buffers from before must outlive the graph. Kernels are
/// best compiled before (run the step once), for recording does not wait for them.
/// </remarks>
public sealed unsafe class CudaGraph : IDisposable
{
    readonly CudaDevice device;
    readonly MemoryPool pool;
    nint executable;

    CudaGraph(CudaDevice device, nint executable, MemoryPool pool) => (this.device, this.executable, this.pool) = (device, executable, pool);

    /// <summary>Records what <paramref name="work"/> launches; nothing of it runs.</summary>
    /// <exception cref="InvalidOperationException">The work copies to or from the host or waits for the device.</exception>
    public static CudaGraph Capture(CudaDevice device, Action work)
    {
        var (graph, pool) = device.Record(work);
        nint executable;
        var code = device.Api.GraphInstantiate(&executable, graph, 0);
        device.Api.GraphDestroy(graph);
        device.Check(code, "cuGraphInstantiate");
        return new(device, executable, pool);
    }

    /// <summary>Queues all of it once more.</summary>
    public void Launch()
    {
        ObjectDisposedException.ThrowIf(executable == 0, this);
        device.MakeCurrent();
        device.Check(device.Api.GraphLaunch(executable, device.Stream), "launching a graph");
    }

    public void Dispose()
    {
        if (executable == 0) return;
        device.Synchronize();
        device.Api.GraphExecDestroy(executable);
        executable = 0;
        device.ClosePool(pool);
    }
}
