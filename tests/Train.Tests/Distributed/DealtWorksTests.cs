using System.Collections.Concurrent;
using LdNetGpu.Devices;
using LdNetGpu.Train;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Tests.Distributed;

/// <summary>
/// Works dealt out to ranks: each is done once, all ranks have all results, nobody's patience ends while a work takes
/// long; where one is asked to leave or fails, all leave.
/// </summary>
public sealed class DealtWorksTests
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    [Theory, InlineData(3, 7), InlineData(3, 2), InlineData(2, 1), InlineData(2, 0)]
    public void EachIsDoneOnceByItsRankAndAllHaveTheResults(int size, int count)
    {
        var done = new ConcurrentQueue<(int Work, int Rank)>();
        var all = ThreadLink.Run(size, ranks => Do(ranks, count, (i, _, _) =>
        {
            done.Enqueue((i, ranks.Rank));
            return i == 1 ? "" : $"{i}";
        }));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (i, i % size)), done.Order());
        Assert.All(all, results => Assert.Equal(Enumerable.Range(0, count).Select(i => i == 1 ? "" : $"{i}"), results));
    }

    /// <summary>The same wait in a plain exchange ends in a failure.</summary>
    [Fact]
    public void AWorkMayTakeLongerThanTheOthersPatience()
    {
        var options = new RankGroupOptions { Patience = TimeSpan.FromMilliseconds(400) };
        var all = ThreadLink.Run(3, ranks => Do(ranks, 3, (i, _, _) =>
        {
            if (i == 1) Thread.Sleep(1200);
            return $"{i}";
        }), options);
        Assert.All(all, results => Assert.Equal((IEnumerable<string?>)["0", "1", "2"], results));
        Assert.Throws<RankFailedException>(() => ThreadLink.Run(3, ranks =>
        {
            if (ranks.Rank == 1) Thread.Sleep(1200);
            return ranks.Gather<int>([1]);
        }, options));
    }

    [Fact]
    public void AFailureNamesItsRankAndTheOthersAreAskedToLeave()
    {
        var errors = ThreadLink.Run(3, ranks => Assert.Throws<RankFailedException>(() => Do(ranks, 6, (i, _, leaves) =>
        {
            if (i == 4) throw new UserException("the disk is full");
            // Rank 0 is at work 0, rank 2 at work 2, for as long as nobody asks them to leave; rank 1 is at its second.
            if (i != 1) Assert.True(leaves.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
            Assert.True(i < 3, $"Work {i} was begun after the failure.");
            return "saved";
        })));
        Assert.All(errors, error => Assert.Equal((1, "rank 1: the disk is full"), (error.Rank, error.Message)));
        Assert.Equal([false, true, true], errors.Select(error => error.IsReported));
        Assert.IsType<UserException>(errors[1].InnerException);
    }

    [Fact]
    public void ADefectIsThrownAsItIs()
    {
        var error = Assert.Throws<NotSupportedException>(() => ThreadLink.Run(2, ranks => Do(ranks, 2, (i, _, leaves) =>
        {
            if (i == 1) throw new NotSupportedException("a defect");
            Assert.True(leaves.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
            return "";
        })));
        Assert.Equal("a defect", error.Message);
    }

    /// <summary>It would be taken for the others' part of another exchange.</summary>
    [Fact]
    public void AWorkThatExchangesIsRefused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ThreadLink.Run(2, ranks =>
            Do(ranks, 1, (_, _, _) => $"{ranks.Gather<int>([1])}")));
        Assert.Contains("at work alone", error.Message, StringComparison.Ordinal);
        ThreadLink.Run(2, ranks => (Do(ranks, 1, (_, _, _) => ""), ranks.Gather<int>([1])));
    }

    [Fact]
    public void OneThatIsAskedToLeaveHasAllLeave()
    {
        using var interruption = new CancellationTokenSource();
        var all = ThreadLink.Run(3, ranks => Do(ranks, 9, (i, _, leaves) =>
        {
            if (i == 5) interruption.Cancel();
            if (i is 3 or 4 or 5) Assert.True(leaves.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
            // What has nothing to save ends so.
            if (i == 4) leaves.ThrowIfCancellationRequested();
            return $"{i}";
        }, cancellation: ranks.Rank == 2 ? interruption.Token : default));
        IEnumerable<string?> expected = ["0", "1", "2", "3", null, "5", null, null, null];
        Assert.All(all, results => Assert.Equal(expected, results));
    }

    [Fact]
    public void NotesOfOtherRanksAreToldByTheFirst()
    {
        var told = new ConcurrentQueue<WorkProgress>();
        ThreadLink.Run(2, ranks => Do(ranks, 2, (i, progress, _) =>
        {
            progress.Report(WorkProgress.Note($"note {i}"));
            progress.Report(new($"work {i}", 1, 2, "steps"));
            progress.Report(new($"work {i}", 1, 2, "steps") { Message = $"line {i}" });
            return "";
        }, new Listener(ranks.IsFirst ? told.Enqueue : _ => { })));
        Assert.Equal(["line 0", "note 0", "rank 1: note 1"],
            told.Select(value => value.Message).OfType<string>().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(told, value => value.Label == "work 1");
    }

    static string?[] Do(RankGroup ranks, int count, Func<int, IProgress<WorkProgress>, CancellationToken, string> work,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        DealtWorks.Do(ranks, count, work, error => (error as UserException)?.Message, progress, cancellation, Pause);

    sealed class Listener(Action<WorkProgress> hear) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => hear(value);
    }
}
