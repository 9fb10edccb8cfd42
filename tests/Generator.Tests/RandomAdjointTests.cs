using System.Reflection;
using System.Text;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Tests;

/// <summary>
/// Differentiable kernels drawn at random, from what the guide says has an adjoint: the generated gradients against
/// dual numbers, which run the kernel itself.
/// </summary>
public sealed class RandomAdjointTests
{
    const int Columns = 5;

    public enum Lanes { Elements, Rows, Columns }

    [Theory, InlineData(1, 15, Lanes.Elements), InlineData(1, 12, Lanes.Rows), InlineData(1, 12, Lanes.Columns)]
    public void GradientsAreThoseOfDualNumbers(int seed, int kernels, Lanes lanes)
    {
        var drawn = Enumerable.Range(0, kernels).Select(number =>
        {
            var kernel = new RandomAdjoint(seed * 1000 + number);
            return lanes switch
            {
                Lanes.Rows => kernel.OfRows(number),
                Lanes.Columns => kernel.OfColumns(number),
                _ => kernel.OfElements(number),
            };
        }).ToArray();
        var source = $"{GeneratorRun.Usings}public static partial class Drawn {{\n{RandomAdjoint.Helpers}\n"
            + string.Concat(drawn) + "}\n";
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile(source), out var compilation,
            out var refused);
        Assert.Empty(refused.Select(diagnostic => diagnostic.GetMessage(null)));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.Empty(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var type = Assembly.Load(image.ToArray()).GetType("Drawn")!;
        using var device = new ManagedDevice(check: false);
        var backend = new GpuBackend<double>(device);
        var wrong = new List<string>();
        var worst = 0.0;
        for (var number = 0; number < kernels; number++)
        {
            var check = type.GetMethod($"CheckK{number}")!;
            var report = (GradientCheckReport)check.Invoke(null, lanes == Lanes.Elements ? [backend, Options]
                : [backend, Columns, Options])!;
            worst = Math.Max(worst, report.Dual!.Worst.Error);
            if (!report.Passed || report.Dual.Lost.Count > 0) wrong.Add($"{report}\n{drawn[number]}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {kernels}, seed {seed}:\n{string.Join('\n', wrong.Take(3))}");
        Assert.InRange(worst, 0, 1e-12);
    }

    // Differences say little here: a step may cross a border of the kernel's own.
    static GradientCheckOptions Options { get; } = new()
    {
        Tolerance = double.MaxValue, DualTolerance = 1e-12, ElementsPerTensor = 1, Directions = 1, SameBits = false,
        AbsentCotangents = false, AddedGradients = false,
    };
}

/// <summary>One kernel: locals, branches, loops and helpers around numbers that stay small.</summary>
/// <param name="seed">The same seed, the same kernel.</param>
sealed class RandomAdjoint(int seed)
{
    const int Depth = 2;

    readonly Random random = new(seed);
    readonly StringBuilder text = new();
    readonly List<string> values = [];
    int named;

    /// <summary>Methods that kernels call: an expression, early returns, a tuple.</summary>
    public const string Helpers = """
        static T Smooth<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.Tanh(a) * b + a;
        static T Leak<T>(T v, T slope) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (v < T.Zero) return slope * v;
            var half = v / T.CreateTruncating(2);
            return v > T.One ? half + T.Sin(v) : half * v;
        }
        static (T, T) Turned<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var c = T.Cos(a);
            return (c * a - b, c * b + a);
        }
        """;

    /// <summary>A lane an element.</summary>
    public string OfElements(int number)
    {
        values.AddRange(["x[i]", "w[i]", "all[0]"]);
        text.Append($"[Kernel, Differentiable] public static void K{number}<T>(Index1D i, ArrayView<T> x, ");
        text.Append("ArrayView<T> w, ArrayView<T> all, ArrayView<T> y, ArrayView<T> z) ");
        text.Append("where T : unmanaged, IFloatingPointIeee754<T>\n{\n");
        Statements(3 + random.Next(4), Depth, []);
        if (random.Next(4) == 0)
            text.Append($"if ({Condition()}) {{ y[i] = {Value(2)}; z[i] = {Value(2)}; return; }}\n");
        text.Append($"y[i] = {Value(3)} + x[i] * w[i] * all[0];\nz[i] = {Value(3)};\n}}\n");
        return text.ToString();
    }

