using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>One chunk of truncated backpropagation through time.</summary>
/// <param name="Index">Its place in the epoch; the state is carried from <c>Index - 1</c>, and is zero at 0.</param>
/// <param name="Steps">T: as asked, or fewer in the epoch's last chunk.</param>
/// <param name="Streams">B.</param>
/// <param name="Inputs">Ids, time-major [T · B]: step t of stream b at t · B + b.</param>
/// <param name="Targets">The id that follows each input, [T · B]; -1 where none does and nothing is to be
/// predicted.</param>
/// <param name="TargetCount">Targets that are not -1.</param>
sealed record BpttChunk(int Index, int Steps, int Streams, int[] Inputs, int[] Targets, int TargetCount)
{
    /// <summary>Some of the streams.</summary>
    /// <param name="share">Which; at least one.</param>
    public BpttChunk Part(RowShare share)
    {
        int[] Of(int[] whole)
        {
            var part = new int[Steps * share.Rows];
            for (var t = 0; t < Steps; t++)
                for (var s = 0; s < share.Rows; s++)
                    part[t * share.Rows + s] = whole[t * Streams + share.First + s * share.Stride];
            return part;
        }

        var targets = Of(Targets);
        return new(Index, Steps, share.Rows, Of(Inputs), targets, targets.Count(target => target >= 0));
    }
}

/// <summary>
/// Cuts a token sequence into B contiguous streams and those into chunks of T steps, so that the recurrent state of one
/// chunk starts the next one. A chunk is a function of its index alone: to resume is to go on at an index.
/// </summary>
/// <remarks>
/// <para>The sequence x_0 ... x_{N-1} ends with a sentence end, and another one is thought before it. Forward, x_i is
/// predicted from what stands before it: N targets. Backward, the row is read from its end: the input starts with
/// x_{N-1}, the last sentence end, the targets are x_{N-2} ... x_0 and the sentence end in front: N targets again, the
/// same words and as many sentence ends.</para>
/// <para>In training all streams have floor(N / B) targets and the fewer than B left over at the end are not used. In
/// evaluation each target counts exactly once: the first N mod B streams have one target more, the others get -1 in
/// that step; where there are fewer targets than streams, B falls to N.</para>
/// </remarks>
sealed class BpttStream
{
    readonly ITokenSequence tokens;
    readonly int sentenceEnd;
    readonly bool backward;
    readonly long shortest;
    readonly int longer;

    BpttStream(ITokenSequence tokens, int sentenceEnd, int streams, int steps, bool backward, bool everyTarget)
    {
        (this.tokens, this.sentenceEnd, this.backward) = (tokens, sentenceEnd, backward);
        (Streams, Steps) = (streams, steps);
        shortest = tokens.Count / streams;
        longer = everyTarget ? (int)(tokens.Count % streams) : 0;
        var chunks = (shortest + (longer > 0 ? 1 : 0) + steps - 1) / steps;
        if (chunks > int.MaxValue)
            throw new UserException(Invariant($"{tokens.Count:N0} tokens in {streams} streams of {steps} steps are ")
                + Invariant($"{chunks:N0} chunks, more than {int.MaxValue:N0}: raise the batch size or the steps."));
        ChunkCount = (int)chunks;
        TargetCount = shortest * streams + longer;
    }

    /// <summary>B.</summary>
    public int Streams { get; }

    /// <summary>T, of every chunk but perhaps the last.</summary>
    public int Steps { get; }

    /// <summary>Chunks in an epoch.</summary>
    public int ChunkCount { get; }

    /// <summary>Targets in an epoch.</summary>
    public long TargetCount { get; }

