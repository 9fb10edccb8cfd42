using System.Globalization;
using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Cuda.Ptx;

/// <summary>The body of an entry point or of a function in PTX: its instructions and where they lead.</summary>
sealed partial class PtxFunction
{
    // Its label stands before it, and brx.idx jumps by that to one of its own.
    const string JumpTable = ".branchtargets";

    readonly Dictionary<string, int> labels = [];
    readonly Dictionary<string, string[]> jumpTables = [];
    readonly List<PtxInstruction> instructions = [];

    /// <param name="name">As the module calls it.</param>
    /// <param name="isEntry">Whether the host launches it.</param>
    /// <param name="body">What stands between its braces, without comments.</param>
    internal PtxFunction(string name, bool isEntry, string body)
    {
        (Name, IsEntry) = (name, isEntry);
        var label = "";
        foreach (Match statement in Statement().Matches(body))
        {
            var code = statement.Groups["code"].Value.Trim();
            if (statement.Groups["label"].Success) labels[label = statement.Groups["label"].Value] = instructions.Count;
            else if (code.StartsWith(JumpTable, StringComparison.Ordinal))
                jumpTables[label] = Names(code[JumpTable.Length..]);
            else if (code.Length > 0 && code[0] != '.') instructions.Add(PtxInstruction.Parse(code));
        }
        LocalBytes = LocalArray().Matches(body)
            .Sum(array =>
                Bytes(array.Groups[1].Value) * int.Parse(array.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>As the text calls it.</summary>
    public string Name { get; }

    /// <summary>Whether it is a kernel.</summary>
    public bool IsEntry { get; }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<PtxInstruction> Instructions => instructions;

    /// <summary>Local memory of a lane, for arrays that no register holds.</summary>
    public int LocalBytes { get; }

    /// <summary>
    /// The instructions that may come after one, by place; the number of instructions is the function's end.
    /// </summary>
    public IEnumerable<int> Successors(int index)
    {
        var instruction = instructions[index];
        if (instruction.Falls) yield return index + 1;
        if (instruction.Target is not { } target) yield break;
        foreach (var label in jumpTables.GetValueOrDefault(target, [target])) yield return labels[label];
    }

    static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    // b8, u32, f64: the number is of bits.
    static int Bytes(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) / 8;

    // A label ends with a colon, an instruction with a semicolon; a call is one over several lines.
    [GeneratedRegex(@"(?<label>\$?\w+):(?!:)|(?<code>[^;:{}]*(?:\{[^;:{}]*\}[^;:{}]*)*);")]
    private static partial Regex Statement();

    [GeneratedRegex(@"\.local\s+(?:\.align\s+\d+\s+)?\.(\w+)\s+[\w$]+\[(\d+)\]")]
    private static partial Regex LocalArray();
}
