using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// MPI, on a thread of its own: it alone calls the library, so that exchanges go on while the step computes, and that
/// MPI_THREAD_FUNNELED is enough. The same thread tells the other ranks every second that this one is alive, and hears
/// of them: who is silent for long is gone, and this rank ends instead of waiting for it.
/// </summary>
/// <remarks>
/// MPI makes progress only inside of its calls. While the step computes, the thread looks every 50 µs, not to take the
/// core from it; once the step waits, it looks without a pause, for the fifth of a millisecond that small exchanges
/// take: the core may be needed by another rank.
/// </remarks>
sealed unsafe class MpiLink : IRankLink
{
    const int Funneled = 1;
    const int StatusBytes = 64;
    const int Alive = 1, Failed = 2, Heard = 3, AnyTag = -1;
    const int LongestMessage = 1 << 16;
    const int PauseMicroseconds = 50;

    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Listen = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Eagerness = TimeSpan.FromMicroseconds(200);
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly MpiLibrary mpi;
    readonly TimeSpan silence;
    readonly TimeSpan patience;
    readonly Action<RankFailedException> abandon;
    readonly Thread thread;
    readonly BlockingCollection<Exchange> begun = [];
    readonly List<Exchange> underWay = [];
    readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ManualResetEventSlim isHeard = new();
    readonly List<Message> sent = [];
    nint world, talk;
    Peer[] peers = [];
    volatile RankFailedException? failure;
    volatile string? ownFailure;
    volatile bool isWaitedFor, hasFirstHeard;
    long waitedSince;
    int begunCount;

    /// <summary>Joins the other processes.</summary>
    /// <param name="mpi">The library.</param>
    /// <param name="silence">How long a rank may not be heard of.</param>
    /// <param name="patience">How long an exchange may take in which a rank that is alive does not take part.</param>
    /// <param name="abandon">Ends this process where another one failed and the step did not notice within 5 s.</param>
    /// <exception cref="UserException">MPI does not start.</exception>
    public MpiLink(MpiLibrary mpi, TimeSpan silence, TimeSpan patience, Action<RankFailedException> abandon)
    {
        (this.mpi, this.silence, this.patience, this.abandon) = (mpi, silence, patience, abandon);
        thread = new Thread(Communicate) { IsBackground = true, Name = "ranks" };
        thread.Start();
        joined.Task.GetAwaiter().GetResult();
    }

    public int Rank { get; private set; }

    public int Size { get; private set; }

    public string Name => mpi.Version;

    public IRankExchange Sum(float* values, int count) => Begin(new(this, "MPI_Iallreduce", request =>
        mpi.AllReduce((void*)mpi.InPlace, values, count, mpi.Float, mpi.Sum, world, request)));

