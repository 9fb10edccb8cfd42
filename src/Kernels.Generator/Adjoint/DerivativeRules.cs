namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// What each function hands back to its operands: x, y and z are the operands' names, r the result's, d the result's
/// adjoint.
/// </summary>
static class DerivativeRules
{
    delegate IEnumerable<string> Rule(string d, string r, string x, string y, string z);

    static readonly Dictionary<string, Rule> Rules = new()
    {
        ["+"] = (d, r, x, y, z) => [d, d],
        ["-"] = (d, r, x, y, z) => [d, $"-{d}"],
        ["*"] = (d, r, x, y, z) => [$"{d} * {y}", $"{d} * {x}"],
        ["/"] = (d, r, x, y, z) => [$"{d} / {y}", $"-{d} * {r} / {y}"],
        ["negate"] = (d, r, x, y, z) => [$"-{d}"],
        ["FusedMultiplyAdd"] = (d, r, x, y, z) => [$"{d} * {y}", $"{d} * {x}", d],
        // Where e^x overflows and nothing comes back, as in 1 / (1 + e^x), nothing goes on.
        ["Exp"] = (d, r, x, y, z) => [$"({d} == T.Zero ? T.Zero : {d} * {r})"],
        ["Exp2"] = (d, r, x, y, z) => [$"({d} == T.Zero ? T.Zero : {d} * {r} * T.Log(T.CreateTruncating(2)))"],
        ["ExpM1"] = (d, r, x, y, z) => [$"({d} == T.Zero ? T.Zero : {d} * ({r} + T.One))"],
        ["Log"] = (d, r, x, y, z) => [$"{d} / {x}"],
        ["Log2"] = (d, r, x, y, z) => [$"{d} / ({x} * T.Log(T.CreateTruncating(2)))"],
        ["Log10"] = (d, r, x, y, z) => [$"{d} / ({x} * T.Log(T.CreateTruncating(10)))"],
        ["LogP1"] = (d, r, x, y, z) => [$"{d} / ({x} + T.One)"],
        ["Sqrt"] = (d, r, x, y, z) => [$"{d} / ({r} + {r})"],
        ["Sin"] = (d, r, x, y, z) => [$"{d} * T.Cos({x})"],
        ["Cos"] = (d, r, x, y, z) => [$"-{d} * T.Sin({x})"],
        ["Tan"] = (d, r, x, y, z) => [$"{d} * (T.One + {r} * {r})"],
        ["Atan"] = (d, r, x, y, z) => [$"{d} / (T.One + {x} * {x})"],
        ["Tanh"] = (d, r, x, y, z) => [$"{d} * (T.One - {r} * {r})"],
        ["Pow"] = (d, r, x, y, z) => [$"{d} * {y} * T.Pow({x}, {y} - T.One)", $"{d} * {r} * T.Log({x})"],
        ["Abs"] = (d, r, x, y, z) => [$"({x} < T.Zero ? -{d} : {d})"],
        ["Max"] = (d, r, x, y, z) => Chosen(d, $"{x} >= {y}"),
        ["MaxNumber"] = (d, r, x, y, z) => Chosen(d, $"{x} >= {y}"),
        ["Min"] = (d, r, x, y, z) => Chosen(d, $"{x} <= {y}"),
        ["MinNumber"] = (d, r, x, y, z) => Chosen(d, $"{x} <= {y}"),
        ["CopySign"] = (d, r, x, y, z) => [$"(({x} < T.Zero) == ({r} < T.Zero) ? {d} : -{d})", "T.Zero"],
    };

    static IEnumerable<string> Chosen(string d, string isFirst) =>
        [$"({isFirst} ? {d} : T.Zero)", $"({isFirst} ? T.Zero : {d})"];

    /// <summary>Functions whose derivative is 0 wherever there is one.</summary>
    static readonly HashSet<string> Steps = ["Floor", "Ceiling", "Round", "Truncate"];

    public static bool IsKnown(string function) => Rules.ContainsKey(function);

    public static bool IsStep(string function) => Steps.Contains(function);

    /// <summary>What each operand gets of the value's adjoint.</summary>
    public static IReadOnlyList<string> Of(Value value, string adjoint)
    {
        string Name(int i) => i < value.Operands.Count ? value.Operands[i].Name : "";
        return [.. Rules[value.Operation](adjoint, value.Name, Name(0), Name(1), Name(2))];
    }

    /// <summary>What an operation costs, additions counted as one.</summary>
    public static int Cost(string operation) => operation switch
    {
        Value.Constant or Value.Load or Value.Merge or Value.Carried => 0,
        "+" or "-" or "*" or "negate" or "Abs" or "Max" or "Min" or "MaxNumber" or "MinNumber"
            or "FusedMultiplyAdd" or "CopySign" => 1,
        "/" or "Sqrt" => 8,
        _ => 20,
    };
}