    /// <summary>For training.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="sentenceEnd">Id of the sentence end.</param>
    /// <param name="streams">B, at least 1.</param>
    /// <param name="steps">T, at least 1.</param>
    /// <param name="backward">For the backward language model: the whole text is read from its end.</param>
    /// <exception cref="UserException">The text has fewer than 2 · B tokens.</exception>
    public static BpttStream ForTraining(ITokenSequence tokens, int sentenceEnd, int streams, int steps, bool backward)
    {
        Check(streams, steps);
        if (tokens.Count < 2L * streams)
            throw new UserException(
                $"The training text has {tokens.Count} tokens, sentence ends among them; {streams} streams need at "
                + $"least {2L * streams}. Give more text or lower the batch size to {Math.Max(1, tokens.Count / 2)} or "
                + "less.");
        return new BpttStream(tokens, sentenceEnd, streams, steps, backward, everyTarget: false);
    }

    /// <summary>For evaluation: every target counts exactly once.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="sentenceEnd">Id of the sentence end.</param>
    /// <param name="streams">B, at least 1; each stream but the first starts inside the text without what stands
    /// before.</param>
    /// <param name="steps">T, at least 1.</param>
    /// <param name="backward">For the backward language model.</param>
    /// <exception cref="UserException">The text is empty.</exception>
    public static BpttStream ForEvaluation(ITokenSequence tokens, int sentenceEnd, int streams, int steps,
        bool backward)
    {
        Check(streams, steps);
        if (tokens.Count == 0) throw new UserException("The text to evaluate on holds no tokens.");
        return new BpttStream(tokens, sentenceEnd, (int)Math.Min(streams, tokens.Count), steps, backward,
            everyTarget: true);
    }

    /// <summary>Chunk <paramref name="index"/> of the epoch.</summary>
    public BpttChunk Chunk(int index)
    {
        if (index < 0 || index >= ChunkCount)
            throw new ArgumentOutOfRangeException(nameof(index), $"Chunk {index} of {ChunkCount}.");
        var first = (long)index * Steps;
        var steps = (int)Math.Min(Steps, shortest + (longer > 0 ? 1 : 0) - first);
        var inputs = new int[steps * Streams];
        var targets = new int[steps * Streams];
        var row = new int[steps + 1];
        var targetCount = 0;
        for (var stream = 0; stream < Streams; stream++)
        {
            var length = shortest + (stream < longer ? 1 : 0);
            var here = (int)Math.Min(steps, length - first);
            Read(stream * shortest + Math.Min(stream, longer) + first, row.AsSpan(0, here + 1));
            for (var t = 0; t < steps; t++)
            {
                inputs[t * Streams + stream] = t < here ? row[t] : sentenceEnd;
                targets[t * Streams + stream] = t < here ? row[t + 1] : -1;
            }
            targetCount += here;
        }
        return new BpttChunk(index, steps, Streams, inputs, targets, targetCount);
    }

    /// <summary>
    /// Where in the text the target of a step stands; of the sentence end in front of it, which backward is predicted
    /// in place of the last one, there.
    /// </summary>
    /// <param name="index">Of the chunk.</param>
    /// <param name="step">In the chunk.</param>
    /// <param name="stream">One that has a target there.</param>
    public long TargetPlace(int index, int step, int stream)
    {
        var place = stream * shortest + Math.Min(stream, longer) + (long)index * Steps + step;
        return !backward ? place : place == tokens.Count - 1 ? place : tokens.Count - 2 - place;
    }

    /// <summary>
    /// Places <paramref name="start"/> ... of the row that is a sentence end and then the text, or of that row
    /// reversed.
    /// </summary>
    void Read(long start, Span<int> row)
    {
        // Place p of the forward row is x_{p-1}; of the backward row x_{N-1-p}; x_{-1} is the sentence end in front.
        var low = backward ? tokens.Count - start - row.Length : start - 1;
        if (low < 0)
        {
            row[0] = sentenceEnd;
            tokens.CopyTo(0, row[1..]);
        }
        else
        {
            tokens.CopyTo(low, row);
        }
        if (backward) row.Reverse();
    }

    static void Check(int streams, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(streams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
    }
}
