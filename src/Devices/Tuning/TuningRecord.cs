namespace LdNetGpu.Devices.Tuning;

/// <summary>Why a search for tuned values ended.</summary>
public enum TuningEnd
{
    /// <summary>It has not: it was interrupted, and may be gone on with.</summary>
    Open,

    /// <summary>One set of values is left: all others failed or are slower.</summary>
    Decided,

    /// <summary>A set of values is as fast as the device's rates allow.</summary>
    Roofline,

    /// <summary>The noise of the times does not tell those that are left apart.</summary>
    Noise,

    /// <summary>The time or the number of candidates that was allowed is used up.</summary>
    Budget,
}

/// <summary>A search for tuned values: what it is of, all that was tried, and what was chosen.</summary>
public sealed record TuningRecord
{
    internal TuningRecord(TuningKey key, IReadOnlyList<TunedParameter> parameters, IReadOnlyList<int> standard) =>
        (Key, Parameters, Standard) = (key, parameters, standard);

    /// <summary>Where its values count.</summary>
    public TuningKey Key { get; internal init; }

    /// <summary>The tunable parameters with the values that there were to try.</summary>
    public IReadOnlyList<TunedParameter> Parameters { get; internal init; }

    /// <summary>The values that the launch has without a record.</summary>
    public IReadOnlyList<int> Standard { get; internal init; }

    /// <summary>What was timed, in words.</summary>
    public string Work { get; internal init; } = "";

    /// <summary>Chose the order in which values were tried, and the operands.</summary>
    public ulong Seed { get; internal init; }

    /// <summary>
    /// Milliseconds below which the work cannot come by the device's rates; null where they are not known.
    /// </summary>
    public double? Bound { get; internal init; }

    /// <summary>Where <see cref="Bound"/> is from, in words; or why it is none.</summary>
    public string BoundBy { get; internal init; } = "";

    /// <summary>Why the search ended.</summary>
    public TuningEnd End { get; internal init; }

    /// <summary>
    /// The values to launch with: the standard ones where times do not say that others are faster. Null before the
    /// search has ended, and where nothing passed.
    /// </summary>
    public IReadOnlyList<int>? Chosen { get; internal init; }

    /// <summary>What was tried, in its order.</summary>
    public IReadOnlyList<TuningResult> Results { get; internal init; } = [];

    /// <summary>The record as a file in the T4 format of auto-tuning results has it.</summary>
    public string ToJson() => TuningJson.Write(this);

    /// <summary>Reads such a file's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="UserException">It is no such text, or of another version; what is wrong, and where.</exception>
    public static TuningRecord Parse(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        return TuningJson.Read(json, source);
    }

    /// <summary>Refuses a record of something else.</summary>
    /// <param name="key">Of what it should be.</param>
    /// <param name="source">What the message calls the record.</param>
    /// <exception cref="UserException">It is of another kernel, text, device, driver, compiler or class of sizes.
    /// </exception>
    public void RequireOf(TuningKey key, string source)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(source);
        if (Key.DifferenceFrom(key) is { } difference)
            throw new UserException($"{source}: its values are of {difference}. Tune here, into another file.");
    }

    /// <summary>Values as messages have them: <c>rowsPerLane=4, columnsPerLane=8</c>.</summary>
    /// <param name="values">Of <see cref="Parameters"/>, in their order.</param>
    public string Text(IReadOnlyList<int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return string.Join(", ", Parameters.Zip(values, (one, value) => Invariant($"{one.Name}={value}")));
    }
}

/// <summary>A tunable parameter.</summary>
public sealed record TunedParameter
{
    internal TunedParameter(string name, IReadOnlyList<int> values) => (Name, Values) = (name, values);

    /// <summary>As the kernel calls it.</summary>
    public string Name { get; internal init; }

    /// <summary>Those to try.</summary>
    public IReadOnlyList<int> Values { get; internal init; }
}
