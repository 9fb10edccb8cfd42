namespace LdNetGpu.Bench;

/// <summary>What the model says of a step.</summary>
/// <param name="Seconds">Of the step.</param>
/// <param name="Exposed">Seconds of it in which nothing is computed, for something is on its way.</param>
sealed record StepForecast(double Seconds, double Exposed);

/// <summary>
/// The cost of a step with exchanges. Buckets set out as soon as they are packed, several at once: each takes its latency
/// and its bytes at the rate of a lone exchange, and no byte leaves before those ahead of it have left at the rate of the
/// wire. Rows of tables go after the backward pass, one exchange after the other. What carrying takes of a processor that
/// computes is added to the computation.
/// </summary>
static class StepModel
{
    /// <param name="meeting">A step whose exchanges carry one number each.</param>
    /// <param name="link">Of the exchanges by themselves.</param>
    /// <param name="carryingTakesProcessor">Whether who carries has no processor of its own.</param>
    public static StepForecast Forecast(StepTimes meeting, LinkTimes link, bool carryingTakesProcessor = true)
    {
        var (late, wireFree, end) = (0.0, 0.0, 0.0);
        foreach (var sum in meeting.Exchanges.Where(one => one.IsSum))
        {
            var begun = sum.Begun + late;
            wireFree = Math.Max(begun, wireFree) + sum.Bytes * link.Sum.WirePerByte;
            end = Math.Max(end, Math.Max(wireFree, begun + sum.Bytes * link.Sum.SecondsPerByte) + link.Sum.Latency);
            if (carryingTakesProcessor) late += sum.Bytes * link.Sum.ProcessorPerByte;
        }
        var backwardEnd = meeting.BackwardEnd + (carryingTakesProcessor ? Overlapped(meeting) * link.Sum.ProcessorPerByte : 0);
        var rows = backwardEnd;
        foreach (var gather in meeting.Exchanges.Where(one => !one.IsSum))
        {
            wireFree = Math.Max(rows, wireFree) + gather.Bytes * link.Gather.WirePerByte;
            var lone = rows + gather.Bytes * link.Gather.SecondsPerByte;
            // A few bytes go between those of the buckets.
            rows = Math.Max(gather.Bytes > Small ? wireFree : 0, lone) + link.Gather.Latency;
        }
        end = Math.Max(end, rows);
        return new(meeting.Mean + (backwardEnd - meeting.BackwardEnd) + Math.Max(0, end - backwardEnd),
            Math.Max(0, end - backwardEnd));
    }

    const int Small = 1024;

    // Bytes that are carried while the pass goes on: the rest finds the processor waiting.
    static double Overlapped(StepTimes meeting) =>
        meeting.Exchanges.Where(one => one.IsSum && one.Begun < 0.95 * meeting.BackwardEnd).Sum(one => (double)one.Bytes);
}
