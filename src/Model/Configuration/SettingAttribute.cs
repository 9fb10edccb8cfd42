namespace LdNetGpu.Model.Configuration;

/// <summary>
/// Marks a property of an options record as something a user may set, with its meaning and its range. The property's
/// initial value is the default, its name in snake_case the key.
/// </summary>
/// <param name="meaning">One line for a list of settings.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string meaning) : Attribute
{
    /// <summary>One line for a list of settings.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>Smallest value, inclusive; for a list, of each element.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value, inclusive; for a list, of each element.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;
}

/// <summary>An options record that can check what one setting alone cannot show.</summary>
public interface ISettings
{
    /// <summary>What contradicts itself between two or more settings; empty when all is well.</summary>
    IEnumerable<string> Contradictions();
}
