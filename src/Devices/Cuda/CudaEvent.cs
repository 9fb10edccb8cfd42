namespace LdNetGpu.Devices.Cuda;

/// <summary>A point in a device's order of work, with the time at which the device reached it.</summary>
public sealed unsafe class CudaEvent : IDisposable
{
    readonly CudaDevice device;
    nint handle;

    public CudaEvent(CudaDevice device)
    {
        this.device = device;
        device.MakeCurrent();
        nint created;
        device.Check(device.Api.EventCreate(&created, 0), "cuEventCreate");
        handle = created;
    }

    /// <summary>Puts the event after all that was queued.</summary>
    public void Record() => device.Check(device.Api.EventRecord(handle, device.Stream), "cuEventRecord");

    /// <summary>Waits for this event; what the device took from <paramref name="earlier"/> to here.</summary>
    public double MillisecondsSince(CudaEvent earlier)
    {
        device.Check(device.Api.EventSynchronize(handle), "waiting for an event");
        float milliseconds;
        device.Check(device.Api.EventElapsedTime(&milliseconds, earlier.handle, handle), "cuEventElapsedTime");
        return milliseconds;
    }

    public void Dispose()
    {
        if (handle != 0) device.Api.EventDestroy(handle);
        handle = 0;
    }
}
