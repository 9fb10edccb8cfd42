using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Devices.Nccl;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// A link with a thread of its own: it alone talks to the other ranks, so that exchanges go on while the step computes.
/// The same thread tells them every second that this one is alive, and hears of them: who is silent for long is gone,
/// and this rank ends instead of waiting for it.
/// </summary>
/// <remarks>
/// While the step computes, the thread looks every 50 µs, not to take the core from it; once the step waits, it looks
/// without a pause, for the fifth of a millisecond that small exchanges take: the core may be needed by another rank.
/// </remarks>
abstract class WatchedLink : IRankLink
{
    const int Alive = 1, Failed = 2, Heard = 3, Left = 4;
    const int LongestMessage = 1 << 16;
    const int PauseMicroseconds = 50;

    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Listen = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan Eagerness = TimeSpan.FromMicroseconds(200);
    static readonly TimeSpan Naming = TimeSpan.FromSeconds(2);

    readonly TimeSpan silence;
    readonly TimeSpan patience;
    readonly Action<RankFailedException> abandon;
    readonly Thread thread;
    readonly BlockingCollection<Exchange> begun = [];
    readonly List<Exchange> underWay = [];
    readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ManualResetEventSlim isHeard = new();
    readonly Stopwatch sinceBeat = Stopwatch.StartNew(), sinceListening = Stopwatch.StartNew();
    Peer[] peers = [];
    volatile RankFailedException? failure;
    volatile string? ownFailure;
    volatile NcclCommunicator? gpus;
    volatile bool isWaitedFor, hasFirstHeard, hasParted;
    long waitedSince, gpusWaitedSince, gpusTroubledSince;
    int begunCount;
    int exitCode = 1;

    /// <param name="silence">How long a rank may not be heard of.</param>
    /// <param name="patience">How long an exchange may take in which a rank that is alive does not take part.</param>
    /// <param name="abandon">Ends this process where another one failed and the step did not notice within 5 s.</param>
    protected WatchedLink(TimeSpan silence, TimeSpan patience, Action<RankFailedException> abandon)
    {
        (this.silence, this.patience, this.abandon) = (silence, patience, abandon);
        thread = new Thread(Communicate) { IsBackground = true, Name = "ranks" };
    }

    public int Rank { get; private set; }

    public int Size { get; private set; }

    public abstract string Name { get; }

    /// <summary>The ranks' GPUs, watched too where they exchange among themselves.</summary>
    public NcclCommunicator? Gpus
    {
        get => gpus;
        set => gpus = value;
    }

