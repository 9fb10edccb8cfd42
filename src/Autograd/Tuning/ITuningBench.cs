using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Autograd;

/// <summary>Where candidates are checked and timed: a device, or a recorded run.</summary>
interface ITuningBench
{
    /// <summary>What the record is of.</summary>
    TuningKey Key { get; }

    /// <summary>The tunable parameters.</summary>
    IReadOnlyList<TunedParameter> Parameters { get; }

    /// <summary>Every set of values that fits together.</summary>
    IReadOnlyList<int[]> Candidates { get; }

    /// <summary>The values that the launch has by itself.</summary>
    int[] Standard { get; }

    /// <summary>What is timed, in words.</summary>
    string Work { get; }

    /// <summary>Compiles and checks the values; nothing is timed.</summary>
    TuningResult Check(int[] values);

    /// <summary>Milliseconds of a call with values that passed.</summary>
    double Time(int[] values);
}
