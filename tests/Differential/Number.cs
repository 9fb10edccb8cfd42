namespace LdNetGpu.Tests;

/// <summary>The types of a random kernel's values.</summary>
enum Number { Bool, Int, UInt, Long, ULong, Float, Double }

static class Numbers
{
    /// <summary>Those that arithmetic is done in.</summary>
    public static readonly Number[] Arithmetic = [Number.Int, Number.UInt, Number.Long, Number.ULong, Number.Float,
        Number.Double];

    public static readonly Number[] Integers = [Number.Int, Number.UInt, Number.Long, Number.ULong];

    public static bool IsFloating(this Number type) => type is Number.Float or Number.Double;

    public static string Name(this Number type) => type.ToString().ToLowerInvariant();

    /// <summary>The type's letter in the names of variables.</summary>
    public static string Letter(this Number type) => type == Number.ULong ? "m" : type.Name()[..1];

    /// <summary>What C# computes an operator of two types in; null where it has none for them.</summary>
    public static Number? Promoted(Number one, Number other)
    {
        if (one == other) return one;
        foreach (var wide in new[] { Number.Double, Number.Float })
            if (one == wide || other == wide) return wide;
        var pair = new HashSet<Number> { one, other };
        if (pair.Contains(Number.ULong)) return pair.Contains(Number.UInt) ? Number.ULong : null;
        return Number.Long;
    }

    /// <summary>Whether C# converts it without being told.</summary>
    public static bool Widens(Number from, Number to) => from != Number.Bool && to != Number.Bool
        && Promoted(from, to) == to;
}
