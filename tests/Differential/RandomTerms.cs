namespace LdNetGpu.Tests;

/// <summary>Expressions at random.</summary>
sealed class RandomTerms(Random random)
{
    int lazy;

    /// <summary>Further names of ints that the place knows: counters of loops.</summary>
    public List<string> Counters { get; } = [];

    /// <summary>An expression whose result is the same to the last bit everywhere.</summary>
    /// <param name="isSummand">It may be added to something, by others too if it is kept in a variable.</param>
    public Term Exact(Number type, int depth, bool isSummand = true)
    {
        if (depth == 0 || random.Next(8) == 0) return Leaf(type);
        var rule = Rule(type, isSummand);
        var parts = rule.Parts.Select((part, i) =>
        {
            if (i >= rule.Lazy) lazy++;
            var made = Exact(part, depth - 1, rule.Role == Role.Summand || rule.Role == Role.Same && isSummand);
            if (i >= rule.Lazy) lazy--;
            return made;
        }).ToArray();
        if (parts.Length > 0 && parts.All(part => part.IsConstant)) parts[0] = Variable(parts[0].Type);
        return new(type, rule.Text, parts);
    }

    Rule Rule(Number type, bool isSummand)
    {
        while (true)
        {
            var rule = random.GetItems(Rules.Of[type].ToArray(), 1)[0];
            if (rule.IsProduct && isSummand || rule.HasEffect && (lazy > 0 || random.Next(3) > 0)) continue;
            return rule;
        }
    }

    /// <summary>Where what is written may not be evaluated, so that nothing in it may change a variable.</summary>
    public T Lazily<T>(Func<T> make)
    {
        lazy++;
        var made = make();
        lazy--;
        return made;
    }

    Term Leaf(Number type) => random.Next(4) == 0 && type != Number.Bool ? Literal(type) : Variable(type);

    public Term Variable(Number type) => type == Number.Int && Counters.Count > 0 && random.Next(3) == 0
        ? new(type, Counters[random.Next(Counters.Count)])
        : new(type, Place(type));

    /// <summary>A variable to be written.</summary>
    public string Place(Number type) => type.Letter() + random.Next(Case.Variables);

    Term Literal(Number type)
    {
        var texts = type switch
        {
            Number.Int => ["0", "1", "-1", "7", "255", "-128", "65536", "int.MaxValue", "int.MinValue", "1000003"],
            Number.UInt => ["0u", "1u", "31u", "65535u", "2147483648u", "uint.MaxValue", "2654435761u"],
            Number.Long => ["0L", "1L", "-1L", "4294967296L", "long.MaxValue", "long.MinValue",
                "-6364136223846793005L"],
            Number.ULong => ["0UL", "1UL", "4294967295UL", "9223372036854775808UL", "ulong.MaxValue"],
            Number.Float => ["0f", "1f", "-0.5f", "3.25f", "1e10f", "1e-40f", "2147483648f", "float.MaxValue", "(-0f)"],
            _ => new[] { "0.0", "1.0", "-0.5", "3.25", "1e10", "1e-310", "9223372036854775808.0", "double.MaxValue",
                "(-0.0)" },
        };
        return new(type, texts[random.Next(texts.Length)]) { IsConstant = true };
    }

    /// <summary>
    /// An expression with products in sums and functions of the mathematics library, whose result may differ in its
    /// last places.
    /// </summary>
    public Term Loose(Number type, int depth)
    {
        var math = type == Number.Float ? "MathF" : "Math";
        // Below the least normal number a rounding is of half the least number, whatever the value.
        var least = type == Number.Float ? "1.2e-38" : "2.3e-308";
        if (depth == 0) return Made("{0}", "Math.Abs((double)({0}))", 0, Exact(type, 1));
        return random.Next(8) switch
        {
            0 or 1 => Made("({0} * {1})", $"({{m0}} * {{m1}} + {least})", 1, Loose(type, depth - 1),
                Loose(type, depth - 1)),
            2 or 3 => Made("({0} + {1})", "({m0} + {m1})", 1, Loose(type, depth - 1), Loose(type, depth - 1)),
            4 => Made("({0} - {1})", "({m0} + {m1})", 1, Loose(type, depth - 1), Loose(type, depth - 1)),
            5 => Made($"({{0}} / Away({{1}}))", 
                $"({{m0}} / Math.Abs((double)Away({{1}})) + {least})", 1, Loose(type, depth - 1),
                Exact(type, 1)),
            _ => Function($"{math}.{new[] { "Exp", "Log", "Sin", "Cos", "Tanh", "Atan" }[random.Next(6)]}"),
        };

        Term Made(string text, string magnitude, int ulps, params Term[] parts) =>
            new(type, text, parts) { MagnitudeText = magnitude, Ulps = ulps };

        // What OpenCL grants: at most 5 ulp for these. Of a sine the unit is that of 1.
        Term Function(string name) =>
            Made($"{name}(Tame{(name.EndsWith("Log", StringComparison.Ordinal) ? "Positive" : "")}({{0}}))",
            name.EndsWith("Sin", StringComparison.Ordinal) || name.EndsWith("Cos", StringComparison.Ordinal) ? "1.0"
                : $"(Math.Abs((double){name}(Tame{(name.EndsWith("Log", StringComparison.Ordinal) ? "Positive" : "")}"
                + $"({{0}}))) + {least})", 5, Exact(type, 1));
    }
}
