using LdNetGpu.Autograd;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests;

/// <summary>Candidates whose times a function gives, so that a search can be followed.</summary>
/// <param name="time">Milliseconds of a candidate's value at its n-th sample.</param>
sealed class FakeBench(Func<int, int, double> time) : ITuningBench
{
    readonly Dictionary<int, int> samples = [];

    public List<int> Checked { get; } = [];

    public Func<int, TuningOutcome> Outcome { get; init; } = _ => TuningOutcome.Correct;

    public TuningKey Key { get; init; } = new("K.F<float>", "text", "-flags", "driver", "device", "all");

    public IReadOnlyList<TunedParameter> Parameters { get; init; } = [new("width", [1, 2, 4, 8])];

    public IReadOnlyList<int[]> Candidates => [.. Parameters[0].Values.Select(value => (int[])[value])];

    public int[] Standard => [2];

    public string Work { get; init; } = "work";

    public int Samples => samples.Values.Sum();

    public TuningResult Check(int[] values)
    {
        Checked.Add(values[0]);
        var outcome = Outcome(values[0]);
        return new(values, outcome) { Problem = outcome == TuningOutcome.Correct ? null : "at fault" };
    }

    public double Time(int[] values)
    {
        samples[values[0]] = samples.GetValueOrDefault(values[0]) + 1;
        return time(values[0], samples[values[0]]);
    }
}
