using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Cuda;

/// <summary>Recorded work as a CUDA graph: a training step without the host's cost of each launch.</summary>
sealed unsafe class CudaGraph : RecordedWork
{
    readonly NvidiaDevice device;
    readonly MemoryPool pool;
    nint executable;

    CudaGraph(NvidiaDevice device, nint executable, MemoryPool pool) =>
        (this.device, this.executable, this.pool) = (device, executable, pool);

    /// <summary>Records what <paramref name="work"/> launches; nothing of it runs.</summary>
    /// <exception cref="RecordingException">The work copies to or from the host or waits for the device.</exception>
    public static CudaGraph Capture(NvidiaDevice device, Action work)
    {
        var pool = device.BeginCapture();
        nint graph = 0;
        try
        {
            int ended;
            try
            {
                work();
            }
            finally
            {
                ended = device.EndCapture(&graph);
            }
            device.Check(ended, "cuStreamEndCapture");
            nint executable;
            device.Check(device.Api.GraphInstantiate(&executable, graph, 0), "cuGraphInstantiate");
            return new(device, executable, pool);
        }
        catch
        {
            device.ClosePool(pool);
            throw;
        }
        finally
        {
            if (graph != 0) device.Api.GraphDestroy(graph);
        }
    }

    public override void Replay()
    {
        ObjectDisposedException.ThrowIf(executable == 0, this);
        device.MakeCurrent();
        device.Check(device.Api.GraphLaunch(executable, device.StreamHandle), "launching a graph");
    }

    public override void Dispose()
    {
        if (executable != 0 && !device.IsDisposed)
        {
            device.Settle();
            device.Api.GraphExecDestroy(executable);
            device.ClosePool(pool);
        }
        executable = 0;
    }
}
