namespace LdNetGpu.Autograd;

/// <summary>A number of an optimizer's rule with its range.</summary>
readonly record struct Hyperparameter
{
    readonly string name, range;
    readonly double value;
    readonly bool isInside;

    Hyperparameter(string name, double value, bool isInside, string range) =>
        (this.name, this.value, this.isInside, this.range) = (name, value, isInside, range);

    /// <summary>A learning rate, or what keeps a root from 0.</summary>
    public static Hyperparameter AtLeastZero(string name, double value) =>
        new(name, value, value >= 0 && double.IsFinite(value), "finite, and 0 or more");

    /// <summary>What a running mean keeps of itself from step to step; with all of it, it would never move.</summary>
    public static Hyperparameter Decay(string name, double value) =>
        new(name, value, value is >= 0 and < 1, "0 or more and below 1");

    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public void Require()
    {
        if (!isInside) throw new ArgumentOutOfRangeException(name, value, $"{name} is {range}.");
    }
}
