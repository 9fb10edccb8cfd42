namespace LdNetGpu.Devices.Cuda;

/// <summary>
/// Page-locked memory that copies to the device pass through. Of pageable memory the driver may read a source after the
/// call has returned, when the caller's array or stack frame is gone; this memory lasts. It has parts, filled in turn;
/// an event after the last copy out of a part says when the part may be filled again, so that a copy waits only for one
/// that is a whole ring behind it.
/// </summary>
sealed unsafe class StagingRing : IDisposable
{
    /// <summary>Bytes of one part: enough that the copy of one hides the filling of the next.</summary>
    public const int PartBytes = 1 << 20;

    const int Parts = 4, Alignment = 64;

    readonly NvidiaDevice device;
    readonly CudaEvent[] copied = new CudaEvent[Parts];
    readonly byte* memory;
    int part, used;

    public StagingRing(NvidiaDevice device)
    {
        this.device = device;
        for (var i = 0; i < Parts; i++) copied[i] = new(device, isTimed: false);
        void* allocated;
        device.Check(device.Api.MemHostAlloc(&allocated, Parts * PartBytes, 0),
            $"{Parts * PartBytes} bytes of page-locked memory");
        memory = (byte*)allocated;
    }

    /// <summary>Queues a copy to the device; <paramref name="source"/> may go when this returns.</summary>
    public void Copy(ReadOnlySpan<byte> source, nint target)
    {
        while (!source.IsEmpty)
        {
            if (used == PartBytes) NextPart();
            var bytes = Math.Min(source.Length, PartBytes - used);
            var staged = memory + part * PartBytes + used;
            source[..bytes].CopyTo(new Span<byte>(staged, bytes));
            device.Check(device.Api.MemcpyHtoDAsync(target, staged, (nuint)bytes, device.StreamHandle),
                "copy to the device");
            used = Math.Min(PartBytes, (used + bytes + Alignment - 1) / Alignment * Alignment);
            source = source[bytes..];
            target += bytes;
        }
    }

    public void Dispose()
    {
        foreach (var point in copied) point.Dispose();
        device.Api.MemFreeHost(memory);
    }

    void NextPart()
    {
        copied[part].Record();
        part = (part + 1) % Parts;
        copied[part].Wait();
        used = 0;
    }
}
