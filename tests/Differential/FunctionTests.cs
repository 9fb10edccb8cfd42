using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU.Algorithms;

namespace LdNetGpu.Tests;

/// <summary>
/// Every function and constant that the dialect's page lists, of every number that has it: refused when it is built, or
/// C#'s own on every device and by every compiler.
/// </summary>
public partial class FunctionTests
{
    /// <summary>Of integers they would be other functions: CopySign throws there, Log2 gives whole numbers.</summary>
    static readonly string[] OfFloatingNumbers = ["CopySign", "Log2"];

    /// <summary>Whose last bits are a device's own: MathematicsTests measures them.</summary>
    static readonly string[] Inexact =
    [
        "Exp", "Exp2", "ExpM1", "Log", "Log2", "Log10", "LogP1", "Tanh", "Sin", "Cos", "Tan", "Atan", "Pow", "Rsqrt",
        "Rcp",
    ];

    static readonly Dictionary<string, Type> Numbers = new()
    {
        ["sbyte"] = typeof(sbyte), ["byte"] = typeof(byte), ["short"] = typeof(short), ["ushort"] = typeof(ushort),
        ["int"] = typeof(int), ["uint"] = typeof(uint), ["long"] = typeof(long), ["ulong"] = typeof(ulong),
        ["float"] = typeof(float), ["double"] = typeof(double),
    };

    public static TheoryData<string> Names => [.. Numbers.Keys];

    public static TheoryData<string> Integers => [.. Numbers.Keys.Where(number => !IsFloating(number))];

    /// <summary>A call of a type parameter's function or of a class's, by the type that declares it.</summary>
    /// <param name="Name">Of the function or constant.</param>
    /// <param name="Owner">The interface, or the class.</param>
    /// <param name="Operands">How many it takes.</param>
    sealed record Function(string Name, Type Owner, int Operands, Type Result);

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFunctionMeansTheSame(string number)
    {
        var isInteger = !IsFloating(number);
        var functions = Listed().SelectMany(name => Of(name, Numbers[number])).ToList();
        Assert.Contains(functions, function => function.Name == "Clamp");
        var lines = functions.Where(one => isInteger ? !OfFloatingNumbers.Contains(one.Name)
            : !Inexact.Contains(one.Name)).Select(one => Line(one, number)).Concat(Created(number));
        DialectLines.MeanTheSame(Generic(functions), [.. lines]);
    }

    [Theory]
    [MemberData(nameof(Integers))]
    public void WhatIntegersDoNotHaveIsRefused(string number)
    {
        var functions = OfFloatingNumbers.SelectMany(name => Of(name, Numbers[number])).ToList();
        Assert.NotEmpty(functions);
        foreach (var function in functions)
        {
            var line = new Case(0, [new Statement(Line(function, number))], []);
            var error = Assert.Throws<CaseException>(() =>
                CaseAssembly.Compile(CaseText.Of([line], 1) + Generic(functions)));
            Assert.Contains("LDK012", error.Message);
        }
    }

    static bool IsFloating(string number) => number is "float" or "double";

    /// <summary>The names on the page, without the changes between numbers and bits.</summary>
    static IEnumerable<string> Listed()
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("docs", "reference", "dialect.md"));
        var section = page[page.IndexOf("## Mathematics", StringComparison.Ordinal)
            ..page.IndexOf("## Remaps", StringComparison.Ordinal)];
        return Word().Matches(section).Select(match => match.Groups[1].Value).Except(["BitConverter"]).Distinct();
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*)`")]
    private static partial Regex Word();

    /// <summary>By the interfaces of a number, and by the classes of functions.</summary>
    static IEnumerable<Function> Of(string name, Type number)
    {
        const BindingFlags Static = BindingFlags.Public | BindingFlags.Static;
        var ofInterface = number.GetInterfaces().Where(type => type.Namespace == "System.Numerics")
            .SelectMany(type => type.GetMethods(Static))
            .FirstOrDefault(method => Fits(method, name) || Fits(method, "get_" + name));
        if (ofInterface is not null) yield return Made(ofInterface, name);
        foreach (var owner in new[] { typeof(Math), typeof(MathF), typeof(XMath) })
            if (owner.GetMethods(Static).FirstOrDefault(method => Fits(method, name)) is { } method)
                yield return Made(method, name);

        bool Fits(MethodInfo method, string called) => method.Name == called && !method.IsGenericMethod
            && method.GetParameters().All(parameter => parameter.ParameterType == number)
            && (method.ReturnType == number || method.ReturnType == typeof(bool));

        static Function Made(MethodInfo method, string name) =>
            new(name, method.DeclaringType!, method.GetParameters().Length, method.ReturnType);
    }

    /// <summary>Functions of a type parameter that call each of an interface.</summary>
    static string Generic(IEnumerable<Function> functions) => "public static class Of\n{\n" + string.Concat(functions
        .Where(function => function.Owner.IsInterface).Select(function =>
        {
            var operands = Enumerable.Range(0, function.Operands).Select(i => $"x{i}").ToList();
            var result = function.Result == typeof(bool) ? "bool" : "T";
            var call = operands.Count == 0 ? "" : $"({string.Join(", ", operands)})";
            var constraint = function.Owner.Name[..function.Owner.Name.IndexOf('`', StringComparison.Ordinal)];
            return $"    public static {result} {function.Name}<T>"
                + $"({string.Join(", ", operands.Select(operand => "T " + operand))}) "
                + $"where T : unmanaged, {constraint}<T> => T.{function.Name}{call};\n";
        })) + """
            public static T Truncated<T, U>(U x) where T : INumberBase<T> where U : INumberBase<U> =>
                T.CreateTruncating(x);
            public static T Saturated<T, U>(U x) where T : INumberBase<T> where U : INumberBase<U> =>
                T.CreateSaturating(x);
        }

        """;

    static string Line(Function function, string number)
    {
        var operands = string.Join(", ", Operands(function, number).Take(function.Operands));
        var called = function.Owner.IsInterface
            ? $"Of.{function.Name}<{number}>" : $"{function.Owner.FullName}.{function.Name}";
        return $"{Target(function.Result == typeof(bool) ? "bool" : number)}{called}({operands});";
    }

    static string[] Operands(Function function, string number)
    {
        var (first, second, third) = IsFloating(number) ? ($"{number[0]}0", $"{number[0]}1", $"{number[0]}0")
            : ($"({number})l0", $"({number})l1", $"({number})i0");
        return function.Name switch
        {
            "Clamp" => [first, $"({number})3", $"({number})60"],
            // Of the least integer C# throws.
            "Abs" when !IsFloating(number) => [$"({number})({first} >> 1)"],
            // Which sign NaN has is the device's.
            "CopySign" when IsFloating(number) => [first, $"Tame({second})"],
            // XMath's are the device's own instruction.
            "Max" or "Min" when IsFloating(number) && function.Owner == typeof(XMath) =>
                [$"Away({first})", $"Tame({second})"],
            _ => [first, second, third],
        };
    }

    static string Target(string number) => number switch
    {
        "bool" => "b0 = ",
        "float" => "f0 = ",
        "double" => "d0 = ",
        _ => "l0 = (long)",
    };

    static IEnumerable<string> Created(string number) => from source in new[] { "sbyte", "ulong", "float" }
        let value = IsFloating(source) ? $"{source[0]}0" : $"({source})l0"
        from function in new[] { "Truncated", "Saturated" }
        select $"{Target(number)}Of.{function}<{number}, {source}>({value});";
}
