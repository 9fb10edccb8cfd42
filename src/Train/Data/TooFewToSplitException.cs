using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A file of too few documents, or sentences, to be split 80 / 10 / 10.</summary>
/// <param name="file">As the caller named it.</param>
/// <param name="unit">What was to stay together.</param>
/// <param name="units">How many of them there are.</param>
/// <param name="sentences">How many sentences there are.</param>
public sealed class TooFewToSplitException(string file, SplitUnit unit, int units, int sentences) : UserException(
    Invariant($"{file}: {units} {unit.ToString().ToLowerInvariant()}{(units == 1 ? " is" : "s are")} too few to ")
    + Invariant($"split 80 / 10 / 10; {Least} are needed.") + (unit == SplitUnit.Sentence ? ""
        : sentences >= Least ? Invariant($" By sentence it can be split: there are {sentences:N0}.")
        : Invariant($" It holds {sentences} sentences, too few too.")))
{
    /// <summary>Units that a split needs, one for dev and one for test.</summary>
    public const int Least = 10;

    /// <summary>What was to stay together.</summary>
    public SplitUnit Unit { get; } = unit;

    /// <summary>How many sentences there are.</summary>
    public int Sentences { get; } = sentences;
}
