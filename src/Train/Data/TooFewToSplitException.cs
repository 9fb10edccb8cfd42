using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A file of too few documents, or sentences, to be split 80 / 10 / 10 or into folds.</summary>
public sealed class TooFewToSplitException : UserException
{
    /// <summary>Units that a split needs, one for dev and one for test.</summary>
    public const int Least = 10;

    /// <summary>Too few for train, dev and test.</summary>
    /// <param name="file">As the caller named it.</param>
    /// <param name="unit">What was to stay together.</param>
    /// <param name="units">How many of them there are.</param>
    /// <param name="sentences">How many sentences there are.</param>
    public TooFewToSplitException(string file, SplitUnit unit, int units, int sentences)
        : this(file, unit, units, sentences, "split 80 / 10 / 10", Least)
    {
    }

    internal TooFewToSplitException(string file, SplitUnit unit, int units, int sentences, string purpose, int needed)
        : base(Invariant($"{file}: {units} {unit.ToString().ToLowerInvariant()}{(units == 1 ? " is" : "s are")} too ")
            + Invariant($"few to {purpose}; {needed} are needed.") + (unit == SplitUnit.Sentence ? ""
            : sentences >= needed ? Invariant($" By sentence it can be split: there are {sentences:N0}.")
            : Invariant($" It holds {sentences} sentences, too few too."))) =>
        (Unit, Sentences, Needed) = (unit, sentences, needed);

    /// <summary>What was to stay together.</summary>
    public SplitUnit Unit { get; }

    /// <summary>How many sentences there are.</summary>
    public int Sentences { get; }

    /// <summary>Units that are needed.</summary>
    public int Needed { get; }
}
