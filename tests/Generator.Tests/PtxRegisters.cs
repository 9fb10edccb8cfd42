using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// The registers that a kernel's values take at its busiest place: those that are still read, by liveness over the control flow of its PTX. The
/// device's assembler moves instructions yet, and adds addresses and temporaries; but it cannot hold less than this without spilling or computing again.
/// </summary>
static partial class PtxRegisters
{
    /// <summary>One instruction: the registers it sets and reads, and where it may lead.</summary>
    sealed record Instruction(string[] Sets, string[] Reads, string? Target, bool Falls);

    /// <summary>Registers of 32 bits; predicates have a file of their own.</summary>
    /// <param name="body">Of an entry point, from its brace on.</param>
    public static int Busiest(string body)
    {
        var (instructions, labels) = Parse(body);
        var live = new HashSet<string>[instructions.Count + 1];
        for (var i = 0; i < live.Length; i++) live[i] = [];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = instructions.Count - 1; i >= 0; i--)
            {
                var instruction = instructions[i];
                var now = new HashSet<string>(instruction.Falls ? live[i + 1] : []);
                if (instruction.Target is { } target && labels.TryGetValue(target, out var at)) now.UnionWith(live[at]);
                now.ExceptWith(instruction.Sets);
                now.UnionWith(instruction.Reads);
                if (now.Count == live[i].Count) continue;
                live[i] = now;
                changed = true;
            }
        }
        return live.Max(set => set.Sum(Width));
    }

    static (List<Instruction> Instructions, Dictionary<string, int> Labels) Parse(string body)
    {
        var instructions = new List<Instruction>();
        var labels = new Dictionary<string, int>();
        // A label ends with a colon, an instruction with a semicolon; a call is one over several lines.
        foreach (Match match in Statement().Matches(Comment().Replace(body, "")))
            if (match.Groups["label"].Success) labels[match.Groups["label"].Value] = instructions.Count;
            else if (match.Groups["code"].Value.Trim() is { Length: > 0 } code && code[0] != '.') instructions.Add(Of(code));
        return (instructions, labels);
    }

    static Instruction Of(string code)
    {
        var guard = Guard().Match(code);
        var reads = new List<string>();
        if (guard.Success) reads.Add(guard.Groups[1].Value);
        code = code[guard.Length..];
        var name = code.Split([' ', '\t', '\n'], 2)[0];
        var operands = code[name.Length..];
        if (name is "bra" or "bra.uni") return new([], [.. reads], operands.Trim(), guard.Success);
        if (name is "ret" or "exit" or "trap") return new([], [.. reads], null, guard.Success);
        var sets = SetsNothing().IsMatch(name) ? "" : Destination().Match(operands).Value;
        reads.AddRange(Names(operands[sets.Length..]));
        string[] set = [.. Names(sets)];
        // Where the guard fails, the old value stays.
        return new(guard.Success ? [] : set, [.. reads], null, true);
    }

    static IEnumerable<string> Names(string text) => Register().Matches(text).Select(match => match.Value);

    static int Width(string register) => register[1..].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch
    {
        "p" => 0,
        "rd" or "fd" => 2,
        _ => 1,
    };

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<label>\$?\w+):(?!:)|(?<code>[^;:{}]*(?:\{[^;:{}]*\}[^;:{}]*)*);")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^@!?(%p\d+)\s+")]
    private static partial Regex Guard();

    [GeneratedRegex(@"^(st|red|bar|barrier|cp|membar|fence|prefetch|call)\b")]
    private static partial Regex SetsNothing();

    // One register, a pair as %r1|%p1, or a vector in braces.
    [GeneratedRegex(@"^\s*(\{[^}]*\}|%\w+(\|%\w+)?)")]
    private static partial Regex Destination();

    [GeneratedRegex(@"%(?:p|r|rd|f|fd|rs|h|hh|b)\d+\b")]
    private static partial Regex Register();
}
