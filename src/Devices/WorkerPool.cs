using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace LdNetGpu.Devices;

/// <summary>
/// A fixed set of threads for fork-join loops. The caller works too, so one thread means no threads. Which thread takes
/// which part is left open; a loop whose parts are independent gives the same bits on any number of threads.
/// </summary>
/// <remarks>
/// A loop is over when its parts are done. It does not wait for helpers that came too late for one: on a busy machine a
/// thread may not be scheduled for milliseconds. Who waits spins for about as long as it takes to be woken; then offers
/// the processor to others each time it has looked, which costs nothing where nobody wants it; and sleeps after a
/// millisecond by the clock, for the system keeps a share of the processors for a thread that is ready. A longer spin
/// takes the processor from the thread that is waited for. Where waiting for helpers has cost more than they saved,
/// loops stay with their callers for a while (<see cref="StragglerBackoff"/>).
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    /// <summary>
    /// More than any processor has; beyond, the system needs minutes to start the threads, where it starts them at all.
    /// </summary>
    public const int MostThreads = 4096;

    /// <summary>How long a thread offers the processor to others before it sleeps.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    readonly TimeSpan patience;
    readonly StragglerBackoff backoff;
    readonly Thread[] helpers;
    readonly Lock gate = new();
    readonly object bed = new();
    Loop? current;
    int sleeping;
    volatile bool stopping;

    /// <summary>Starts the threads but one: the caller's is the first.</summary>
    /// <param name="threads">1 to <see cref="MostThreads"/>, the caller's included.</param>
    /// <exception cref="ArgumentOutOfRangeException">There can be no such number of threads.</exception>
    public WorkerPool(int threads) : this(threads, Patience, TimeProvider.System) { }

    internal WorkerPool(int threads, TimeSpan patience, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        Threads = threads;
        this.patience = patience;
        backoff = new(clock);
        helpers = new Thread[threads - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Help) { IsBackground = true, Name = $"{nameof(WorkerPool)} {i + 1}" };
            helpers[i].Start();
        }
    }

    /// <summary>Threads that share a loop, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs <paramref name="work"/> for 0 to <paramref name="count"/> - 1, each once, and returns when all are done.
    /// After an exception no further part starts, and the first exception is thrown again here. Calls from inside a
    /// part run in place.
    /// </summary>
    /// <param name="count">Parts; none for 0.</param>
    /// <param name="work">Takes the part's number. Parts may run at the same time, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than no parts.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    public void Run(int count, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // A loop that runs is let to its end, and so are the calls from inside its parts.
        ObjectDisposedException.ThrowIf(stopping && Volatile.Read(ref current) is null, this);
        if (count > 1 && helpers.Length > 0 && gate.TryEnter())
            try
            {
                // The gate lets its own thread in again: then this call comes from inside a part.
                if (current == null && !backoff.StaysAlone())
                {
                    Fork(new Loop(count, work, patience));
                    return;
                }
            }
            finally
            {
                gate.Exit();
            }
        for (var i = 0; i < count; i++) work(i);
    }

    /// <summary>Ends the threads, after the loop that may be running.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is called by a part of that loop, which would wait for itself.
    /// </exception>
    public void Dispose()
    {
        if (gate.IsHeldByCurrentThread || Array.IndexOf(helpers, Thread.CurrentThread) >= 0)
            throw new InvalidOperationException("A part of a loop cannot dispose of the pool that runs it.");
        // A helper holds this lock from its last look until it waits: it either sees the end coming or is woken by it.
        // Without the lock the write might become visible only after that look, and the helper, not yet counted as
        // sleeping, would be waited for without end.
        lock (bed)
        {
            stopping = true;
            Monitor.PulseAll(bed);
        }
        foreach (var helper in helpers) helper.Join();
    }

    void Fork(Loop loop)
    {
        Interlocked.Exchange(ref current, loop);
        Wake();
        var begun = backoff.Now;
        var ran = loop.Drain();
        var worked = backoff.Now;
        loop.Wait();
        if (ran > 0) backoff.Shared(begun, worked, (double)ran / loop.Count);
        Volatile.Write(ref current, null);
        loop.ThrowFailure();
    }

    // The loop was announced with a full fence, so this reads the count after it.
    void Wake()
    {
        if (Volatile.Read(ref sleeping) == 0) return;
        lock (bed) Monitor.PulseAll(bed);
    }

    void Help()
    {
        Loop? last = null;
        while (true)
        {
            for (var spin = new Spin(patience); IsIdle(last) && spin.GoesOn();) { }
            if (IsIdle(last)) Sleep(last);
            if (stopping) return;
            var loop = Volatile.Read(ref current);
            loop?.Drain();
            last = loop ?? last;
        }
    }

    /// <summary>A wait's looks: close together at first, then others may have the processor between them.</summary>
    struct Spin(TimeSpan patience)
    {
        // Of about 0.3 microseconds each, and so is a yield where nobody else is ready.
        const int Rounds = 200, RoundLength = 8;

        int rounds;
        long yieldingSince;

        /// <summary>Lets a moment pass; false when it is time to sleep.</summary>
        public bool GoesOn()
        {
            if (rounds < Rounds)
            {
                rounds++;
                Thread.SpinWait(RoundLength);
                return true;
            }
            if (yieldingSince == 0) yieldingSince = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(yieldingSince) >= patience) return false;
            Thread.Yield();
            return true;
        }
    }

    bool IsIdle(Loop? last) => !stopping && (Volatile.Read(ref current) is not { } loop || loop == last);

    // Counted as sleeping before looking once more: either this sees the new loop or Wake sees this.
    void Sleep(Loop? last)
    {
        lock (bed)
        {
            Interlocked.Increment(ref sleeping);
            while (IsIdle(last)) Monitor.Wait(bed);
            Interlocked.Decrement(ref sleeping);
        }
    }

    /// <summary>One fork: parts are claimed by counting up, and the fork is over when as many are done.</summary>
    sealed class Loop(int count, Action<int> work, TimeSpan patience)
    {
        // Beyond an int where its last part is claimed by several.
        long next, done;
        bool isAwaited;
        volatile Exception? failure;

        public int Count => count;

        /// <summary>Runs parts until none is left to claim; how many it were.</summary>
        public int Drain()
        {
            var ran = 0;
            for (long i; (i = Interlocked.Increment(ref next) - 1) < count; ran++)
            {
                long finished = 1;
                try
                {
                    if (failure == null) work((int)i);
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, error, null);
                    // The parts that nobody has claimed are over with this one.
                    finished += Math.Max(0, count - Interlocked.Exchange(ref next, count));
                }
                Finish(finished);
            }
            return ran;
        }

        /// <summary>Returns when every part is done.</summary>
        public void Wait()
        {
            for (var spin = new Spin(patience); !IsDone && spin.GoesOn();) { }
            if (IsDone) return;
            lock (this)
            {
                // Written with a full fence before looking once more: either this sees the last part done or its thread
                // sees this.
                Interlocked.Exchange(ref isAwaited, true);
                while (!IsDone) Monitor.Wait(this);
            }
        }

        bool IsDone => Volatile.Read(ref done) >= count;

        void Finish(long parts)
        {
            if (Interlocked.Add(ref done, parts) < count || !Volatile.Read(ref isAwaited)) return;
            lock (this) Monitor.PulseAll(this);
        }

        public void ThrowFailure()
        {
            if (failure is { } error) ExceptionDispatchInfo.Throw(error);
        }
    }
}
