using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Cuda.Ptx;

/// <summary>One instruction of PTX.</summary>
/// <param name="Opcode">With its modifiers, without the guard: <c>ld.global.v4.f32</c>.</param>
/// <param name="Guard">The predicate without which it does nothing; null where it always runs.</param>
/// <param name="Sets">Registers that it writes.</param>
/// <param name="Reads">Registers that it reads, the guard among them.</param>
/// <param name="Target">The label that it may jump to, or that of a list of labels; null where it does not
/// jump.</param>
/// <param name="Callee">The function that it calls.</param>
sealed partial record PtxInstruction(
    string Opcode, string? Guard, IReadOnlyList<string> Sets, IReadOnlyList<string> Reads, string? Target = null,
    string? Callee = null)
{
    static readonly string[] Ends = ["bra", "brx", "ret", "exit", "trap"];

    string[] Parts { get; } = Opcode.Split('.');

    /// <summary>The opcode alone: <c>ld</c>.</summary>
    public string Operation => Parts[0];

    /// <summary>Whether the instruction behind it may be the next.</summary>
    public bool Falls => Guard is not null || !Ends.Contains(Operation);

    /// <summary>A load or store of several elements at once, parameters apart.</summary>
    public bool IsVector => Operation is "ld" or "st" && !Has("param") && (Has("v2") || Has("v4"));

    /// <summary>Less exact than IEEE arithmetic: <c>ex2.approx</c>, <c>rcp.approx</c>, <c>div.full</c>.</summary>
    public bool IsApproximate => Has("approx") || Has("full");

    /// <summary>A barrier of a group, a cluster or a warp.</summary>
    public bool IsBarrier => Operation is "bar" or "barrier";

    /// <summary>An atomic operation, with or without a result.</summary>
    public bool IsAtomic => Operation is "atom" or "red";

    /// <param name="code">Without the semicolon and without a label.</param>
    internal static PtxInstruction Parse(string code)
    {
        var guarded = GuardOf().Match(code);
        var guard = guarded.Success ? guarded.Groups[1].Value : null;
        string[] reads = guard is null ? [] : [guard];
        code = code[guarded.Length..];
        var opcode = code.Split([' ', '\t', '\n'], 2)[0];
        var operands = code[opcode.Length..];
        if (IsOf(opcode, "call"))
            return new(opcode, guard, [], reads, Callee: CalleeOf().Match(operands).Groups[1].Value);
        if (IsOf(opcode, "bra") || IsOf(opcode, "brx"))
            return new(opcode, guard, [], [.. reads, .. Registers(operands)], operands.Split(',')[^1].Trim());
        var sets = HasNoDestination().IsMatch(opcode) ? "" : Destination().Match(operands).Value;
        return new(opcode, guard, [.. Registers(sets)], [.. reads, .. Registers(operands[sets.Length..])]);
    }

    bool Has(string modifier) => Parts.AsSpan(1).Contains(modifier);

    static bool IsOf(string opcode, string operation) => opcode.Split('.')[0] == operation;

    static IEnumerable<string> Registers(string text) => Register().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"^@!?(%p\d+)\s+")]
    private static partial Regex GuardOf();

    // Behind what the call returns: (result), name, (arguments).
    [GeneratedRegex(@"^\s*(?:\([^)]*\)\s*,)?\s*([\w$]+)")]
    private static partial Regex CalleeOf();

    [GeneratedRegex(@"^(st|red|bar(?!\.red)|barrier(?!(\.cta)?\.red)|cp|membar|fence|prefetch|nanosleep)\b")]
    private static partial Regex HasNoDestination();

    // One register, a pair as %r1|%p1, or a vector in braces.
    [GeneratedRegex(@"^\s*(\{[^}]*\}|%\w+(\|%\w+)?)")]
    private static partial Regex Destination();

    [GeneratedRegex(@"%(?:p|r|rd|f|fd|rs|h|hh|b)\d+\b")]
    private static partial Regex Register();
}
