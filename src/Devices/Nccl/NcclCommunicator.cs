using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Devices.Nccl;

/// <summary>
/// The ranks' GPUs as NCCL joins them, and this rank's part: a stream of its own, so that exchanges go on while the
/// device computes.
/// </summary>
/// <remarks>
/// NCCL works in a GPU's primary context, whatever context is the caller's; ILGPU makes one of its own. So that stream,
/// events and memory here are of the primary context, and what the device has is copied there and back within the GPU.
/// Calls are the caller's thread's; <see cref="Problem"/> and <see cref="Abort"/> are any thread's.
/// </remarks>
sealed unsafe class NcclCommunicator : IDisposable
{
    const uint NonBlocking = 1, DisableTiming = 2;

    static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);

    readonly NcclApi nccl;
    readonly CudaApi api;
    readonly NvidiaDevice device;
    readonly nint primary, deviceContext;
    readonly Lock calls = new(), handle = new();
    nint communicator, stream;
    bool isAborted;

    /// <summary>Joins the others, and waits for them.</summary>
    /// <param name="nccl">The library.</param>
    /// <param name="device">This rank's GPU.</param>
    /// <param name="id">The same on every rank.</param>
    /// <param name="rank">This one, from 0.</param>
    /// <param name="size">Ranks in all.</param>
    /// <exception cref="UserException">NCCL does not join them; says what it said.</exception>
    public NcclCommunicator(NcclApi nccl, NvidiaDevice device, NcclUniqueId id, int rank, int size)
    {
        (this.nccl, this.device, api, Size) = (nccl, device, device.Api, size);
        device.MakeCurrent();
        nint context;
        device.Check(api.CtxGetCurrent(&context), "cuCtxGetCurrent");
        deviceContext = context;
        device.Check(api.PrimaryCtxRetain(&context, device.Info.Index), "cuDevicePrimaryCtxRetain");
        primary = context;
        try
        {
            In(() =>
            {
                nint created;
                device.Check(api.StreamCreate(&created, NonBlocking), "cuStreamCreate");
                stream = created;
                nccl.Check(nccl.CommInitRank(&created, size, id, rank), "ncclCommInitRank");
                communicator = created;
            });
        }
        catch
        {
            api.PrimaryCtxRelease(device.Info.Index);
            throw;
        }
    }

    /// <summary>Ranks in all.</summary>
    public int Size { get; }

    /// <summary>A new id, for all ranks.</summary>
    public static NcclUniqueId NewId(NcclApi nccl)
    {
        NcclUniqueId id;
        nccl.Check(nccl.GetUniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Memory where NCCL reaches it.</summary>
    public nint Allocate(long bytes) => InPrimary(() =>
    {
        nint memory;
        device.Check(api.MemAlloc(&memory, (nuint)Math.Max(1, bytes)), $"{bytes} bytes for NCCL");
        return memory;
    });

    /// <summary>Page-locked memory of the host.</summary>
    public nint AllocateHost(long bytes) => InPrimary(() =>
    {
        void* memory;
        device.Check(api.MemHostAlloc(&memory, (nuint)Math.Max(1, bytes), 0), $"{bytes} bytes of page-locked memory");
        return (nint)memory;
    });

    /// <summary>An event of what is queued here.</summary>
    public nint NewEvent() => InPrimary(() =>
    {
        nint created;
        device.Check(api.EventCreate(&created, DisableTiming), "cuEventCreate");
        return created;
    });

    /// <summary>Gives back what <see cref="Allocate"/>, <see cref="AllocateHost"/> and <see cref="NewEvent"/> have
    /// given; 0 is passed over.</summary>
    public void Free(nint memory, nint host, nint done)
    {
        if (device.IsDisposed) return;
        In(() =>
        {
            if (memory != 0) api.MemFree(memory);
            if (host != 0) api.MemFreeHost((void*)host);
            if (done != 0) api.EventDestroy(done);
        });
    }

    /// <summary>Queues a copy of the device's memory to here, behind all that the device has queued.</summary>
    /// <param name="source">Of the device.</param>
    /// <param name="target">Of <see cref="Allocate"/>.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="copied">An event of the device's: what comes later here waits for it.</param>
    public void Take(nint source, nint target, long bytes, CudaEvent copied)
    {
        device.MakeCurrent();
        device.Check(api.MemcpyPeerAsync(target, primary, source, deviceContext, (nuint)bytes, device.StreamHandle),
            "copy to NCCL's memory");
        copied.Record();
        In(() => device.Check(api.StreamWaitEvent(stream, copied.Handle, 0), "cuStreamWaitEvent"));
    }

    /// <summary>Queues a copy back; the device goes on when it is there, and the host at once.</summary>
    /// <param name="done">The event behind which the source is whole.</param>
    /// <param name="source">Of <see cref="Allocate"/>.</param>
    /// <param name="target">Of the device.</param>
    /// <param name="bytes">How many.</param>
    public void Give(nint done, nint source, nint target, long bytes)
    {
        device.MakeCurrent();
        device.Check(api.StreamWaitEvent(device.StreamHandle, done, 0), "cuStreamWaitEvent");
        device.Check(api.MemcpyPeerAsync(target, deviceContext, source, primary, (nuint)bytes, device.StreamHandle),
            "copy from NCCL's memory");
    }

    /// <summary>Queues: the host's words to the end of the numbers, the sum of all ranks' numbers in place, the words
    /// back, and an event.</summary>
    /// <param name="numbers">Of <see cref="Allocate"/>.</param>
    /// <param name="count">Numbers in all.</param>
    /// <param name="words">Page-locked, of the host.</param>
    /// <param name="wordCount">How many of the numbers those are: the last ones.</param>
    /// <param name="done">Recorded behind it.</param>
    public void Add(nint numbers, long count, nint words, int wordCount, nint done) => In(() =>
    {
        var (place, bytes) = (numbers + (nint)((count - wordCount) * sizeof(float)), (nuint)wordCount * sizeof(float));
        if (bytes > 0)
            device.Check(api.MemcpyHtoDAsync(place, (void*)words, bytes, stream), "copy to NCCL's memory");
        Call(() => nccl.AllReduce(numbers, numbers, (nuint)count, NcclApi.Float32, NcclApi.Sum, communicator, stream),
            "ncclAllReduce");
        if (bytes > 0)
            device.Check(api.MemcpyDtoHAsync((void*)words, place, bytes, stream), "copy from NCCL's memory");
        device.Check(api.EventRecord(done, stream), "cuEventRecord");
    });

    /// <summary>Queues: a part of the host's to the GPU, the parts of all ranks brought together, and back.</summary>
    /// <param name="host">Page-locked: this rank's bytes at first, those of all ranks after it, rank by rank.</param>
    /// <param name="memory">Of <see cref="Allocate"/>: place for this rank's bytes and those of all.</param>
    /// <param name="bytes">Of each rank.</param>
    /// <param name="done">Recorded behind it.</param>
    public void Gather(nint host, nint memory, long bytes, nint done) => In(() =>
    {
        var (all, length) = (memory + (nint)bytes, (nuint)bytes);
        device.Check(api.MemcpyHtoDAsync(memory, (void*)host, length, stream), "copy to NCCL's memory");
        Call(() => nccl.AllGather(memory, all, length, NcclApi.Uint8, communicator, stream), "ncclAllGather");
        device.Check(api.MemcpyDtoHAsync((void*)host, all, length * (nuint)Size, stream), "copy from NCCL's memory");
        device.Check(api.EventRecord(done, stream), "cuEventRecord");
    });

    /// <summary>The host waits for an event of <see cref="Add"/> or <see cref="Gather"/>.</summary>
    public void Wait(nint done) => In(() => device.Check(api.EventSynchronize(done), "waiting for NCCL"));

    /// <summary>What has gone wrong with the others, in NCCL's words; null where nothing has.</summary>
    public string? Problem()
    {
        lock (handle)
        {
            if (communicator == 0) return null;
            int error;
            var code = nccl.CommGetAsyncError(communicator, &error);
            return nccl.Problem(code == NcclApi.Success ? error : code);
        }
    }

    /// <summary>Ends what waits for others, on the GPU and in NCCL's calls. From here on every call throws.</summary>
    public void Abort()
    {
        // A call may itself wait for one that is gone, and the abort is what ends it.
        var isQuiet = calls.TryEnter(LongestCall);
        try
        {
            nint mine;
            lock (handle) (mine, communicator, isAborted) = (communicator, 0, true);
            if (mine != 0) nccl.CommAbort(mine);
        }
        finally
        {
            if (isQuiet) calls.Exit();
        }
    }

    /// <summary>Leaves the others; they must leave too.</summary>
    public void Dispose()
    {
        nint mine;
        lock (handle) (mine, communicator, isAborted) = (communicator, 0, true);
        if (device.IsDisposed) return;
        In(() =>
        {
            if (mine != 0) nccl.CommDestroy(mine);
            api.StreamDestroy(stream);
        });
        api.PrimaryCtxRelease(device.Info.Index);
    }

    void Call(Func<int> call, string name)
    {
        lock (calls)
        {
            if (isAborted) throw new UserException($"{name}: the ranks have parted.");
            nccl.Check(call(), name);
        }
    }

    T InPrimary<T>(Func<T> work)
    {
        T result = default!;
        In(() => result = work());
        return result;
    }

    // ILGPU remembers for each thread which context it has made current, so that it must be so again.
    void In(Action work)
    {
        nint before;
        device.Check(api.CtxGetCurrent(&before), "cuCtxGetCurrent");
        device.Check(api.CtxSetCurrent(primary), "cuCtxSetCurrent");
        try
        {
            work();
        }
        finally
        {
            api.CtxSetCurrent(before);
        }
    }
}
