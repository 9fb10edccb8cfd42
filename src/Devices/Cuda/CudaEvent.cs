namespace LdNetGpu.Devices.Cuda;

/// <summary>A point in a device's order of work, and the time at which the device reached it.</summary>
sealed unsafe class CudaEvent : IDisposable
{
    const uint DisableTiming = 2;

    readonly NvidiaDevice device;
    nint handle;

    /// <param name="device">The GPU.</param>
    /// <param name="isTimed">Whether the time is wanted; without it an event costs the device less.</param>
    public CudaEvent(NvidiaDevice device, bool isTimed = true)
    {
        this.device = device;
        device.MakeCurrent();
        nint created;
        device.Check(device.Api.EventCreate(&created, isTimed ? 0 : DisableTiming), "cuEventCreate");
        handle = created;
    }

    /// <summary>The driver's name for it.</summary>
    public nint Handle => handle;

    /// <summary>Puts the event after all that was queued.</summary>
    public void Record()
    {
        device.MakeCurrent();
        device.Check(device.Api.EventRecord(handle, device.StreamHandle), "cuEventRecord");
    }

    /// <summary>Returns when the device has come to this point; at once where it was never recorded.</summary>
    public void Wait()
    {
        device.MakeCurrent();
        device.Check(device.Api.EventSynchronize(handle), "waiting for an event");
    }

    /// <summary>Waits for this event; what the device took from <paramref name="earlier"/> to here.</summary>
    public double MillisecondsSince(CudaEvent earlier)
    {
        Wait();
        float milliseconds;
        device.Check(device.Api.EventElapsedTime(&milliseconds, earlier.handle, handle), "cuEventElapsedTime");
        return milliseconds;
    }

    public void Dispose()
    {
        if (handle != 0 && !device.IsDisposed) device.Api.EventDestroy(handle);
        handle = 0;
    }
}
