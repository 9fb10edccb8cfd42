using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

public class StragglerBackoffTests
{
    sealed class ManualClock : TimeProvider
    {
        long now;
        int reads;

        public int Reads => Volatile.Read(ref reads);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref reads);
            return Volatile.Read(ref now);
        }

        public void Advance(double milliseconds) =>
            Interlocked.Add(ref now, TimeSpan.FromMilliseconds(milliseconds).Ticks);
    }

    readonly ManualClock clock = new();

    // A loop of two parts, one on each thread; the helper's ends so much later than the caller's.
    void HelperIsLate(WorkerPool pool, double milliseconds, double callersPart = 0)
    {
        var caller = Environment.CurrentManagedThreadId;
        using var both = new Barrier(2);
        var reads = clock.Reads;
        pool.Run(2, _ =>
        {
            both.SignalAndWait(TestContext.Current.CancellationToken);
            if (Environment.CurrentManagedThreadId == caller)
            {
                clock.Advance(callersPart);
                return;
            }
            // The caller has looked at the clock when it began and when it had no part left.
            Assert.True(SpinWait.SpinUntil(() => clock.Reads - reads >= 2, TimeSpan.FromSeconds(20)));
            clock.Advance(milliseconds);
        });
    }

    static bool IsShared(WorkerPool pool)
    {
        var threads = new HashSet<int>();
        pool.Run(2, i =>
        {
            lock (threads) threads.Add(Environment.CurrentManagedThreadId);
            // Whoever has one part leaves the other to a helper, if one may come.
            if (i == 0) SpinWait.SpinUntil(() => { lock (threads) return threads.Count == 2; }, 200);
        });
        return threads.Count == 2;
    }

    [Fact]
    public void AfterALateHelperLoopsStayWithTheirCaller()
    {
        using var pool = new WorkerPool(2, TimeSpan.FromMilliseconds(0.1), clock);
        HelperIsLate(pool, 0.9);
        Assert.True(IsShared(pool));
        HelperIsLate(pool, 5);
        Assert.False(IsShared(pool));
        clock.Advance(19);
        Assert.False(IsShared(pool));
        clock.Advance(1);
        Assert.True(IsShared(pool));
    }

    [Fact]
    public void TheWhileDoublesAsLongAsHelpersAreLate()
    {
        using var pool = new WorkerPool(2, TimeSpan.FromMilliseconds(0.1), clock);
        foreach (var pause in new[] { 20, 40, 80, 160, 320, 640, 640 })
        {
            clock.Advance(3 * pause);
            HelperIsLate(pool, 5);
            clock.Advance(pause - 1);
            Assert.False(IsShared(pool));
            clock.Advance(1);
            Assert.True(IsShared(pool));
        }
        clock.Advance(9 * 640);
        HelperIsLate(pool, 5);
        clock.Advance(20);
        Assert.True(IsShared(pool));
    }

    [Fact]
    public void SmallLossesAddUp()
    {
        using var pool = new WorkerPool(2, TimeSpan.FromMilliseconds(0.1), clock);
        HelperIsLate(pool, 0.9);
        HelperIsLate(pool, 0.9);
        Assert.False(IsShared(pool));
    }

    // Of 10 and 10 ms of work 3 are lost and 7 saved.
    [Fact]
    public void AWaitThatCostsLessThanWasSavedIsNoLoss()
    {
        using var pool = new WorkerPool(2, TimeSpan.FromMilliseconds(0.1), clock);
        for (var i = 0; i < 5; i++) HelperIsLate(pool, 3, callersPart: 10);
        Assert.True(IsShared(pool));
        HelperIsLate(pool, 12, callersPart: 10);
        Assert.False(IsShared(pool));
    }
}
