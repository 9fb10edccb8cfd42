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

/// <summary>Medians over a rank's steps.</summary>
/// <param name="Seconds">Of the whole step.</param>
/// <param name="BackwardEnd">Seconds until the backward pass is over.</param>
/// <param name="ExchangeEnd">Seconds until every gradient is that of all ranks.</param>
/// <param name="Mean">Seconds of a step, the mean.</param>
/// <param name="ProcessorSeconds">Processor time of a step, all threads.</param>
/// <param name="Waited">Seconds of a step that waited for exchanges, the mean.</param>
/// <param name="Exchanges">In their order.</param>
/// <param name="Library">What carried them.</param>
sealed record StepTimes(double Seconds, double BackwardEnd, double ExchangeEnd, double Mean, double ProcessorSeconds,
    double Waited, IReadOnlyList<StepExchange> Exchanges, string Library);

/// <summary>A rank that trains a language model on words drawn at random, step by step, as the trainer does.</summary>
sealed class TrainingRank : IDisposable
{
    const int WarmUp = 5;

    readonly Work work;
    readonly TimedLink link;
    readonly bool meetsOnly;
    readonly RankGroup? ranks;
    readonly CpuBackend<float> backend;
    readonly LanguageModel<float> model;
    readonly Adam<float> optimizer;
    readonly GradientExchange? exchange;

    /// <param name="work">What is trained.</param>
    /// <param name="link">To the other ranks.</param>
    /// <param name="threads">That compute.</param>
    /// <param name="meetsOnly">Whether steps exchange one number where they would exchange gradients.</param>
    public TrainingRank(Work work, TimedLink link, int threads, bool meetsOnly = false)
    {
        (this.work, this.link, this.meetsOnly) = (work, link, meetsOnly);
        backend = new(new CpuDevice(threads));
        model = new(backend, work.Options, work.Words);
        model.Initialize(new RandomStream(new RandomKey(1, 0, 1)));
        optimizer = new(model.Trainable());
        if (link.Size == 1) return;
        ranks = new(link, new() { BucketBytes = work.BucketBytes });
        exchange = new(ranks, model.Trainable().Select(entry => entry.Parameter), work.BucketBytes);
    }

    /// <summary>Trains for at least so long.</summary>
    public StepTimes Measure(double seconds)
    {
        link.MeetsOnly = meetsOnly;
        for (var step = 0; step < WarmUp; step++) Step(step);
        var (clock, steps) = (Stopwatch.StartNew(), new List<(long[] Marks, StepExchange[] Exchanges)>());
        // As many steps on every rank: the first one decides.
        var count = Math.Max(5, (int)(seconds / Math.Max(1e-3, Median([Time(Step(WarmUp)), Time(Step(WarmUp + 1))]))));
        link.MeetsOnly = false;
        if (ranks is not null) count = BitConverter.ToInt32(ranks.FromFirst(BitConverter.GetBytes(count)));
        link.MeetsOnly = meetsOnly;
        var (waited, processor) = (ranks?.Traffic.Waited ?? default, Process.GetCurrentProcess().TotalProcessorTime);
        clock.Restart();
        for (var step = 0; step < count; step++) steps.Add(Step(WarmUp + 2 + step));
        var mean = clock.Elapsed.TotalSeconds / count;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        double Mark(int from, int to) =>
            Median([.. steps.Select(step => Stopwatch.GetElapsedTime(step.Marks[from], step.Marks[to]).TotalSeconds)]);
        var exchanges = steps[0].Exchanges.Select((one, i) => one with
        {
            Bytes = (int)Median([.. steps.Select(step => (double)step.Exchanges[i].Bytes)]),
            Begun = Median([.. steps.Select(step => step.Exchanges[i].Begun)]),
        });
        return new(Mark(0, 3), Mark(0, 1), Mark(0, 2), mean, processor.TotalSeconds / count,
            ((ranks?.Traffic.Waited ?? default) - waited).TotalSeconds / count, [.. exchanges], link.Name);
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

    static double Time((long[] Marks, StepExchange[]) step) =>
        Stopwatch.GetElapsedTime(step.Marks[0], step.Marks[3]).TotalSeconds;

    (long[] Marks, StepExchange[] Exchanges) Step(int step)
    {
        link.Clear();
        var marks = new long[4];
        var chunk = Chunk(step);
        marks[0] = Stopwatch.GetTimestamp();
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
        marks[1] = Stopwatch.GetTimestamp();
        exchange?.End(mean.Item(), wantsToStop: false);
        marks[2] = Stopwatch.GetTimestamp();
        optimizer.Step(5, mean);
        marks[3] = Stopwatch.GetTimestamp();
        return (marks, [.. link.Begun.Select(one => new StepExchange(one.IsSum, one.Bytes,
            Stopwatch.GetElapsedTime(marks[0], one.Begun).TotalSeconds))]);
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
