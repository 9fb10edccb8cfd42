namespace LdNetGpu.Tests;

/// <summary>The dialect's expressions whose results are the same to the last bit everywhere.</summary>
static class Rules
{
    public static readonly ILookup<Number, Rule> Of = All().ToLookup(rule => rule.Type);

    static IEnumerable<Rule> All() =>
        [.. Integers(), .. Floats(), .. Conversions(), .. Bools(), .. Choices(), .. Calls(), .. Effects()];

    static IEnumerable<(Number Type, Number[] Parts)> Pairs(IEnumerable<Number> types) =>
        from one in Numbers.Arithmetic
        from other in Numbers.Arithmetic
        let type = Numbers.Promoted(one, other)
        where type is not null && types.Contains(type.Value)
        // Pairs of the same type more often than each mixed one.
        from _ in Enumerable.Range(0, one == other ? 3 : 1)
        select (type.Value, new[] { one, other });

    static IEnumerable<Rule> Integers()
    {
        foreach (var (type, parts) in Pairs(Numbers.Integers))
        {
            foreach (var symbol in new[] { "+", "-", "*", "&", "|", "^" })
                yield return new(type, $"({{0}} {symbol} {{1}})", parts);
            // Never by 0, nor the least number by -1: there C# throws, which devices cannot.
            var isSigned = type is Number.Int or Number.Long;
            foreach (var symbol in new[] { "/", "%" })
            {
                yield return new(type, $"({{0}} {symbol} (({{1}} & 15) + 1))", parts);
                yield return isSigned ? new(type, $"({{0}} {symbol} -(({{1}} & 7) + 2))", parts)
                    : new(type, $"({{0}} {symbol} ({{1}} | 1))", parts);
            }
        }
        foreach (var type in Numbers.Integers)
        {
            foreach (var symbol in new[] { "<<", ">>", ">>>" })
                yield return new(type, $"({{0}} {symbol} {{1}})", [type, Number.Int]);
            foreach (var name in new[] { "Min", "Max" })
                yield return new(type, $"Math.{name}({{0}}, {{1}})", [type, type]);
            yield return new(type, "(~{0})", [type]);
        }
        yield return new(Number.Int, "(-{0})", [Number.Int]);
        yield return new(Number.Long, "(-{0})", [Number.Long]);
        yield return new(Number.Long, "(-{0})", [Number.UInt]);
        yield return new(Number.Int, "Math.Abs({0} >> 1)", [Number.Int]);
        yield return new(Number.Long, "Math.Abs({0} >> 1)", [Number.Long]);
        yield return new(Number.Int, "Math.Clamp({0}, -100, {1} & 0xffff)", [Number.Int, Number.Int]);
        yield return new(Number.Int, "items[{0} & 7]", [Number.Int]);
    }

    static IEnumerable<Rule> Floats()
    {
        foreach (var (type, parts) in Pairs([Number.Float, Number.Double]))
        {
            foreach (var symbol in new[] { "+", "-" })
                yield return new(type, $"({{0}} {symbol} {{1}})", parts, Role.Summand);
            yield return new(type, "({0} % {1})", parts, Role.Rounded);
            // By a power of two a division becomes a product.
            foreach (var symbol in new[] { "/", "*" })
                yield return new(type, $"({{0}} {symbol} {{1}})", parts, Role.Rounded, IsProduct: true);
        }
        foreach (var (type, math) in new[] { (Number.Float, "MathF"), (Number.Double, "Math") })
        {
            foreach (var name in new[] { "Sqrt", "Abs", "Floor", "Ceiling", "Truncate", "Round" })
                yield return new(type, $"{math}.{name}({{0}})", [type]);
            // Which sign NaN has is the device's.
            yield return new(type, $"{math}.CopySign({{0}}, Tame({{1}}))", [type, type]);
            foreach (var name in new[] { "Max", "Min", "MaxNumber", "MinNumber" })
                yield return new(type, $"{name}({{0}}, {{1}})", [type, type]);
            yield return new(type, $"{math}.FusedMultiplyAdd({{0}}, {{1}}, {{2}})", [type, type, type], Role.Summand,
                IsProduct: true);
            yield return new(type, "(-{0})", [type]);
        }
        yield return new(Number.Float, "weights[{0} & 3]", [Number.Int]);
    }

