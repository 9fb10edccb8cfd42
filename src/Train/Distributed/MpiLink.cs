using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// MPI: the link's thread alone calls the library, so that MPI_THREAD_FUNNELED is enough. MPI makes progress only
/// inside of its calls.
/// </summary>
sealed unsafe class MpiLink : WatchedLink
{
    const int Funneled = 1;
    const int StatusBytes = 64;
    const int AnyTag = -1;

    readonly MpiLibrary mpi;
    readonly List<Message> sent = [];
    nint world, talk;

    /// <summary>Joins the other processes.</summary>
    /// <param name="mpi">The library.</param>
    /// <param name="silence">How long a rank may not be heard of.</param>
    /// <param name="patience">How long an exchange may take in which a rank that is alive does not take part.</param>
    /// <param name="abandon">Ends this process where another one failed and the step did not notice within 5 s.</param>
    /// <exception cref="UserException">MPI does not start, or waits for a rank that does not come.</exception>
    public MpiLink(MpiLibrary mpi, TimeSpan silence, TimeSpan patience, Action<RankFailedException> abandon)
        : base(silence, patience, abandon)
    {
        this.mpi = mpi;
        // A process that ends before it calls MPI_Init leaves the others in there, whatever mpirun knows of it.
        var longest = 3 * silence;
        try
        {
            Join(longest);
        }
        catch (TimeoutException)
        {
            throw new UserException(FormattableString.Invariant($"MPI_Init has waited {longest.TotalSeconds:f0} s for ")
                + "all ranks to call it. One has ended before that, or its machine has not started it: look above for "
                + "what it or mpirun has said.");
        }
    }

    public override string Name => mpi.Version;

    public override IRankExchange Sum(float* values, int count) => Begin(new Call(this, "MPI_Iallreduce", request =>
        mpi.AllReduce((void*)mpi.InPlace, values, count, mpi.Float, mpi.Sum, world, request)));

    public override IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths)
    {
        var call = new Call(this, "MPI_Iallgatherv", null);
        // The library reads both until the exchange is over.
        var counts = call.Keep(lengths);
        var starts = call.Keep([.. lengths.Select((_, rank) => lengths.Take(rank).Sum())]);
        call.Function = request =>
            mpi.AllGather(mine, length, mpi.Byte, all, counts, starts, mpi.Byte, world, request);
        return Begin(call);
    }

    protected override (int Rank, int Size) FindOthers()
    {
        int granted;
        mpi.Check(mpi.InitThread(null, null, Funneled, &granted), "MPI_Init_thread");
        mpi.Check(mpi.CommSetErrorHandler(mpi.World, mpi.ReturnErrors), "MPI_Comm_set_errhandler");
        world = Duplicate();
        talk = Duplicate();
        int rank, size;
        mpi.Check(mpi.CommRank(world, &rank), "MPI_Comm_rank");
        mpi.Check(mpi.CommSize(world, &size), "MPI_Comm_size");
        return (rank, size);
    }

    nint Duplicate()
    {
        nint made = 0;
        mpi.Check(mpi.CommDuplicate(mpi.World, &made), "MPI_Comm_dup");
        mpi.Check(mpi.CommSetErrorHandler(made, mpi.ReturnErrors), "MPI_Comm_set_errhandler");
        return made;
    }

    protected override Exchange NewParting()
    {
        var parting = new Call(this, "MPI_Iallreduce", null);
        var one = parting.Keep([0]);
        parting.Function = request =>
            mpi.AllReduce((void*)mpi.InPlace, one, 1, mpi.Float, mpi.Sum, world, request);
        return parting;
    }

    protected override void Close() => mpi.Check(mpi.Finalize(), "MPI_Finalize");

    // The first rank's end is that of the others: the launcher sees to it. Open MPI's then ends with the first one's
    // exit code; MPICH's would report either that or how it has killed the rest.
    protected override void EndTogether(bool isFirst, int exitCode)
    {
        if (!isFirst) Thread.Sleep(Grace);
        else if (!mpi.IsOpenMpi) mpi.Abort(mpi.World, exitCode);
    }

    protected override void Send(int to, int tag, byte[] bytes) => sent.Add(new(mpi, talk, to, tag, bytes));

    protected override bool HasUnsent(int? to)
    {
        sent.RemoveAll(message => message.IsOver());
        return sent.Exists(message => to is null || message.To == to);
    }

    protected override bool TryHear(out int from, out int tag, out byte[] bytes)
    {
        (from, tag, bytes) = (0, 0, []);
        var status = stackalloc int[StatusBytes / sizeof(int)];
        int isThere, length;
        mpi.Check(mpi.Probe(mpi.AnySource, AnyTag, talk, &isThere, status), "MPI_Iprobe");
        if (isThere == 0) return false;
        (from, tag) = (status[mpi.SourceWord], status[mpi.SourceWord + 1]);
        mpi.Check(mpi.GetCount(status, mpi.Byte, &length), "MPI_Get_count");
        bytes = new byte[length];
        fixed (byte* into = bytes)
            mpi.Check(mpi.Receive(into, length, mpi.Byte, from, tag, talk, status), "MPI_Recv");
        return true;
    }

    /// <summary>A message on its way; its bytes stay where they are until it has left.</summary>
    sealed class Message
    {
        readonly MpiLibrary mpi;
        readonly byte* bytes;
        nint request;

        public Message(MpiLibrary mpi, nint communicator, int to, int tag, byte[] content)
        {
            (this.mpi, To) = (mpi, to);
            bytes = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, content.Length));
            content.CopyTo(new Span<byte>(bytes, content.Length));
            fixed (nint* r = &request)
                mpi.Check(mpi.Send(bytes, content.Length, mpi.Byte, to, tag, communicator, r), "MPI_Isend");
        }

        public int To { get; }

        public bool IsOver()
        {
            var status = stackalloc byte[StatusBytes];
            int isOver;
            int code;
            fixed (nint* r = &request) code = mpi.Test(r, &isOver, status);
            if (code == 0 && isOver == 0) return false;
            NativeMemory.Free(bytes);
            return true;
        }
    }

    /// <summary>A collective call.</summary>
    sealed class Call(MpiLink link, string name, Call.Beginning? function) : Exchange(link)
    {
        readonly List<nint> kept = [];
        nint request;

        public delegate int Beginning(nint* request);

        public Beginning? Function { get; set; } = function;

        /// <summary>A copy that stays where it is until the exchange is over.</summary>
        public int* Keep(int[] values)
        {
            var copy = (int*)NativeMemory.Alloc((nuint)values.Length, sizeof(int));
            values.CopyTo(new Span<int>(copy, values.Length));
            kept.Add((nint)copy);
            return copy;
        }

        public override bool IsOver()
        {
            var status = stackalloc byte[StatusBytes];
            int isOver;
            fixed (nint* r = &request) link.mpi.Check(link.mpi.Test(r, &isOver, status), name);
            return isOver != 0;
        }

        protected override void Start()
        {
            fixed (nint* r = &request) link.mpi.Check(Function!(r), name);
        }

        protected override void Free()
        {
            foreach (var copy in kept) NativeMemory.Free((void*)copy);
        }
    }
}
