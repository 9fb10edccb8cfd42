using System.Globalization;

namespace LdNetGpu.Tests;

/// <summary>Kernels' bodies at random, the same for the same seed.</summary>
sealed class RandomCases
{
    const int Depth = 2, Nesting = 2;

    readonly Random random;
    readonly RandomTerms terms;
    int names;

    RandomCases(int seed)
    {
        random = new(seed);
        terms = new(random);
    }

    public static Case Make(int seed)
    {
        var maker = new RandomCases(seed);
        var body = maker.Block(maker.random.Next(2, 6), Nesting, isTop: true);
        var loose = new[] { Number.Float, Number.Double }.Select(
            type => maker.terms.Lazily(() => maker.terms.Loose(type, 3))).ToArray();
        return new(seed, body, loose);
    }

    Statement[] Block(int statements, int nesting, bool isTop = false) =>
        [.. Enumerable.Range(0, statements).Select(_ => Any(nesting, isTop))];

    Statement[] Inner(int nesting) => Block(random.Next(1, 3), nesting - 1);

    Statement Any(int nesting, bool isTop) => random.Next(isTop ? 20 : nesting > 0 ? 18 : 13) switch
    {
        < 5 => Assignment(),
        5 or 6 => Compound(),
        7 => Swap(),
        8 => Structure(),
        9 => SwitchExpression(),
        10 => Reference(),
        11 => new("items[{0} & 7] = {1};", Exact(Number.Int), Exact(Number.Int)),
        12 => new("Divide({0}, {1}, out i1, out i0);", Exact(Number.Int), Exact(Number.Int)),
        13 or 14 => If(nesting),
        15 => For(nesting),
        16 => While(nesting),
        17 => Switch(nesting),
        _ => Exchange(),
    };

    Term Exact(Number type, bool isSummand = true) => terms.Exact(type, Depth, isSummand);

    Number AnyType() => random.Next(7) is var i && i == 6 ? Number.Bool : Numbers.Arithmetic[i];

    string Fresh(string name) => name + (++names).ToString(CultureInfo.InvariantCulture);

    Statement Assignment()
    {
        var type = AnyType();
        return new($"{terms.Place(type)} = {{0}};", Exact(type));
    }

    Statement Compound()
    {
        var type = Numbers.Arithmetic[random.Next(6)];
        // A variable may be added to something: no products in it, nor what becomes one.
        var symbols = type.IsFloating()
            ? ["+", "-", "%"] : new[] { "+", "-", "*", "&", "|", "^", "<<", ">>", ">>>" };
        var symbol = symbols[random.Next(symbols.Length)];
        var narrower = Numbers.Arithmetic.Where(from => Numbers.Widens(from, type)).ToArray();
        var from = symbol.Length > 1 ? Number.Int : narrower[random.Next(narrower.Length)];
        return new($"{terms.Place(type)} {symbol}= {{0}};", Exact(from));
    }

    Statement Swap()
    {
        var type = Numbers.Arithmetic[random.Next(6)];
        var letter = type.Letter();
        return random.Next(2) == 0
            ? new($"({letter}0, {letter}1) = ({letter}1, {{0}});", Exact(type))
            : new($"({letter}0, i0) = ({{0}}, {letter}0 > {letter}1 ? i1 : 5);", Exact(type));
    }

    Statement Structure()
    {
        var name = Fresh("pair");
        return random.Next(3) switch
        {
            0 => new(
                $"var {name} = new Pair({{0}}, {{1}});\ni0 = {name}.Step({{2}}) - {name}.Count;\nf0 = {name}.Ratio;",
                Exact(Number.Int), Exact(Number.Float), Exact(Number.Int)),
            1 => new(
                $"var {name} = (First: {{0}}, Second: {{1}});\n{name}.First -= 3;\nl1 = {name}.First;\nd1 "
                + $"= {name}.Second;",
                Exact(Number.Long), Exact(Number.Double)),
            _ => new($"var {name} = new Wide({{0}}, {{1}}) + new Wide(l0, u0);\nm1 = {name}.Joined;",
                Exact(Number.Long), Exact(Number.UInt)),
        };
    }

    Statement SwitchExpression()
    {
        var type = AnyType();
        return new(
            $"{terms.Place(type)} = {{0}} switch {{ < -5 => {{1}}, 3 or 7 => {{2}}, > 9 and not 100 => {{3}}, _ => "
            + $"{{4}} }};",
            [Exact(Number.Int), .. terms.Lazily(() => Enumerable.Range(0, 4).Select(_ => Exact(type)).ToArray())]);
    }

    Statement Reference()
    {
        var name = Fresh("place");
        return random.Next(2) == 0
            ? new($"ref var {name} = ref items[{{0}} & 7];\n{name} += {{1}};\ni1 = {name};", Exact(Number.Int),
                Exact(Number.Int))
            : new($"ref var {name} = ref weights[{{0}} & 3];\n{name} = {{1}};\nf1 = {name};", Exact(Number.Int),
                Exact(Number.Float));
    }

    Statement If(int nesting) => random.Next(2) == 0
        ? new(["if ({0})"], "", [Exact(Number.Bool, false)], [Inner(nesting)])
        : new(["if ({0})", "else"], "", [Exact(Number.Bool, false)], [Inner(nesting), Inner(nesting)]);

    Statement For(int nesting)
    {
        var name = Fresh("k");
        var isConstant = random.Next(2) == 0;
        var bound = isConstant ? new Term(Number.Int, random.Next(1, 7).ToString(CultureInfo.InvariantCulture))
            : terms.Variable(Number.Int);
        var start = isConstant ? $"var {name} = 0" : $"int {name} = 0, {name}End = {{0}} & 7";
        var head = $"for ({start}; {name} < {(isConstant ? "{0}" : name + "End")}; {name}++)";
        terms.Counters.Add(name);
        var inner = Inner(nesting).ToList();
        if (random.Next(2) == 0)
            inner.Insert(random.Next(inner.Count), new([$"if ({{0}})"], "", [Exact(Number.Bool, false)],
                [[new(random.Next(2) == 0 ? "break;" : "continue;")]]));
        terms.Counters.Remove(name);
        return new([head], "", [bound], [[.. inner]]);
    }

    Statement While(int nesting)
    {
        var name = Fresh("left");
        var condition = terms.Lazily(() => Exact(Number.Bool, false));
        // The step stands in the head, so that a smaller case ends too.
        return random.Next(2) == 0
            ? new([$"for (var {name} = 5; {{0}} && {name} > 0; {name}--)"], "", [condition], [Inner(nesting)])
            : new([$"var {name} = 4;\ndo"], $"while (--{name} > 0 && {{0}});", [condition], [Inner(nesting)]);
    }

    Statement Switch(int nesting) =>
        new(["switch ({0} & 3)\n{\ncase 0:", "break;\ncase 1:\ncase 3:", "break;\ndefault:"], "break;\n}",
        [Exact(Number.Int)], [Inner(nesting), Inner(nesting), Inner(nesting)]);

    // Each lane takes what another put down.
    Statement Exchange() => random.Next(2) == 0
        ? new($"shared[local] = {{0}};\nGroup.Barrier();\ni1 = shared[(local + {random.Next(1, 32)}) % "
        + "size];\nGroup.Barrier();", Exact(Number.Int))
        : new($"shared[local] = {{0}};\nGroup.Barrier();\nfor (var k = 0; k < size; k += 5) l1 += shared[k] * "
        + "(long)k;\nGroup.Barrier();", Exact(Number.Int));
}
