using System.Collections.Concurrent;
using System.Diagnostics;
using LdNetGpu.Serve.Models;
using Microsoft.Extensions.Logging;

namespace LdNetGpu.Serve.Batching;

/// <summary>
/// Tags the sentences of all requests in common batches, on one thread, which loads the model and uses the device
/// alone. A batch ends at its words, or when its oldest sentence has waited its time; requests take turns in it,
/// sentence by sentence, so that a long one does not hold up a short one. What nobody waits for any more is dropped.
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
    Replacement? next;
    ServedModel? model;
    long waiting;
    int batches;

    public BatchingTagger(ServerOptions options, ModelSource source, ServerMetrics metrics, ILogger log)
    {
        (this.options, this.source, this.metrics, this.log) = (options, source, metrics, log);
        metrics.Waiting = () => WaitingWords;
        thread = new(Run) { IsBackground = true, Name = nameof(BatchingTagger) };
    }

    /// <summary>Words of the sentences that no batch took yet.</summary>
    public long WaitingWords => Volatile.Read(ref waiting);

    /// <summary>Whether the thread is at work.</summary>
    public bool IsAlive => thread.IsAlive;

    /// <summary>Ends when the model is loaded, or throws why it cannot be.</summary>
    public Task StartAsync()
    {
        thread.Start();
        return started.Task;
    }

    /// <summary>Queues a request's sentences.</summary>
    /// <returns>False where too much waits already; alone, a request of any length is taken.</returns>
    public bool TryAdd(TagWork work)
    {
        var words = Interlocked.Add(ref waiting, work.Cost);
        if (words > options.QueueWords && words > work.Cost)
        {
            Interlocked.Add(ref waiting, -work.Cost);
            return false;
        }
        arrivals.Add(work);
        return true;
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
        while (Collect() is { } batch)
            if (batch.Count > 0) Tag(batch);
    }

    /// <summary>The next batch, empty where a model came or all was given up; null at the end.</summary>
    List<(TagWork Work, int Place, Train.Data.Sentence Sentence)>? Collect()
    {
        if (open.Count == 0)
        {
            if (!arrivals.TryTake(out var first, Timeout.Infinite)) return null;
            Open(first);
        }
        ReplaceBetweenRequests();
        var batch = new List<(TagWork, int, Train.Data.Sentence)>();
        var oldest = open.TryPeek(out var longest) ? longest.Arrival : Stopwatch.GetTimestamp();
        for (var words = 0; words < options.BatchWords;)
        {
            while (arrivals.TryTake(out var more)) Open(more);
            if (NextTurn() is { } work)
            {
                var (sentence, place) = work.Take();
                batch.Add((work, place, sentence));
                var cost = TagWork.CostOf(sentence);
                Interlocked.Add(ref waiting, -cost);
                words += cost;
                if (work.HasMore) open.Enqueue(work);
                continue;
            }
            var left = options.BatchDelay - Stopwatch.GetElapsedTime(oldest);
            if (batch.Count == 0 || left <= TimeSpan.Zero || !arrivals.TryTake(out var late, left)) break;
            Open(late);
        }
        return batch;
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
            if (work.IsOver) Interlocked.Add(ref waiting, -work.WaitingCost);
            else if (Volatile.Read(ref next) is null || work.HasBegun) return work;
            else open.Enqueue(work);
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

    void Tag(List<(TagWork Work, int Place, Train.Data.Sentence Sentence)> batch)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            foreach (var (part, tagged) in batch.Zip(model!.Tagger.Tag(batch.Select(part => part.Sentence))))
                part.Work.Complete(part.Place, tagged);
        }
        catch (Exception error)
        {
            ServerLog.BatchFailed(log, error);
            foreach (var part in batch) part.Work.Fail(error);
        }
        if (++batches % BatchesATrim == 0) model!.Trim();
        metrics.Tagged(batch.Count, batch.Sum(part => part.Sentence.Words.Length), clock.Elapsed);
    }

    /// <param name="ready">The model, where it was loaded beside the other.</param>
    sealed class Replacement(ServedModel? ready)
    {
        public ServedModel? Ready => ready;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