    /// <summary>What is the other side's time to take a message, or the step's to notice a failure.</summary>
    protected static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);

    public abstract unsafe IRankExchange Sum(float* values, int count);

    public abstract unsafe IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths);

    public bool Fail(string message, int exitCode)
    {
        if (failure is not null) return failure.IsReported;
        this.exitCode = exitCode;
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

    /// <summary>Whether this rank or another one has failed: then none waits for the others.</summary>
    public bool HasFailed => failure is not null || ownFailure is not null;

    /// <summary>An exchange that the GPUs begin among themselves.</summary>
    /// <exception cref="RankFailedException">A rank is gone.</exception>
    /// <exception cref="UserException">NCCL refuses it.</exception>
    public void BeginOnGpus(Action begin)
    {
        if (failure is not null) throw failure;
        Interlocked.Increment(ref begunCount);
        OnGpus(begin);
    }

    /// <summary>Waits for what the GPUs exchange among themselves.</summary>
    /// <exception cref="RankFailedException">A rank is gone.</exception>
    public void WaitForGpus(Action wait)
    {
        Volatile.Write(ref gpusWaitedSince, Stopwatch.GetTimestamp());
        try
        {
            OnGpus(wait);
        }
        finally
        {
            Volatile.Write(ref gpusWaitedSince, 0);
        }
    }

    // NCCL may be the first to notice that a rank is gone, and does not say which.
    void OnGpus(Action work)
    {
        UserException? refused = null;
        try
        {
            work();
        }
        catch (UserException error)
        {
            refused = error;
        }
        if (failure is null && refused is null && gpus?.Problem() is null) return;
        if (refused is null || gpus?.Problem() is not null)
            for (var clock = Stopwatch.StartNew(); failure is null && clock.Elapsed < Grace;) Thread.Sleep(Listen);
        throw failure ?? refused ?? new UserException($"NCCL: {gpus?.Problem()}");
    }

    /// <summary>Finds the others, on the thread of its own.</summary>
    /// <returns>This process, and how many there are.</returns>
    /// <exception cref="UserException">They are not to be found.</exception>
    protected abstract (int Rank, int Size) FindOthers();

    /// <summary>A message sets out.</summary>
    protected abstract void Send(int to, int tag, byte[] bytes);

    /// <summary>Whether a message has not left yet, to one rank or to any.</summary>
    protected abstract bool HasUnsent(int? to);

    /// <summary>A message that has come, if there is one.</summary>
    protected abstract bool TryHear(out int from, out int tag, out byte[] bytes);

    /// <summary>Whether a rank's process is known to be gone, and all that it has said was heard.</summary>
    protected virtual bool IsGone(int rank) => false;

    /// <summary>An exchange in which all take part and nothing is said.</summary>
    protected abstract Exchange NewParting();

    /// <summary>All have parted.</summary>
    protected virtual void Close() { }

    /// <summary>One has failed, people were told, and every other one has nothing left to do.</summary>
    /// <param name="isFirst">Whether this is rank 0, or rank 0 is lost.</param>
    /// <param name="exitCode">Of this process.</param>
    protected virtual void EndTogether(bool isFirst, int exitCode) { }

    /// <summary>Finds the others: to be called last of all by the constructor.</summary>
    /// <exception cref="TimeoutException">They were not found in that time.</exception>
    protected void Join(TimeSpan time)
    {
        thread.Start();
        joined.Task.WaitAsync(time).GetAwaiter().GetResult();
    }

    protected Exchange Begin(Exchange exchange)
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
            (Rank, Size) = FindOthers();
            // Rank 0 hears of all, all hear of rank 0.
            peers = [.. (Rank == 0 ? Enumerable.Range(1, Size - 1) : [0]).Select(other => new Peer(other))];
            joined.SetResult();
        }
        catch (Exception error)
        {
            joined.SetException(error);
            return;
        }
        try
        {
            while (!HasFailed && !(begun.IsCompleted && underWay.Count == 0)) Turn();
            if (!HasFailed && TryPart()) return;
        }
        catch (UserException error)
        {
            End(new(Rank, $"rank {Rank}: its messages no longer get through: {error.Message}", isReported: false,
                error));
        }
        Leave();
    }

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
        if (failure is null && sinceBeat.Elapsed > Beat) Speak();
    }

    // All meet once more before the link closes, watched as in any exchange; then what was said on the way is heard.
    // False where one has failed by then.
    bool TryPart()
    {
        Start(NewParting());
        while (failure is null && underWay.Count > 0) Turn();
        if (failure is not null) return false;
        hasParted = true;
        for (var clock = Stopwatch.StartNew(); HasUnsent(null) && clock.Elapsed < Grace;) Thread.Yield();
        Hear();
        Close();
        return true;
    }

    // Among those under way before it is begun: where it is refused, it ends with them.
    void Start(Exchange exchange)
    {
        underWay.Add(exchange);
        exchange.Begin();
    }

    static bool IsOver(Exchange exchange)
    {
        if (!exchange.IsOver()) return false;
        exchange.End(null);
        return true;
    }

    void Speak()
    {
        // It was this rank that stood still, suspended say: what the others said meanwhile is still to be heard.
        if (sinceBeat.Elapsed > silence) foreach (var peer in peers) peer.SinceHeard.Restart();
        sinceBeat.Restart();
        var gpusWait = Volatile.Read(ref gpusWaitedSince);
        var isStuck = underWay.Count > 0 && underWay[0].Age > patience
            || gpusWait != 0 && Stopwatch.GetElapsedTime(gpusWait) > patience;
        foreach (var peer in peers)
        {
            // One that takes no messages gets no more of them.
            if (!HasUnsent(peer.Rank))
                Send(peer.Rank, Alive, BitConverter.GetBytes(Volatile.Read(ref begunCount)));
            if (peer.SinceHeard.Elapsed > silence)
            {
                End(new(peer.Rank, $"rank {peer.Rank} has not been heard of for "
                    + Invariant($"{silence.TotalSeconds:f0} s: its ")
                    + "process or its machine is gone, or stands still.",
                    isReported: false) { IsLost = true });
                return;
            }
            if (isStuck && peer.Begun < begunCount)
            {
                End(new(peer.Rank, $"rank {peer.Rank} is alive and has not come to exchange {begunCount} for "
                    + Invariant($"{patience.TotalSeconds:f0} s."), isReported: false) { IsLost = true });
                return;
            }
        }
    }

    void Hear()
    {
        sinceListening.Restart();
        while (TryHear(out var from, out var tag, out var bytes))
        {
            Take(from, tag, bytes);
            if (failure is not null) return;
        }
        if (hasParted) return;
        if (Array.Find(peers, peer => IsGone(peer.Rank)) is { } gone)
            End(new(gone.Rank, $"rank {gone.Rank}: its process has ended, or its machine is gone.", isReported: false)
                { IsLost = true });
        else HearOfGpus();
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

    // Who it was is known soon, if it was a rank that has gone.
    void HearOfGpus()
    {
        if (gpus?.Problem() is not { } problem) return;
        if (gpusTroubledSince == 0) gpusTroubledSince = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(gpusTroubledSince) < Naming) return;
        if (Rank == 0) End(new(0, $"rank 0: NCCL: {problem}", isReported: false));
        else ownFailure = $"NCCL: {problem}";
    }

    // No exchange ends any more: whoever waits for one is told, and whoever does not notice is ended.
    void End(RankFailedException error)
    {
        failure = error;
        foreach (var exchange in underWay) exchange.End(error);
        while (begun.TryTake(out var next)) next.End(error);
        gpus?.Abort();
    }

    // Tells the others, then waits until people were told and all have unwound: its launcher ends every rank with the
    // first that ends.
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
            var hasUnsent = HasUnsent(null);
            // Begun when the failure was not known there yet.
            while (begun.TryTake(out var late)) late.End(failure);
            ListenForEnd();
            if (!begun.IsAddingCompleted) continue;
            if (isTold && isHeard.IsSet && !hasUnsent && (Rank != 0 || Array.TrueForAll(peers, HasLeft))) break;
            if (isTold) continue;
            isTold = true;
            if (Rank != 0) Send(0, Left, []);
            else if (failure!.Rank != 0) Send(failure.Rank, Heard, []);
        }
        isHeard.Set();
        if (!begun.IsAddingCompleted) abandon(failure!);
        EndTogether(Rank == 0 || failure is { Rank: 0, IsLost: true }, exitCode);
    }

    // The one that has failed waits for rank 0, and may not be there.
    bool HasLeft(Peer peer) => peer.HasLeft || peer.Rank == failure!.Rank || IsGone(peer.Rank);

    void ListenForEnd()
    {
        try
        {
            while (TryHear(out var from, out var tag, out _))
            {
                if (tag == Left && Array.Find(peers, peer => peer.Rank == from) is { } left) left.HasLeft = true;
                // Where rank 0 has failed by itself, it tells people that.
                if (from != 0 || tag is not (Heard or Failed) || isHeard.IsSet) continue;
                hasFirstHeard = true;
                isHeard.Set();
            }
        }
        catch (UserException)
        {
            // This rank is failing already, of something else: people are told that.
        }
    }

    // Without the "rank 3: " that the others put in front.
    static string Words(RankFailedException error) =>
        error.Message.StartsWith($"rank {error.Rank}: ", StringComparison.Ordinal)
            ? error.Message[$"rank {error.Rank}: ".Length..] : error.Message;

    /// <summary>A rank that this one hears of.</summary>
    sealed class Peer(int rank)
    {
        public int Rank { get; } = rank;

        public Stopwatch SinceHeard { get; } = Stopwatch.StartNew();

        /// <summary>Exchanges it had begun when it was last heard of.</summary>
        public int Begun { get; set; }

        /// <summary>Whether its step has ended, after one has failed.</summary>
        public bool HasLeft { get; set; }
    }

    /// <summary>What all ranks do at one time; begun and looked after by the thread of the link's own.</summary>
    protected abstract class Exchange(WatchedLink link) : IRankExchange
    {
        readonly ManualResetEventSlim isDone = new();
        readonly Stopwatch age = new();
        Exception? error;

        public TimeSpan Age => age.Elapsed;

        public void Begin()
        {
            age.Start();
            Start();
        }

        /// <summary>Whether this rank has its result.</summary>
        public abstract bool IsOver();

        public void End(Exception? problem)
        {
            error = problem;
            if (problem is null) Free();
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

        protected abstract void Start();

        /// <summary>Gives back what nobody reads any more.</summary>
        protected virtual void Free() { }
    }
}
