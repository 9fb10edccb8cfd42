namespace LdNetGpu.Devices.OpenCl;

/// <summary>A point in a queue's order of work, with the time at which the device reached it.</summary>
sealed unsafe class OpenClMarker(OpenClApi api, nint handle) : IDisposable
{
    const uint ProfilingEnd = 0x1283;

    /// <summary>By the device's clock; the device must have come to this point.</summary>
    public ulong Nanoseconds
    {
        get
        {
            ulong time;
            OpenClError.Check(api.GetEventProfilingInfo(handle, ProfilingEnd, sizeof(ulong), &time, null),
                "clGetEventProfilingInfo");
            return time;
        }
    }

    public void Dispose() => api.ReleaseEvent(handle);
}
