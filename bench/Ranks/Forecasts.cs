using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Bench;

/// <summary>A cluster as the model takes it; nothing of it was measured.</summary>
/// <param name="Teraflops">Of a GPU, reached in training steps.</param>
/// <param name="GpusOfMachine">Joined by NVLink.</param>
/// <param name="InsideGigabytes">A second and GPU, between GPUs of a machine.</param>
/// <param name="OutsideGigabytes">A second and GPU, between machines.</param>
/// <param name="InsideMicroseconds">Of a hop between GPUs of a machine.</param>
/// <param name="OutsideMicroseconds">Of a hop between machines.</param>
sealed record Cluster(double Teraflops = 15, int GpusOfMachine = 8, double InsideGigabytes = 300,
    double OutsideGigabytes = 40, double InsideMicroseconds = 4, double OutsideMicroseconds = 12)
{
    /// <summary>A ring's bandwidth and a tree's latency: what NCCL chooses between is the better of each.</summary>
    public LinkTimes Link(int ranks)
    {
        var isInside = ranks <= GpusOfMachine;
        var perByte = 1e-9 / (isInside ? InsideGigabytes : OutsideGigabytes);
        var hops = Math.Log2(Math.Min(ranks, GpusOfMachine)) * InsideMicroseconds
            + Math.Log2(Math.Max(1.0, (double)ranks / GpusOfMachine)) * OutsideMicroseconds;
        ExchangeCost Cost(double bytes, double passes) =>
            new(passes * hops * 1e-6, bytes * perByte, bytes * perByte, 0);
        return new(Cost(2.0 * (ranks - 1) / ranks, 2), Cost(ranks - 1, 1));
    }
}

/// <summary>The paper's language model on many GPUs, each with the paper's batch: what the model says.</summary>
static class Forecasts
{
    const int Words = 800_000, DistinctRows = 1_100;

    public static void Run(double bucketMebibytes)
    {
        var (options, cluster) = (new LanguageModelOptions(), new Cluster());
        var (recurrent, softmax) = Parameters(options);
        var tokens = (double)options.BatchSize * options.Steps;
        // Forward 2, backward 4 operations for each weight and token; of the softmax, the head's.
        var weights = recurrent + (double)options.ProjectionSize * (options.Cutoffs[0] + options.Cutoffs.Count);
        var compute = 6 * weights * tokens / (cluster.Teraflops * 1e12);
        var gradients = 4 * (recurrent + softmax);
        Console.WriteLine($"{recurrent / 1e6:f1} M weights of layers and projection, {softmax / 1e6:f1} M of the "
            + $"softmax: {gradients / 1e6:f0} MB of gradients; {tokens:f0} tokens a GPU and step, "
            + $"{6 * weights * tokens / 1e12:f2} TFLOP, {compute * 1e3:f1} ms");
        Console.WriteLine($"{"GPUs",5} {"ms a step",10} {"exposed ms",11} {"of ideal",9} {"M tokens/s",11} "
            + $"{"rows ms",8} {"without rows",13}");
        foreach (var ranks in new[] { 1, 8, 64, 1024 })
        {
            var link = cluster.Link(ranks);
            var rows = 4.0 * DistinctRows * options.EmbeddingSize;
            var step = Step(compute, gradients, bucketMebibytes * (1 << 20), rows);
            var (whole, dense) = ranks == 1 ? (new(compute, 0), new(compute, 0))
                : (StepModel.Forecast(step, link, carryingTakesProcessor: false),
                    StepModel.Forecast(step with { Exchanges = [.. step.Exchanges.Where(one => one.IsSum)] }, link,
                        carryingTakesProcessor: false));
            Console.WriteLine($"{ranks,5} {whole.Seconds * 1e3,10:f1} {whole.Exposed * 1e3,11:f1} "
                + $"{compute / whole.Seconds,9:p0} {ranks * tokens / whole.Seconds / 1e6,11:f2} "
                + $"{(ranks == 1 ? 0 : link.Gather.Seconds(rows)) * 1e3,8:f1} "
                + $"{compute / dense.Seconds,13:p0}");
        }
    }

    // The backward pass is two thirds of a step; its gradients come evenly.
    static StepTimes Step(double compute, double gradients, double bucket, double rows)
    {
        var buckets = (int)Math.Ceiling(gradients / bucket);
        var sums = Enumerable.Range(1, buckets).Select(i => new StepExchange(true, (int)(gradients / buckets),
            compute * (1 + 2.0 * i / buckets) / 3));
        return new(compute, compute, compute, 0,
            [.. sums, new(false, sizeof(int), compute), new(false, (int)rows, compute)]);
    }

    static (double Recurrent, double Softmax) Parameters(LanguageModelOptions options)
    {
        double recurrent = 0;
        for (var layer = 0; layer < options.Layers; layer++)
            recurrent += 4.0 * options.HiddenSize
                * (options.EmbeddingSize + layer * options.HiddenSize + options.HiddenSize + 2);
        recurrent += (double)options.ProjectionSize * (options.EmbeddingSize + options.Layers * options.HiddenSize);
        double softmax = (double)options.ProjectionSize * (options.Cutoffs[0] + options.Cutoffs.Count);
        for (var tail = 0; tail < options.Cutoffs.Count; tail++)
        {
            var words = (tail + 1 < options.Cutoffs.Count ? options.Cutoffs[tail + 1] : Words) - options.Cutoffs[tail];
            var inner = options.ProjectionSize / Math.Pow(4, tail + options.TailExponentStart);
            softmax += inner * (options.ProjectionSize + words);
        }
        return (recurrent, softmax);
    }
}