    public IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths)
    {
        var exchange = new Exchange(this, "MPI_Iallgatherv", null);
        // The library reads both until the exchange is over.
        var counts = exchange.Keep(lengths);
        var starts = exchange.Keep([.. lengths.Select((_, rank) => lengths.Take(rank).Sum())]);
        exchange.Call = request =>
            mpi.AllGather(mine, length, mpi.Byte, all, counts, starts, mpi.Byte, world, request);
        return Begin(exchange);
    }

    public bool Fail(string message)
    {
        if (failure is not null) return failure.IsReported;
        ownFailure = message;
        if (Rank == 0) return false;
        isHeard.Wait(3 * Grace);
        return hasFirstHeard;
    }

    public void Dispose()
    {
        begun.CompleteAdding();
        thread.Join(failure is null && ownFailure is null ? patience : 3 * Grace);
    }

    Exchange Begin(Exchange exchange)
    {
        if (failure is not null) throw failure;
        Interlocked.Increment(ref begunCount);
        begun.Add(exchange);
        return exchange;
    }

    void Communicate()
    {
        try
        {
            Join();
            joined.SetResult();
        }
        catch (Exception error)
        {
            joined.SetException(error);
            return;
        }
        try
        {
            while (failure is null && ownFailure is null && !(begun.IsCompleted && underWay.Count == 0)) Turn();
            if (failure is null && ownFailure is null && TryPart()) return;
        }
        catch (UserException error)
        {
            End(new(Rank, $"rank {Rank}: its messages no longer get through: {error.Message}", isReported: false,
                error));
        }
        Leave();
    }

    void Join()
    {
        int granted;
        mpi.Check(mpi.InitThread(null, null, Funneled, &granted), "MPI_Init_thread");
        mpi.Check(mpi.CommSetErrorHandler(mpi.World, mpi.ReturnErrors), "MPI_Comm_set_errhandler");
        world = Duplicate();
        talk = Duplicate();
        int rank, size;
        mpi.Check(mpi.CommRank(world, &rank), "MPI_Comm_rank");
        mpi.Check(mpi.CommSize(world, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        // Rank 0 hears of all, all hear of rank 0.
        peers = [.. (rank == 0 ? Enumerable.Range(1, size - 1) : [0]).Select(other => new Peer(other))];
    }

    nint Duplicate()
    {
        nint made = 0;
        mpi.Check(mpi.CommDuplicate(mpi.World, &made), "MPI_Comm_dup");
        mpi.Check(mpi.CommSetErrorHandler(made, mpi.ReturnErrors), "MPI_Comm_set_errhandler");
        return made;
    }

    readonly Stopwatch sinceBeat = Stopwatch.StartNew(), sinceListening = Stopwatch.StartNew();

    void Turn()
    {
        if (underWay.Count == 0)
        {
            if (begun.TryTake(out var first, Listen)) Start(first);
        }
        else
        {
            while (begun.TryTake(out var next)) Start(next);
            underWay.RemoveAll(IsOver);
            var isEager = isWaitedFor && Stopwatch.GetElapsedTime(waitedSince) < Eagerness;
            if (underWay.Count > 0 && !isEager) ShortSleep.Microseconds(PauseMicroseconds);
            else Thread.Yield();
        }
        if (sinceListening.Elapsed > Listen) Hear();
        if (sinceBeat.Elapsed > Beat) Speak();
    }

    // All meet once more before the library closes, watched as in any exchange; then what was said on the way is heard.
    // False where one has failed by then.
    bool TryPart()
    {
        var parting = new Exchange(this, "MPI_Iallreduce", null);
        var one = parting.Keep([0]);
        parting.Call = request => mpi.AllReduce((void*)mpi.InPlace, one, 1, mpi.Float, mpi.Sum, world, request);
        Start(parting);
        while (failure is null && underWay.Count > 0) Turn();
        if (failure is not null) return false;
        for (var clock = Stopwatch.StartNew(); sent.Count > 0 && clock.Elapsed < Grace; Thread.Yield())
            sent.RemoveAll(message => message.IsOver());
        Hear();
        mpi.Check(mpi.Finalize(), "MPI_Finalize");
        return true;
    }

    // Among those under way before it is begun: where the library refuses it, it ends with them.
    void Start(Exchange exchange)
    {
        underWay.Add(exchange);
        exchange.Start();
    }

    bool IsOver(Exchange exchange)
    {
        if (!exchange.IsOver()) return false;
        exchange.End(null);
        return true;
    }

    void Speak()
    {
        sinceBeat.Restart();
        sent.RemoveAll(message => message.IsOver());
        foreach (var peer in peers)
        {
            // One that takes no messages gets no more of them.
            if (!sent.Exists(message => message.To == peer.Rank))
                Send(peer.Rank, Alive, BitConverter.GetBytes(Volatile.Read(ref begunCount)));
            if (peer.SinceHeard.Elapsed > silence)
            {
                End(new(peer.Rank, $"rank {peer.Rank} has not been heard of for "
                    + Invariant($"{silence.TotalSeconds:f0} s: its ") + "process or its machine is gone.",
                    isReported: false));
                return;
            }
            if (underWay.Count > 0 && underWay[0].Age > patience && peer.Begun < begunCount)
            {
                End(new(peer.Rank, $"rank {peer.Rank} is alive and has not come to exchange {begunCount} for "
                    + Invariant($"{patience.TotalSeconds:f0} s."), isReported: false));
                return;
            }
        }
    }

    void Hear()
    {
        sinceListening.Restart();
        var status = stackalloc int[StatusBytes / sizeof(int)];
        while (true)
        {
            int isThere, length;
            mpi.Check(mpi.Probe(mpi.AnySource, AnyTag, talk, &isThere, status), "MPI_Iprobe");
            if (isThere == 0) return;
            var (from, tag) = (status[mpi.SourceWord], status[mpi.SourceWord + 1]);
            mpi.Check(mpi.GetCount(status, mpi.Byte, &length), "MPI_Get_count");
            var bytes = new byte[length];
            fixed (byte* into = bytes)
                mpi.Check(mpi.Receive(into, length, mpi.Byte, from, tag, talk, status), "MPI_Recv");
            Take(from, tag, bytes);
            if (failure is not null) return;
        }
    }

    void Take(int from, int tag, byte[] bytes)
    {
        if (Array.Find(peers, peer => peer.Rank == from) is { } heard) heard.SinceHeard.Restart();
        if (tag == Alive && Array.Find(peers, peer => peer.Rank == from) is { } alive)
            alive.Begun = BitConverter.ToInt32(bytes);
        if (tag == Failed)
        {
            var rank = BitConverter.ToInt32(bytes);
            var text = Encoding.UTF8.GetString(bytes, sizeof(int), bytes.Length - sizeof(int));
            End(new(rank, $"rank {rank}: {text}", isReported: Rank != 0));
        }
    }

    // No exchange ends any more: whoever waits for one is told, and whoever does not notice is ended.
    void End(RankFailedException error)
    {
        failure = error;
        foreach (var exchange in underWay) exchange.End(error);
        while (begun.TryTake(out var next)) next.End(error);
    }

    // Tells the others, then waits until people were told: its mpirun ends rank 0 with the first rank that ends.
    void Leave()
    {
        if (ownFailure is { } message) End(failure ?? new(Rank, message, isReported: true));
        if (Rank == 0 || ownFailure is not null)
        {
            var text = ownFailure ?? Words(failure!);
            byte[] bytes = [.. BitConverter.GetBytes(failure!.Rank),
                .. Encoding.UTF8.GetBytes(text.Length > LongestMessage ? text[..LongestMessage] : text)];
            foreach (var peer in peers)
                if (peer.Rank != failure.Rank) Send(peer.Rank, Failed, bytes);
        }
        var waitsForFirst = Rank != 0 && ownFailure is not null;
        if (!waitsForFirst) isHeard.Set();
        var isTold = false;
        var longest = waitsForFirst ? 2 * Grace : Grace;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < longest; Thread.Sleep(Listen))
        {
            sent.RemoveAll(one => one.IsOver());
            // Begun when the failure was not known there yet.
            while (begun.TryTake(out var late)) late.End(failure);
            if (waitsForFirst && !isHeard.IsSet) ListenForFirst();
            if (!begun.IsAddingCompleted) continue;
            if (Rank == 0 && !isTold && failure!.Rank != 0) Send(failure.Rank, Heard, []);
            isTold = true;
            if (isHeard.IsSet && sent.Count == 0) return;
        }
        isHeard.Set();
        if (!begun.IsAddingCompleted) abandon(failure!);
    }

    void ListenForFirst()
    {
        var status = stackalloc int[StatusBytes / sizeof(int)];
        int isThere;
        if (mpi.Probe(0, Heard, talk, &isThere, status) != 0 || isThere == 0) return;
        byte none;
        if (mpi.Receive(&none, 0, mpi.Byte, 0, Heard, talk, status) != 0) return;
        hasFirstHeard = true;
        isHeard.Set();
    }

    // Without the "rank 3: " that the others put in front.
    static string Words(RankFailedException error) =>
        error.Message.StartsWith($"rank {error.Rank}: ", StringComparison.Ordinal)
            ? error.Message[$"rank {error.Rank}: ".Length..] : error.Message;

    void Send(int to, int tag, byte[] bytes) => sent.Add(new(mpi, talk, to, tag, bytes));

    /// <summary>A rank that this one hears of.</summary>
    sealed class Peer(int rank)
    {
        public int Rank { get; } = rank;

        public Stopwatch SinceHeard { get; } = Stopwatch.StartNew();

        /// <summary>Exchanges it had begun when it was last heard of.</summary>
        public int Begun { get; set; }
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

    /// <summary>A collective call: begun on the link's thread, waited for on the step's.</summary>
    sealed class Exchange(MpiLink link, string name, Exchange.Begin? call) : IRankExchange
    {
        readonly ManualResetEventSlim isDone = new();
        readonly Stopwatch age = new();
        readonly List<nint> kept = [];
        Exception? error;
        nint request;

        public delegate int Begin(nint* request);

        public Begin? Call { get; set; } = call;

        public TimeSpan Age => age.Elapsed;

        /// <summary>A copy that stays where it is until the exchange is over.</summary>
        public int* Keep(int[] values)
        {
            var copy = (int*)NativeMemory.Alloc((nuint)values.Length, sizeof(int));
            values.CopyTo(new Span<int>(copy, values.Length));
            kept.Add((nint)copy);
            return copy;
        }

        public void Start()
        {
            age.Start();
            fixed (nint* r = &request) link.mpi.Check(Call!(r), name);
        }

        public bool IsOver()
        {
            var status = stackalloc byte[StatusBytes];
            int isOver;
            fixed (nint* r = &request) link.mpi.Check(link.mpi.Test(r, &isOver, status), name);
            return isOver != 0;
        }

        public void End(Exception? problem)
        {
            error = problem;
            if (problem is null) foreach (var copy in kept) NativeMemory.Free((void*)copy);
            isDone.Set();
        }

        public void Wait()
        {
            link.waitedSince = Stopwatch.GetTimestamp();
            link.isWaitedFor = true;
            isDone.Wait();
            link.isWaitedFor = false;
            if (error is not null) throw error;
        }
    }
}
