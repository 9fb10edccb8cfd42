namespace LdNetGpu.Devices;

/// <summary>
/// A fixed set of threads for fork-join loops. The caller works too, so one thread means no threads. Which thread takes which
/// part is left open; a loop whose parts are independent gives the same bits on any number of threads.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    // A recurrence forks once a time step, every few hundred microseconds: waking a sleeping thread would cost a tenth of that.
    const int SpinsBeforeSleep = 20_000;
    readonly Thread[] helpers;
    readonly Lock gate = new();
    readonly SemaphoreSlim wake = new(0);
    Action<int>? body;
    int parts, next, running, generation, sleeping;
    volatile bool stopping;
    Exception? failure;

    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        helpers = new Thread[threads - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Help) { IsBackground = true, Name = $"ldnet worker {i + 1}" };
            helpers[i].Start();
        }
    }

    /// <summary>Threads that share a loop, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs <paramref name="work"/> for 0 to <paramref name="count"/> - 1, each once, and returns when all are done. The first exception is thrown
    /// again here. Calls from inside a part run in place.
    /// </summary>
    public void Run(int count, Action<int> work)
    {
        if (count <= 1 || helpers.Length == 0 || !gate.TryEnter())
        {
            for (var i = 0; i < count; i++) work(i);
            return;
        }
        try
        {
            if (body != null)
            {
                for (var i = 0; i < count; i++) work(i);
                return;
            }
            body = work;
            parts = count;
            failure = null;
            Volatile.Write(ref next, 0);
            Volatile.Write(ref running, helpers.Length);
            Interlocked.Increment(ref generation);
            var asleep = Volatile.Read(ref sleeping);
            if (asleep > 0) wake.Release(asleep);
            Drain(work, count);
            var spinner = new SpinWait();
            while (Volatile.Read(ref running) > 0) spinner.SpinOnce(sleep1Threshold: -1);
            body = null;
            if (failure is { } error) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
        finally
        {
            gate.Exit();
        }
    }

    public void Dispose()
    {
        stopping = true;
        Interlocked.Increment(ref generation);
        wake.Release(Math.Max(1, helpers.Length));
        foreach (var helper in helpers) helper.Join();
        wake.Dispose();
    }

    void Drain(Action<int> work, int count)
    {
        try
        {
            for (int i; (i = Interlocked.Increment(ref next) - 1) < count;) work(i);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref failure, error, null);
            Volatile.Write(ref next, count);
        }
    }

    void Help()
    {
        var seen = 0;
        while (true)
        {
            for (var spins = 0; Volatile.Read(ref generation) == seen && spins < SpinsBeforeSleep; spins++) Thread.SpinWait(8);
            while (Volatile.Read(ref generation) == seen)
            {
                Interlocked.Increment(ref sleeping);
                if (Volatile.Read(ref generation) == seen) wake.Wait();
                Interlocked.Decrement(ref sleeping);
            }
            seen = Volatile.Read(ref generation);
            if (stopping) return;
            Drain(body!, parts);
            Interlocked.Decrement(ref running);
        }
    }
}
