using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Distributed;

/// <summary>
/// Works that do not need each other, dealt out to the ranks: work i is done by rank i mod N, alone. Meanwhile a thread
/// of each rank asks the others how they are, over and over, so that no exchange waits for as long as a work takes.
/// Where one is asked to leave, or fails, all are asked to leave, and have their time to save.
/// </summary>
sealed class DealtWorks : IDisposable
{
    /// <summary>Between two questions.</summary>
    static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(250);

    [Flags]
    enum State : byte
    {
        Busy = 0,
        Done = 1,
        Leaving = 2,
        Failed = 4,
    }

    // Between the notes of a rank, and before what it failed of.
    const char Line = '\n', Failure = '\0';

    readonly RankGroup ranks;
    readonly IProgress<WorkProgress>? progress;
    readonly CancellationToken cancellation;
    readonly CancellationTokenSource leaving;
    readonly TimeSpan pause;
    readonly Thread thread;
    readonly AutoResetEvent isToAsk = new(false);
    readonly ConcurrentQueue<string> notes = new();
    volatile bool isDone, isAbandoned;
    volatile Exception? ownError;
    volatile string? ownFailure;
    volatile Exception? problem;

    DealtWorks(RankGroup ranks, IProgress<WorkProgress>? progress, CancellationToken cancellation, TimeSpan pause)
    {
        (this.ranks, this.progress, this.cancellation, this.pause) = (ranks, progress, cancellation, pause);
        leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        thread = new Thread(Ask) { IsBackground = true, Name = "other ranks" };
        ranks.Speaker = thread;
        thread.Start();
    }

    /// <summary>Does this rank's part of the works, waits for the others' and brings the results together.</summary>
    /// <param name="ranks">All of them make this call; no other exchange is under way.</param>
    /// <param name="count">Works in all.</param>
    /// <param name="work">Does the work of a number, from 0, and returns what came of it as text. Its progress is rank
    /// 0's own; notes of other ranks, which belong to no work, are told there too.</param>
    /// <param name="words">What people are told of a work that failed; null of an error that they can do nothing about,
    /// which is thrown as it is.</param>
    /// <param name="progress">Told on this thread.</param>
    /// <param name="cancellation">Asks all ranks to leave: no other work is begun, and those begun see it.</param>
    /// <param name="pause">Between two questions to the others; null for the usual one.</param>
    /// <returns>On every rank, of every work; null where it was not begun, or left nothing.</returns>
    /// <exception cref="RankFailedException">A rank is gone, or one of its works failed.</exception>
    public static string?[] Do(RankGroup ranks, int count,
        Func<int, IProgress<WorkProgress>, CancellationToken, string> work, Func<Exception, string?> words,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default, TimeSpan? pause = null)
    {
        // A rank that has saved its own and left would take the others with it.
        using var unsaved = UnsavedWork.Begin();
        using var works = new DealtWorks(ranks, progress, cancellation, pause ?? Usual);
        var mine = works.DoMine(count, work, words);
        works.WaitForOthers();
        return Together(ranks, mine);
    }

    /// <summary>Asks no more.</summary>
    public void Dispose()
    {
        isAbandoned = true;
        isToAsk.Set();
        thread.Join();
        ranks.Speaker = null;
        leaving.Dispose();
        isToAsk.Dispose();
    }

    string?[] DoMine(int count, Func<int, IProgress<WorkProgress>, CancellationToken, string> work,
        Func<Exception, string?> words)
    {
        var results = new string?[count];
        var told = new Told(this);
        try
        {
            for (var i = ranks.Rank; i < count && !leaving.IsCancellationRequested; i += ranks.Size)
                results[i] = work(i, told, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // What is saved by then stands.
        }
        catch (Exception error) when (words(error) is { } text)
        {
            (ownError, ownFailure) = (error, text);
        }
        return results;
    }

    void WaitForOthers()
    {
        isDone = true;
        isToAsk.Set();
        while (!thread.Join(pause)) TellOthersNotes();
        ranks.Speaker = null;
        TellOthersNotes();
        if (problem is not null) ExceptionDispatchInfo.Throw(problem);
    }

    // One exchange for each, that no message grows with their number.
    static string?[] Together(RankGroup ranks, string?[] mine)
    {
        var all = new string?[mine.Length];
        for (var i = 0; i < all.Length; i++)
        {
            var told = ranks.Gather(mine[i] is { } text ? "+" + text : "")[i % ranks.Size];
            all[i] = told.Length == 0 ? null : told[1..];
        }
        return all;
    }

    // On a thread of its own, which alone exchanges until all are done.
    void Ask()
    {
        try
        {
            while (!isAbandoned)
            {
                var all = ranks.Gather<byte>(HowIAm());
                for (var rank = 0; rank < all.Length; rank++) Keep(rank, Encoding.UTF8.GetString(all[rank].AsSpan(1)));
                if (all.Any(one => ((State)one[0] & (State.Leaving | State.Failed)) != 0)) leaving.Cancel();
                if (all.All(one => ((State)one[0]).HasFlag(State.Done))) return;
                isToAsk.WaitOne(pause);
            }
        }
        catch (Exception error)
        {
            problem = error;
            leaving.Cancel();
        }
    }

    byte[] HowIAm()
    {
        // First whether it is done: what was noted until then goes with it.
        var state = (isDone ? State.Done : State.Busy)
            | (cancellation.IsCancellationRequested ? State.Leaving : State.Busy);
        var text = new StringBuilder();
        while (!ranks.IsFirst && notes.TryDequeue(out var line)) text.Append(line).Append(Line);
        if (state.HasFlag(State.Done) && ownFailure is { } failure)
        {
            state |= State.Failed;
            text.Append(Failure).Append(failure);
        }
        return [(byte)state, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    void Keep(int rank, string told)
    {
        var parts = told.Split(Failure, 2);
        if (ranks.IsFirst)
            foreach (var line in parts[0].Split(Line, StringSplitOptions.RemoveEmptyEntries))
                notes.Enqueue($"rank {rank}: {line}");
        if (parts.Length > 1)
            problem ??= new RankFailedException(rank, $"rank {rank}: {parts[1]}", isReported: !ranks.IsFirst,
                rank == ranks.Rank ? ownError : null);
    }

    void TellOthersNotes()
    {
        while (ranks.IsFirst && notes.TryDequeue(out var line)) progress?.Report(WorkProgress.Note(line));
    }

    /// <summary>What the works tell: of rank 0 with the others' notes before it.</summary>
    sealed class Told(DealtWorks works) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (works.ranks.IsFirst) works.TellOthersNotes();
            else if (value is { Label: "", Message: { } note }) works.notes.Enqueue(note.ReplaceLineEndings(" "));
            works.progress?.Report(value);
        }
    }
}
