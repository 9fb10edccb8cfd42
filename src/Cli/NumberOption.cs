using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace LdNetGpu.Cli;

/// <summary>
/// Options that take a number within bounds; anything else is bad usage with the bounds in the message.
/// </summary>
static class NumberOption
{
    /// <summary>
    /// An option for a number from <paramref name="minimum"/> to <paramref name="maximum"/>, both inclusive.
    /// </summary>
    public static Option<T> Of<T>(string name, string description, T standard, T minimum, T maximum)
        where T : struct, INumber<T> => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => standard,
        CustomParser = result => Parse(result, name, minimum, maximum) ?? standard,
    };

    /// <summary>The same, null where it is not given.</summary>
    public static Option<T?> Optional<T>(string name, string description, T minimum, T maximum)
        where T : struct, INumber<T> => new(name)
    {
        Description = description, HelpName = "N",
        CustomParser = result => Parse(result, name, minimum, maximum),
    };

    static T? Parse<T>(ArgumentResult result, string name, T minimum, T maximum) where T : struct, INumber<T>
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (T.TryParse(text, NumberStyles.Float, null, out var value) && value >= minimum && value <= maximum)
            return value;
        result.AddError($"{name} {text}: expected a number from {minimum} to {maximum}.");
        return null;
    }
}
