using LdNetGpu.Autograd;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests;

/// <summary>A search that was run once on a device, for any machine: outcomes and times are the record's.</summary>
sealed class RecordedBench(TuningRecord record) : ITuningBench
{
    // The search's own first ones, which the record no longer has.
    const int FirstSamples = 3;

    readonly Dictionary<TuningResult, int> samples = [];

    public TuningKey Key => record.Key;

    public IReadOnlyList<TunedParameter> Parameters => record.Parameters;

    // All that there were, in the order that the kernel's candidates have.
    public IReadOnlyList<int[]> Candidates =>
    [
        .. Parameters.Aggregate<TunedParameter, IEnumerable<int[]>>([[]], (sets, parameter) =>
                sets.SelectMany(_ => parameter.Values, (set, value) => (int[])[.. set, value]))
            .Where(values => record.Results.Any(result => result.Values.SequenceEqual(values))),
    ];

    public int[] Standard => [.. record.Standard];

    public string Work => record.Work;

    public TuningResult Check(int[] values) =>
        Recorded(values) with { Runtimes = [], Standing = TuningStanding.Untimed };

    public double Time(int[] values)
    {
        var recorded = Recorded(values);
        var sample = samples[recorded] = samples.GetValueOrDefault(recorded) + 1;
        return recorded.Runtimes[sample <= FirstSamples ? sample - 1 : sample - 1 - FirstSamples];
    }

    TuningResult Recorded(int[] values) => record.Results.First(result => result.Values.SequenceEqual(values));
}
