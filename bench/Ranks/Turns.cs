using System.Diagnostics;

namespace LdNetGpu.Bench;

/// <summary>A link, steps without anything to carry, and the same steps with it.</summary>
/// <param name="Link">Exchanges by themselves.</param>
/// <param name="Free">Steps whose exchanges are not carried.</param>
/// <param name="Steps">Steps as they are trained.</param>
/// <param name="Library">That carried.</param>
sealed record RankTimes(LinkTimes Link, StepTimes Free, StepTimes Steps, string Library);

/// <summary>
/// Measures what the model takes and what it is held against in turns, within one process: on a shared machine the same
/// computation takes half as long again a few seconds later.
/// </summary>
static class Turns
{
    const int WarmUp = 5, Least = 4, Count = 3;

    /// <summary>One process by itself: for at least so long.</summary>
    public static StepTimes Alone(TrainingRank rank, double seconds)
    {
        for (var step = 0; step < WarmUp; step++) rank.Step();
        var (clock, steps) = (Stopwatch.StartNew(), new List<StepTimes>());
        while (steps.Count < Least || clock.Elapsed.TotalSeconds < seconds) steps.Add(rank.Step());
        return StepTimes.Mean(steps);
    }

    /// <summary>For about so long each of the three; the ranks take as many steps.</summary>
    /// <param name="rank">Of this process.</param>
    /// <param name="link">Of the rank.</param>
    /// <param name="seconds">Of each of the three.</param>
    /// <param name="wire">The process that carries packets; null on one machine.</param>
    public static RankTimes Ranks(TrainingRank rank, TimedLink link, double seconds, Process? wire)
    {
        for (var step = 0; step < WarmUp; step++) rank.Step();
        var (links, free, steps) = (new List<LinkTimes>(), new List<StepTimes>(), new List<StepTimes>());
        for (var turn = 0; turn < Count; turn++)
        {
            links.Add(LinkRank.Measure(link, seconds / Count, wire));
            // All ranks have the same times, and end together.
            for (var (taken, pairs) = (0.0, 0); pairs < Least || taken < 2 * seconds / Count; pairs++)
            {
                link.Carries = false;
                free.Add(rank.Step());
                link.Carries = true;
                steps.Add(rank.Step());
                taken += free[^1].Seconds + steps[^1].Seconds;
            }
        }
        return new(LinkTimes.Mean(links), StepTimes.Mean(free), StepTimes.Mean(steps), link.Name);
    }
}
