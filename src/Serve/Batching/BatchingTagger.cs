using System.Collections.Concurrent;
using System.Diagnostics;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Serve.Models;
using LdNetGpu.Train.Tagging;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve.Batching;

/// <summary>
/// Tags the sentences of all requests in common batches, on one thread, which loads the model and uses the device
/// alone. A batch ends at its words, or when its oldest sentence has waited its time; requests take turns in it,
/// sentence by sentence, so that a long one does not hold up a short one. What nobody waits for any more is dropped.
/// What goes wrong is told to the requests that it concerns, and the thread goes on.
/// </summary>
sealed class BatchingTagger : IDisposable
{
    // Batches are of any shape, and a device keeps memory of each size that there ever was: measured, 8 MB more a
    // minute. To take it anew costs a few milliseconds.
    const int BatchesATrim = 500;

    readonly ServerOptions options;
    readonly ModelSource source;
    readonly ServerMetrics metrics;
    readonly ILogger log;
    readonly Thread thread;
    readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Null wakes the thread: a model waits to take its place.
    readonly BlockingCollection<TagWork?> arrivals = [];
    readonly Queue<TagWork> open = [];
    readonly List<(TagWork Work, int Place, Train.Data.Sentence Sentence)> batch = [];
    Replacement? next;
    ServedModel? model;
    long waiting;
    int batches;
    volatile bool isDeviceLost;

    public BatchingTagger(ServerOptions options, ModelSource source, ServerMetrics metrics, ILogger log)
    {
        (this.options, this.source, this.metrics, this.log) = (options, source, metrics, log);
        metrics.Waiting = () => WaitingWords;
        thread = new(Run) { IsBackground = true, Name = nameof(BatchingTagger) };
    }

    /// <summary>Words of the sentences that no batch took yet.</summary>
    public long WaitingWords => Volatile.Read(ref waiting);

    /// <summary>Whether the thread is at work, on a device that works.</summary>
    public bool IsAlive => thread.IsAlive && !isDeviceLost;

    /// <summary>Ends when the model is loaded, or throws why it cannot be.</summary>
    public Task StartAsync()
    {
        thread.Start();
        return started.Task;
    }

    /// <summary>
    /// Tags a request's sentences; once its caller knows how it ended, none of its words counts as waiting.
    /// </summary>
    /// <returns>Null where too much waits already; alone, a request of any length is taken.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<TaggedSentence[]?> TryTagAsync(TagWork work, CancellationToken cancellation)
    {
        var words = Interlocked.Add(ref waiting, work.Cost);
        try
        {
            if (words > options.QueueWords && words > work.Cost) return null;
            arrivals.Add(work, CancellationToken.None);
            return await work.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Add(ref waiting, -work.StopCounting());
        }
    }

    /// <summary>Loads the folder's model anew; requests that begin afterwards are tagged by it.</summary>
    /// <returns>Ends when it has taken its place, or throws why it cannot be loaded: then the old one stays.</returns>
    public async Task ReplaceAsync()
    {
        var ready = source.LoadsBeside ? new ServedModel(source.Load()).WarmedUp() : null;
        var replacement = new Replacement(ready);
        Volatile.Write(ref next, replacement);
        arrivals.Add(null);
        await replacement.Done.Task;
    }

    /// <summary>Ends the thread after what waits, and disposes of the model.</summary>
    public void Dispose()
    {
        arrivals.CompleteAdding();
        if (thread.IsAlive) thread.Join();
        model?.Dispose();
        arrivals.Dispose();
    }

    void Run()
    {
        try
        {
            model = new ServedModel(source.Load()).WarmedUp();
        }
        catch (Exception error)
        {
            started.SetException(error);
            return;
        }
        started.SetResult();
        while (TryWork())
        {
        }
    }

    bool TryWork()
    {
        try
        {
            if (!TryCollect()) return false;
            if (batch.Count > 0) Tag();
        }
        catch (Exception error)
        {
            isDeviceLost |= error is DeviceLostException;
            ServerLog.BatchFailed(log, error);
            // With an empty batch, what came next is at fault, and must not come again.
            foreach (var work in batch.Count > 0 ? batch.Select(part => part.Work) : open) work.Fail(error);
        }
        finally
        {
            batch.Clear();
        }
        return true;
    }

    /// <summary>The next batch, empty where a model came or all was given up.</summary>
    /// <returns>False at the end.</returns>
    bool TryCollect()
    {
        if (open.Count == 0)
        {
            if (!arrivals.TryTake(out var first, Timeout.Infinite)) return false;
            Open(first);
        }
        ReplaceBetweenRequests();
        var oldest = open.TryPeek(out var longest) ? longest.Arrival : Stopwatch.GetTimestamp();
        for (var words = 0; words < options.BatchWords;)
        {
            while (arrivals.TryTake(out var more)) Open(more);
            if (NextTurn() is { } work)
            {
                var (sentence, place) = work.Take();
                batch.Add((work, place, sentence));
                var cost = TagWork.CostOf(sentence);
                Interlocked.Add(ref waiting, -work.StopCounting(cost));
                words += cost;
                if (work.HasMore) open.Enqueue(work);
                continue;
            }
            var left = options.BatchDelay - Stopwatch.GetElapsedTime(oldest);
            if (batch.Count == 0 || left <= TimeSpan.Zero || !arrivals.TryTake(out var late, left)) break;
            Open(late);
        }
        return true;
    }

    void Open(TagWork? work)
    {
        if (work is not null) open.Enqueue(work);
    }

    // While a model waits to take its place, requests that have not begun wait for it.
    TagWork? NextTurn()
    {
        for (var turns = open.Count; turns > 0; turns--)
        {
            var work = open.Dequeue();
            if (work.IsOver) continue;
            if (Volatile.Read(ref next) is null || work.HasBegun) return work;
            open.Enqueue(work);
        }
        return null;
    }

    void ReplaceBetweenRequests()
    {
        if (Volatile.Read(ref next) is not { } replacement || open.Any(work => work.HasBegun && !work.IsOver)) return;
        Volatile.Write(ref next, null);
        try
        {
            var old = model;
            model = replacement.Ready ?? new ServedModel(source.Load()).WarmedUp();
            old?.Dispose();
            replacement.Done.SetResult();
        }
        catch (Exception error)
        {
            replacement.Done.SetException(error);
        }
    }

    void Tag()
    {
        var clock = Stopwatch.StartNew();
        foreach (var (part, tagged) in batch.Zip(model!.Tagger.Tag(batch.Select(part => part.Sentence))))
            part.Work.Complete(part.Place, tagged);
        metrics.Tagged(batch.Count, batch.Sum(part => part.Sentence.Words.Length), clock.Elapsed);
        if (++batches % BatchesATrim == 0) model.Trim();
    }

    /// <param name="ready">The model, where it was loaded beside the other.</param>
    sealed class Replacement(ServedModel? ready)
    {
        public ServedModel? Ready => ready;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
