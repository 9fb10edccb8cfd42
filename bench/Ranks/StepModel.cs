namespace LdNetGpu.Bench;

/// <summary>What the model says of a step.</summary>
/// <param name="Seconds">Of the step.</param>
/// <param name="Exposed">Seconds of it in which nothing is computed, for something is on its way.</param>
sealed record StepForecast(double Seconds, double Exposed);

/// <summary>
/// The cost of a step with exchanges. Buckets set out as soon as they are packed, several at once: each takes its
/// latency and its bytes at the rate of a lone exchange, and no byte leaves before those ahead of it have left at the
/// rate of the wire. Rows of tables go after the backward pass, one exchange after the other. What carrying takes of a
/// processor that computes is added to the computation.
/// </summary>
static class StepModel
{
    /// <param name="free">A step whose exchanges are not carried.</param>
    /// <param name="link">Of the exchanges by themselves.</param>
    /// <param name="carryingTakesProcessor">Whether who carries has no processor of its own.</param>
    public static StepForecast Forecast(StepTimes free, LinkTimes link, bool carryingTakesProcessor = true)
    {
        var (late, wireFree, end) = (0.0, 0.0, 0.0);
        foreach (var sum in free.Exchanges.Where(one => one.IsSum))
        {
            var begun = sum.Begun + late;
            var leaves = Math.Max(begun, wireFree);
            wireFree = leaves + sum.Bytes * link.Sum.WirePerByte;
            end = Math.Max(end, Math.Max(wireFree, begun + sum.Bytes * link.Sum.SecondsPerByte) + link.Sum.Latency);
            // What the wire has not taken when the pass ends finds the processor waiting.
            var overlapped = Math.Clamp((free.BackwardEnd + late - leaves) / (wireFree - leaves), 0, 1) * sum.Bytes;
            if (carryingTakesProcessor) late += overlapped * link.Sum.ProcessorPerByte;
        }
        var backwardEnd = free.BackwardEnd + late;
        var rows = backwardEnd;
        foreach (var gather in free.Exchanges.Where(one => !one.IsSum))
        {
            wireFree = Math.Max(rows, wireFree) + gather.Bytes * link.Gather.WirePerByte;
            var lone = rows + gather.Bytes * link.Gather.SecondsPerByte;
            // A few bytes go between those of the buckets.
            rows = Math.Max(gather.Bytes > Small ? wireFree : 0, lone) + link.Gather.Latency;
        }
        end = Math.Max(end, rows);
        var exposed = Math.Max(0, end - backwardEnd);
        return new(free.Seconds + late + exposed, exposed);
    }

    const int Small = 1024;
}
