using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Serve.Batching;

/// <summary>A request's sentences, which are tagged in their order, in one batch or several.</summary>
sealed class TagWork
{
    // Of a sentence whose words are longer than words are, characters say what it costs.
    const int CharactersAWord = 8;

    readonly Sentence[] sentences;
    readonly TaggedSentence[] tagged;
    readonly TaskCompletionSource<TaggedSentence[]> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int taken, done;
    long waiting;

    /// <param name="sentences">One at least, each of a word at least.</param>
    public TagWork(Sentence[] sentences)
    {
        this.sentences = sentences;
        tagged = new TaggedSentence[sentences.Length];
        waiting = Cost = sentences.Sum(CostOf);
    }

    /// <summary>What it takes to tag a sentence, in words.</summary>
    public static int CostOf(Sentence sentence) =>
        Math.Max(sentence.Words.Length, (sentence.Text?.Text.Length ?? 0) / CharactersAWord);

    /// <summary>Of all sentences, in words.</summary>
    public long Cost { get; }

    /// <summary>When it came, by <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Arrival { get; } = System.Diagnostics.Stopwatch.GetTimestamp();

    /// <summary>Whether a batch took some of it.</summary>
    public bool HasBegun => taken > 0;

    /// <summary>Whether sentences wait for a batch.</summary>
    public bool HasMore => taken < sentences.Length;

    /// <summary>Nobody waits for it any more: it was answered, or given up.</summary>
    public bool IsOver => result.Task.IsCompleted;

    /// <summary>The next sentence that waits, and its place.</summary>
    public (Sentence Sentence, int Place) Take() => (sentences[taken], taken++);

    /// <summary>Of what counts as waiting, so much does no more.</summary>
    /// <returns>That, or 0 where nothing of the work counts any more.</returns>
    public long StopCounting(long cost)
    {
        var counted = Volatile.Read(ref waiting);
        return counted > 0 && Interlocked.CompareExchange(ref waiting, counted - cost, counted) == counted ? cost : 0;
    }

    /// <summary>Nothing of the work counts as waiting any more.</summary>
    /// <returns>What did until now, in words.</returns>
    public long StopCounting() => Interlocked.Exchange(ref waiting, 0);

    /// <summary>A sentence's result; the last one completes the work.</summary>
    public void Complete(int place, TaggedSentence sentence)
    {
        tagged[place] = sentence;
        if (++done == tagged.Length) result.TrySetResult(tagged);
    }

    /// <summary>It cannot be done.</summary>
    public void Fail(Exception error) => result.TrySetException(error);

    /// <summary>The sentences in their order; who stops waiting gives the work up.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<TaggedSentence[]> WaitAsync(CancellationToken cancellation)
    {
        await using var giveUp = cancellation.Register(() => result.TrySetCanceled(cancellation));
        return await result.Task;
    }
}
