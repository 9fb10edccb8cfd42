using System.Diagnostics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Bench;

/// <summary>An exchange that a step begins.</summary>
/// <param name="IsSum">Of gradients; else rows of tables.</param>
/// <param name="Bytes">Of this rank.</param>
/// <param name="Begun">Seconds after the step's begin.</param>
sealed record StepExchange(bool IsSum, int Bytes, double Begun);

/// <summary>What a rank's steps took; of several ranks, the latest's. Means.</summary>
/// <param name="Seconds">Of the whole step.</param>
/// <param name="BackwardEnd">Seconds until the backward pass is over.</param>
/// <param name="ProcessorSeconds">Processor time of a step, all threads of this rank.</param>
/// <param name="Waited">Seconds of a step in which this rank waited for exchanges.</param>
/// <param name="Exchanges">In their order.</param>
sealed record StepTimes(double Seconds, double BackwardEnd, double ProcessorSeconds, double Waited,
    IReadOnlyList<StepExchange> Exchanges)
{
    public static StepTimes Mean(IReadOnlyList<StepTimes> steps) => new(steps.Average(step => step.Seconds),
        steps.Average(step => step.BackwardEnd), steps.Average(step => step.ProcessorSeconds),
        steps.Average(step => step.Waited),
        [.. steps[0].Exchanges.Select((one, i) => new StepExchange(one.IsSum,
            (int)steps.Average(step => step.Exchanges[i].Bytes), steps.Average(step => step.Exchanges[i].Begun)))]);
}

/// <summary>A rank that trains a language model on words drawn at random, step by step, as the trainer does.</summary>
sealed class TrainingRank : IDisposable
{
    readonly Work work;
    readonly TimedLink link;
    readonly RankGroup? ranks;
    readonly CpuBackend<float> backend;
    readonly LanguageModel<float> model;
    readonly Adam<float> optimizer;
    readonly GradientExchange? exchange;
    int step;

    /// <param name="work">What is trained.</param>
    /// <param name="link">To the other ranks.</param>
    /// <param name="threads">That compute.</param>
    public TrainingRank(Work work, TimedLink link, int threads)
    {
        (this.work, this.link) = (work, link);
        backend = new(new CpuDevice(threads));
        model = new(backend, work.Options, work.Words);
        model.Initialize(new RandomStream(new RandomKey(1, 0, 1)));
        optimizer = new(model.Trainable());
        if (link.Size == 1) return;
        ranks = new(link, new() { BucketBytes = work.BucketBytes });
        exchange = new(ranks, model.Trainable().Select(entry => entry.Parameter), work.BucketBytes);
    }

    /// <summary>One step, which all ranks begin together.</summary>
    public StepTimes Step()
    {
        link.Clear();
        var chunk = Chunk(step);
        var (waited, processor) = (ranks?.Traffic.Waited ?? default, Environment.CpuUsage.TotalTime);
        var begun = Stopwatch.GetTimestamp();
        var backwardEnd = Train(chunk, begun);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        waited = (ranks?.Traffic.Waited ?? default) - waited;
        step++;
        StepExchange[] exchanges = [.. link.Begun.Select(one => new StepExchange(one.IsSum, one.Bytes,
            Stopwatch.GetElapsedTime(begun, one.Begun).TotalSeconds))];
        var latest = link.Largest([seconds, backwardEnd, .. exchanges.Select(one => one.Begun)]);
        return new(latest[0], latest[1], processor.TotalSeconds, waited.TotalSeconds,
            [.. exchanges.Select((one, i) => one with { Begun = latest[2 + i] })]);
    }

    public void Dispose()
    {
        exchange?.Dispose();
        optimizer.Dispose();
        model.Dispose();
        ranks?.Dispose();
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2]
            : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }

    // Seconds after its begin at which the backward pass is over.
    double Train(BpttChunk chunk, long begun)
    {
        using var scope = new TensorScope();
        using var tape = new Tape<float>();
        var share = ranks?.ShareOf(work.Batch) ?? default;
        var mine = ranks is null ? chunk : chunk.Part(share);
        var (losses, _) = model.Losses(new IntTensor(backend.Device, mine.Inputs),
            new IntTensor(backend.Device, mine.Targets), mine.Steps, mine.Streams, null,
            ForwardContext.Training(1, step, share));
        var mean = losses.Mean().Scale((double)mine.Streams / work.Batch);
        exchange?.Begin();
        if (exchange is not null) tape.GradientReady = exchange.Ready;
        tape.Backward(mean);
        var backwardEnd = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        exchange?.End(mean.Item(), wantsToStop: false);
        optimizer.Step(5, mean);
        return backwardEnd;
    }

    // Words by a law like that of texts: the id, from 0, falls off as 1 / (id + 1).
    BpttChunk Chunk(int step)
    {
        var random = new RandomStream(new RandomKey(7, (uint)step, 0));
        int[] Draw() => [.. Enumerable.Range(0, Work.Steps * work.Batch).Select(_ =>
            Math.Min(work.Words - 1, (int)Math.Pow(work.Words, random.NextDouble()) - 1))];
        return new(step, Work.Steps, work.Batch, Draw(), Draw(), Work.Steps * work.Batch);
    }
}
