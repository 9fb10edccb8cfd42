namespace LdNetGpu.Devices.Tuning;

/// <summary>What became of one set of values, in the words of the T4 schema.</summary>
public enum TuningOutcome
{
    /// <summary>The device's compiler refuses the text.</summary>
    Compile,

    /// <summary>The device refuses the launch, or breaks it off.</summary>
    Runtime,

    /// <summary>The checker finds the kernel at fault, or results are too far from the reference.</summary>
    Correctness,

    /// <summary>All checks passed.</summary>
    Correct,
}

/// <summary>Where a set of values stands among those that passed.</summary>
public enum TuningStanding
{
    /// <summary>It did not pass, or was not timed.</summary>
    Untimed,

    /// <summary>Times do not say that another is faster.</summary>
    Open,

    /// <summary>Times say that another is faster.</summary>
    Slower,
}

/// <summary>One set of values that was tried.</summary>
public sealed record TuningResult
{
    internal TuningResult(IReadOnlyList<int> values, TuningOutcome outcome) => (Values, Outcome) = (values, outcome);

    /// <summary>Of the tunable parameters, in their order.</summary>
    public IReadOnlyList<int> Values { get; internal init; }

    /// <summary>What became of it.</summary>
    public TuningOutcome Outcome { get; internal init; }

    /// <summary>Why it did not pass; null where it did.</summary>
    public string? Problem { get; internal init; }

    /// <summary>Milliseconds that the device's compiler took.</summary>
    public double CompilationTime { get; internal init; }

    /// <summary>Milliseconds that the checks took.</summary>
    public double ValidationTime { get; internal init; }

    /// <summary>Milliseconds of a call, one for each sample, in the order they were taken.</summary>
    public IReadOnlyList<double> Runtimes { get; internal init; } = [];

    /// <summary>Where it stands among the others.</summary>
    public TuningStanding Standing { get; internal init; }

    /// <summary>When it was checked.</summary>
    public DateTimeOffset Timestamp { get; internal init; }

    /// <summary>The middle of <see cref="Runtimes"/>; NaN where there are none.</summary>
    public double Median
    {
        get
        {
            if (Runtimes.Count == 0) return double.NaN;
            double[] sorted = [.. Runtimes.Order()];
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