    /// <summary>A lane a row of n elements: sums and maxima over them, loops in loops, broadcasts both ways.</summary>
    public string OfRows(int number)
    {
        values.AddRange(["w[row]", "all[0]"]);
        text.Append($"[Kernel, Differentiable] public static void K{number}<T>(Index1D row, ArrayView<T> x, ");
        text.Append("ArrayView<T> u, ArrayView<T> w, ArrayView<T> scale, ArrayView<T> all, ArrayView<T> y, ");
        text.Append("ArrayView<T> z, int n) where T : unmanaged, IFloatingPointIeee754<T>\n{\n");
        for (var pass = 1 + random.Next(3); pass >= 0; pass--)
        {
            if (random.Next(2) == 0) Statements(1 + random.Next(2), Depth, []);
            Reduced();
        }
        var c = $"c{named++}";
        var outside = values.Count;
        text.Append($"for (var {c} = 0; {c} < n; {c}++)\n{{\n");
        values.AddRange(InRow(c));
        Statements(random.Next(3), 1, []);
        text.Append($"y[row * n + {c}] = {Value(3)} + x[row * n + {c}] * u[row * n + {c}] * scale[{c}];\n}}\n");
        values.RemoveRange(outside, values.Count - outside);
        text.Append($"z[row] = {Value(3)} + w[row] * all[0];\n}}\n");
        return text.ToString();
    }

    /// <summary>A lane an element of rows of n: what rows, columns and lanes have several elements of, in any mixture.
    /// </summary>
    public string OfColumns(int number)
    {
        string[] own = ["x[i]", "e[i * 2]", "e[i * 2 + 1]"];
        string[] all = [.. own, "f[row * n + column]", "w[column]", "p[column * 3 + 2]", "p[column * 3]", "v[row]",
            "q[row * 2 + 1]", "q[row * 2]", "one[0]"];
        values.Add(Any(own));
        values.AddRange(all.Where(_ => random.Next(2) == 0).Except(values));
        string[] read = [.. values];
        string[] views = [.. read.Select(value => value[..value.IndexOf('[')]).Distinct()];
        text.Append($"[Kernel, Differentiable] public static void K{number}<T>(Index1D i, ");
        text.Append(string.Concat(views.Select(view => $"ArrayView<T> {view}, ")));
        text.Append("int n, ArrayView<T> y, ArrayView<T> z) where T : unmanaged, IFloatingPointIeee754<T>\n{\n");
        text.Append("var row = i / n;\nvar column = i % n;\n");
        Statements(2 + random.Next(3), Depth, []);
        text.Append($"y[i] = {Value(3)} + {string.Join(" * ", read)};\n");
        text.Append($"z[i * 2 + 1] = {Value(2)};\nz[i * 2] = {Value(2)};\n}}\n");
        return text.ToString();
    }

    static string[] InRow(string column) => [$"x[row * n + {column}]", $"u[row * n + {column}]", $"scale[{column}]"];

    // A loop over the row, which hands on one or two sums or maxima; at times one more loop inside it.
    void Reduced()
    {
        var carried = Enumerable.Range(0, 1 + random.Next(2))
            .Select(_ => (Name: $"r{named++}", IsSum: random.Next(3) > 0)).ToList();
        foreach (var (name, isSum) in carried)
        {
            var nothing = isSum ? "T.Zero" : "T.NegativeInfinity";
            text.Append($"var {name} = {(random.Next(2) == 0 ? Small(Value(1)) : nothing)};\n");
        }
        Over(carried, isNested: random.Next(3) == 0);
        foreach (var (name, _) in carried)
        {
            text.Append($"{name} = {Small(name)};\n");
            values.Add(name);
        }
    }

    void Over(IReadOnlyList<(string Name, bool IsSum)> carried, bool isNested)
    {
        var c = $"c{named++}";
        var outside = values.Count;
        text.Append($"for (var {c} = 0; {c} < n; {c}++)\n{{\n");
        values.AddRange(InRow(c));
        Statements(random.Next(2), 1, []);
        if (isNested) Nested(carried);
        else
            foreach (var (name, isSum) in carried)
                text.Append(!isSum ? $"{name} = T.{Any(["Max", "Min"])}({name}, {Value(2)});\n"
                    : random.Next(3) > 0 ? $"{name} {Any(["+=", "-="])} {Value(2)};\n"
                    : $"if ({Condition()}) {name} += {Value(2)};\nelse {name} -= {Value(1)};\n");
        text.Append("}\n");
        values.RemoveRange(outside, values.Count - outside);
    }