    static IEnumerable<Rule> Conversions()
    {
        foreach (var to in Numbers.Arithmetic)
            foreach (var from in Numbers.Arithmetic)
                if (to != from)
                    yield return new(to, $"(({to.Name()}){{0}})", [from], to.IsFloating() ? Role.Same : Role.Rounded);
        foreach (var narrow in new[] { "sbyte", "byte", "short", "ushort" })
            foreach (var from in Numbers.Arithmetic)
                yield return new(Number.Int, $"((int)({narrow}){{0}})", [from], Role.Rounded);
    }

    static IEnumerable<Rule> Bools()
    {
        foreach (var (_, parts) in Pairs(Numbers.Arithmetic))
            foreach (var symbol in new[] { "<", "<=", ">", ">=", "==", "!=" })
                yield return new(Number.Bool, $"({{0}} {symbol} {{1}})", parts, Role.Rounded);
        for (var i = 0; i < 20; i++)
        {
            foreach (var symbol in new[] { "&&", "||" })
                yield return new(Number.Bool, $"({{0}} {symbol} {{1}})", [Number.Bool, Number.Bool], Lazy: 1);
            foreach (var symbol in new[] { "&", "|", "^", "==", "!=" })
                yield return new(Number.Bool, $"({{0}} {symbol} {{1}})", [Number.Bool, Number.Bool]);
            yield return new(Number.Bool, "(!{0})", [Number.Bool]);
            foreach (var type in new[] { Number.Float, Number.Double })
                foreach (var name in new[] { "IsNaN", "IsInfinity", "IsFinite" })
                    yield return new(Number.Bool, $"{type.Name()}.{name}({{0}})", [type], Role.Rounded);
        }
    }

    static IEnumerable<Rule> Choices() =>
        from yes in Numbers.Arithmetic
        from no in Numbers.Arithmetic
        where Numbers.Widens(yes, no) || Numbers.Widens(no, yes)
        from _ in Enumerable.Range(0, yes == no ? 4 : 1)
        select new Rule(Numbers.Widens(yes, no) ? no : yes, "({0} ? {1} : {2})", [Number.Bool, yes, no], Lazy: 1);

    static IEnumerable<Rule> Calls() =>
    [
        new(Number.Int, "Mixed({0}, {1})", [Number.Int, Number.UInt]),
        new(Number.Int, "Steps({0})", [Number.Int]),
        new(Number.ULong, "new Wide({0}, {1}).Joined", [Number.Long, Number.UInt]),
        new(Number.Long, "(new Wide({0}, {1}) + new Wide({2}, 7u)).High", [Number.Long, Number.UInt, Number.Long]),
        new(Number.Float, "new Pair({0}, {1}).Ratio", [Number.Int, Number.Float], Role.Summand),
        new(Number.Long, "Larger({0}, {1})", [Number.Long, Number.Long]),
        new(Number.Float, "Larger({0}, {1})", [Number.Float, Number.Float], Role.Summand),
        new(Number.UInt, "Bits({0})", [Number.Float], Role.Rounded),
        new(Number.ULong, "Bits({0})", [Number.Double], Role.Rounded),
        new(Number.Float, "BitConverter.UInt32BitsToSingle({0})", [Number.UInt]),
        new(Number.Double, "BitConverter.UInt64BitsToDouble({0})", [Number.ULong]),
    ];

    // What changes a variable among what may read it: C# evaluates from left to right.
    static IEnumerable<Rule> Effects() =>
    [
        new(Number.Int, "i0++", [], HasEffect: true),
        new(Number.Int, "(--i1)", [], HasEffect: true),
        new(Number.Int, "(i0 += {0})", [Number.Int], HasEffect: true),
        new(Number.Int, "(i1 <<= {0})", [Number.Int], HasEffect: true),
        new(Number.UInt, "Next(ref u0)", [], HasEffect: true),
        new(Number.UInt, "(u1 = {0})", [Number.UInt], HasEffect: true),
        new(Number.Long, "(l0 ^= {0})", [Number.Long], HasEffect: true),
        new(Number.Double, "(d0 = {0})", [Number.Double], Role.Summand, HasEffect: true),
    ];
}
