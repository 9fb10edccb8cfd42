using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The CRF on the CPU, sentences in parallel. All arithmetic is in double, whatever T: scores of float are exact in it,
/// and the sweeps of one sentence fit the caches. A sentence's results do not depend on its batch, nor any result on
/// the number of threads.
/// </summary>
sealed unsafe class CpuCrf<T>(CpuDevice device) : ICrf<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Blocks depend on the batch alone, as transition gradients are summed block by block. Few sentences a block, so
    // that threads get equal shares of a small batch; a bounded number of blocks, as each holds K x K sums.
    const int SentencesPerBlock = 4, LargestBlockCount = 64;

    public void LogPartition(in CrfBatch<T> batch, MatrixView<T> logPartition)
    {
        CrfChecks.LogPartition(device, batch, logPartition);
        using var transitions = CrfTransitions.Read(device, batch);
        OverSentences(batch, transitions, (work, sentence, _) =>
            *Element(logPartition, sentence) = T.CreateTruncating(ForwardBackward.Forward(transitions, work)));
    }

    public void Score(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
    {
        CrfChecks.Score(device, batch, tags, scores);
        for (var sentence = 0; sentence < batch.Batch; sentence++)
            *Element(scores, sentence) = T.CreateTruncating(GoldPath.Score(batch, tags.Span, sentence));
    }

    public CrfSweeps NewSweeps() => new();

    public void NegativeLogLikelihood(in CrfBatch<T> batch, IndexView tags, MatrixView<T> negativeLogLikelihood,
        MatrixView<T> weights, MatrixView<T> emissionsGradient, MatrixView<T> transitionsGradient, bool accumulate,
        CrfSweeps? sweeps = null)
    {
        CrfChecks.NegativeLogLikelihood(device, batch, tags, negativeLogLikelihood, weights, emissionsGradient,
            transitionsGradient);
        var hasGradient = !emissionsGradient.IsNone || !transitionsGradient.IsNone;
        if (sweeps is { IsFilled: true } && !hasGradient) sweeps.Dispose();
        sweeps?.ThrowIfNotOf(batch);
        var isSwept = sweeps is { IsFilled: true };
        // The gradients' call leaves nothing behind.
        using var used = hasGradient ? sweeps : null;
        var kept = hasGradient && !isSwept ? null : sweeps;
        var gold = GoldScores(batch, tags);
        var transitions = isSwept ? sweeps!.Transitions! : CrfTransitions.Read(device, batch);
        using var ownTransitions = kept is null ? transitions : null;
        var partitions = isSwept ? sweeps!.LogPartition : new double[batch.Batch];
        if (kept is not null && !isSwept)
            (kept.Of, kept.Transitions, kept.Sentences, kept.LogPartition) =
                (CrfSweeps.SizesOf(batch), transitions, new CrfSentence?[batch.Batch], partitions);
        using var expectations = transitionsGradient.IsNone
            ? null : new TransitionExpectations(device, transitions, Blocks(batch.Batch));
        var call = batch;
        OverSentences(batch, transitions, (work, sentence, block) =>
        {
            if (!isSwept) partitions[sentence] = ForwardBackward.Forward(transitions, work);
            // Only rounding can make a sequence likelier than all together.
            *Element(negativeLogLikelihood, sentence) =
                T.CreateTruncating(Math.Max(0, partitions[sentence] - gold[sentence]));
            if (!hasGradient) return;
            var weight = double.CreateTruncating(*Element(weights, sentence));
            ForwardBackward.Backward(transitions, work, weight, expectations, block);
            work.SubtractGold(call, tags.Span, sentence, transitions);
            if (expectations != null)
            {
                expectations.AddEnds(block, work, weight);
                expectations.SubtractGold(block, call, tags.Span, sentence, weight);
            }
            if (!emissionsGradient.IsNone)
                work.Write(emissionsGradient, sentence, call.Batch, call.Steps, transitions, weight, accumulate);
        }, kept);
        expectations?.AddTo(transitionsGradient, batch.StartTag, batch.EndTag);
    }

    public void Marginals(in CrfBatch<T> batch, MatrixView<T> marginals, MatrixView<T> logPartition)
    {
        CrfChecks.Marginals(device, batch, marginals, logPartition);
        using var transitions = CrfTransitions.Read(device, batch);
        var (steps, sentences) = (batch.Steps, batch.Batch);
        OverSentences(batch, transitions, (work, sentence, _) =>
        {
            var result = ForwardBackward.Forward(transitions, work);
            if (double.IsNegativeInfinity(result)) throw ForbiddenTagsException.NoSequence(sentence);
            *Element(logPartition, sentence) = T.CreateTruncating(result);
            ForwardBackward.Backward(transitions, work, 1, null, 0);
            work.Write(marginals, sentence, sentences, steps, transitions, weight: 1, accumulate: false);
        });
    }

    public void Viterbi(in CrfBatch<T> batch, IndexView tags, MatrixView<T> scores)
    {
        CrfChecks.Viterbi(device, batch, tags, scores);
        using var transitions = CrfTransitions.Read(device, batch);
        var (steps, sentences) = (batch.Steps, batch.Batch);
        OverSentences(batch, transitions, (work, sentence, _) =>
        {
            var path = new int[work.Length];
            var score = Crf.Viterbi.Decode(transitions, work, path);
            if (double.IsNegativeInfinity(score)) throw ForbiddenTagsException.NoSequence(sentence);
            *Element(scores, sentence) = T.CreateTruncating(score);
            var result = tags.Span;
            for (var t = 0; t < steps; t++)
                result[t * sentences + sentence] = t < path.Length ? transitions.Tags[path[t]] : -1;
        });
    }

    public CrfPath[][] NBest(in CrfBatch<T> batch, int n)
    {
        CrfChecks.Batch(device, "crf n-best", batch);
        CrfChecks.Paths("crf n-best", n);
        using var transitions = CrfTransitions.Read(device, batch);
        var results = new CrfPath[batch.Batch][];
        OverSentences(batch, transitions, (work, sentence, _) =>
        {
            var paths = Crf.NBest.Decode(transitions, work, n);
            // After the paths: the forward sweep overwrites the emissions.
            var logPartition = ForwardBackward.Forward(transitions, work);
            results[sentence] = [.. paths.Select(path => new CrfPath(
                Array.ConvertAll(path.Path, index => transitions.Tags[index]),
                Math.Min(0, path.Score - logPartition)))];
        });
        return results;
    }

    static T* Element(MatrixView<T> view, int row) => view.Pointer + (long)row * view.RowStride;

    static int BlockSize(int sentences) =>
        Math.Max(SentencesPerBlock, (sentences + LargestBlockCount - 1) / LargestBlockCount);

    static int Blocks(int sentences) => (sentences + BlockSize(sentences) - 1) / BlockSize(sentences);

    static double[] GoldScores(in CrfBatch<T> batch, IndexView tags)
    {
        var gold = new double[batch.Batch];
        for (var sentence = 0; sentence < gold.Length; sentence++)
        {
            gold[sentence] = GoldPath.Score(batch, tags.Span, sentence);
            if (double.IsNegativeInfinity(gold[sentence])) throw GoldPath.Forbidden(batch, tags.Span, sentence);
        }
        return gold;
    }

    // body(emissions and working memory, sentence, its block). Kept sentences have memory of their own, and are read in
    // only once.
    void OverSentences(CrfBatch<T> batch, CrfTransitions transitions, Action<CrfSentence, int, int> body,
        CrfSweeps? kept = null)
    {
        var blockSize = BlockSize(batch.Batch);
        device.Workers.Run(Blocks(batch.Batch), block =>
        {
            using var shared = kept is null ? new CrfSentence(device, batch.Steps, transitions) : null;
            for (var sentence = block * blockSize; sentence < Math.Min(batch.Batch, (block + 1) * blockSize);
                sentence++)
            {
                var work = kept?.Sentences[sentence];
                if (work is null)
                {
                    work = shared
                        ?? (kept!.Sentences[sentence] =
                            new CrfSentence(device, batch.Lengths.Span[sentence], transitions));
                    work.Read(batch, sentence, transitions);
                }
                body(work, sentence, block);
            }
        });
    }
}