    // Sums go through both loops, the inner loop finds maxima of its own.
    void Nested(IReadOnlyList<(string Name, bool IsSum)> carried)
    {
        var inner = carried.Select(carry => carry.IsSum ? carry : (Name: $"r{named++}", carry.IsSum)).ToList();
        for (var r = 0; r < carried.Count; r++)
            if (!carried[r].IsSum) text.Append($"var {inner[r].Name} = {Small(Value(1))};\n");
        Over(inner, isNested: false);
        for (var r = 0; r < carried.Count; r++)
            if (!carried[r].IsSum) text.Append($"{carried[r].Name} = T.Max({carried[r].Name}, {inner[r].Name});\n");
    }

    // Variables that may be assigned are those of this list: what a branch declares ends with it.
    void Statements(int count, int depth, List<string> locals)
    {
        var outside = values.Count;
        var own = new List<string>(locals);
        for (var s = 0; s < count; s++) Statement(depth, own);
        values.RemoveRange(outside, values.Count - outside);
        if (depth == Depth) values.AddRange(own);
    }

    void Statement(int depth, List<string> locals)
    {
        var kind = random.Next(depth > 0 ? 10 : 6);
        if (locals.Count == 0 || kind < 2) Declare(locals);
        else if (kind < 4) text.Append($"{Any(locals)} = {Small(Value(3))};\n");
        else if (kind < 6) text.Append($"{Any(locals)} {Any(["+=", "-=", "*="])} {Small(Value(2))};\n");
        else if (kind < 8) Branch(depth, locals);
        else if (kind == 8 && depth == Depth) Unrolled(depth, locals);
        else Summed(locals);
    }

    void Declare(List<string> locals)
    {
        if (random.Next(6) == 0)
        {
            var (one, two) = ($"v{named++}", $"v{named++}");
            text.Append($"var ({one}, {two}) = {(random.Next(2) == 0 ? $"Turned({Value(1)}, {Value(1)})"
                : $"({Value(2)}, {Value(2)})")};\n");
            foreach (var part in (string[])[one, two]) Known(part, locals);
            return;
        }
        var name = $"v{named++}";
        text.Append($"var {name} = {Small(Value(3))};\n");
        Known(name, locals);
    }

    void Known(string name, List<string> locals)
    {
        locals.Add(name);
        values.Add(name);
    }

    void Branch(int depth, List<string> locals)
    {
        text.Append($"if ({Condition()})\n{{\n");
        Statements(1 + random.Next(3), depth - 1, locals);
        text.Append("}\n");
        if (random.Next(2) == 0) return;
        text.Append("else\n{\n");
        Statements(1 + random.Next(3), depth - 1, locals);
        text.Append("}\n");
    }

    void Unrolled(int depth, List<string> locals)
    {
        text.Append($"for (var k{named} = 0; k{named} < {2 + random.Next(2)}; k{named++}++)\n{{\n");
        Statements(1 + random.Next(2), 0, locals);
        text.Append("}\n");
    }

    // A loop that is run again in the adjoint; what it adds does not depend on the sum.
    void Summed(List<string> locals)
    {
        var (sum, index) = ($"v{named++}", $"k{named++}");
        text.Append($"var {sum} = T.Zero;\nfor (var {index} = 0; {index} < 20; {index}++) {sum} += {Value(2)} "
            + $"/ T.CreateTruncating({index} + 20);\n");
        Known(sum, locals);
    }

    string Value(int depth) => depth == 0 ? Leaf() : random.Next(12) switch
    {
        0 or 1 => $"({Value(depth - 1)} + {Value(depth - 1)})",
        2 => $"({Value(depth - 1)} - {Value(depth - 1)})",
        3 or 4 => $"{Leaf()} * {Small(Value(depth - 1))}",
        5 => $"T.Sin({Value(depth - 1)})",
        6 => $"{Value(depth - 1)} / (T.One + {Leaf()} * {Leaf()})",
        7 => $"({Condition()} ? {Value(depth - 1)} : {Value(depth - 1)})",
        8 => $"T.Max({Value(depth - 1)}, {Value(depth - 1)})",
        9 => $"Smooth({Value(depth - 1)}, {Leaf()})",
        10 => $"Leak({Value(depth - 1)}, {Leaf()})",
        _ => Leaf(),
    };

    string Condition() => random.Next(4) switch
    {
        0 => $"{Leaf()} > T.Zero",
        1 => $"{Value(1)} < {Value(1)}",
        2 => $"!({Leaf()} >= {Leaf()})",
        _ => $"{Leaf()} > T.Zero && {Leaf()} < {Leaf()}",
    };

    string Leaf() => random.Next(8) == 0 ? $"T.CreateTruncating(0.{1 + random.Next(9)})" : Any(values);

    static string Small(string value) => $"T.Tanh({value})";

    T Any<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
