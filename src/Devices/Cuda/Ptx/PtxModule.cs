using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Cuda.Ptx;

/// <summary>A text of PTX, read as far as its instructions can be counted.</summary>
sealed partial class PtxModule
{
    readonly Dictionary<string, PtxFunction> functions = [];

    PtxModule(string target) => Target = target;

    /// <summary>The architecture that the text asks for: <c>sm_90</c>.</summary>
    public string Target { get; }

    /// <summary>The kernels, in the order of the text.</summary>
    public IEnumerable<PtxFunction> Entries => functions.Values.Where(function => function.IsEntry);

    /// <summary>Reads what a compiler wrote.</summary>
    public static PtxModule Parse(string ptx)
    {
        ptx = Comment().Replace(ptx, "");
        var module = new PtxModule(TargetOf().Match(ptx).Groups[1].Value);
        for (var head = Head().Match(ptx); head.Success; head = head.NextMatch())
        {
            var open = head.Index + head.Length - 1;
            // One that is only declared ends with a semicolon: it is another module's.
            if (ptx[open] == ';') continue;
            var name = head.Groups["name"].Value;
            module.functions[name] = new(name, head.Groups["kind"].Value == "entry", ptx[(open + 1)..Close(ptx, open)]);
        }
        return module;
    }

    /// <summary>The function of this name; null where the text has no body of it.</summary>
    public PtxFunction? Find(string name) => functions.GetValueOrDefault(name);

    /// <summary>The functions of this text that one calls.</summary>
    public IEnumerable<PtxFunction> Callees(PtxFunction function) =>
        function.Instructions.Select(instruction => instruction.Callee).OfType<string>().Distinct().Select(Find)
            .OfType<PtxFunction>();

    /// <summary>One with all that it calls, and that they call.</summary>
    public IReadOnlyList<PtxFunction> Reached(PtxFunction function)
    {
        List<PtxFunction> reached = [function];
        for (var i = 0; i < reached.Count; i++) reached.AddRange(Callees(reached[i]).Except(reached).ToList());
        return reached;
    }

    static int Close(string ptx, int open)
    {
        var depth = 0;
        for (var position = open; position < ptx.Length; position++)
            if (ptx[position] == '{') depth++;
            else if (ptx[position] == '}' && --depth == 0) return position;
        return ptx.Length;
    }

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*\.target\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TargetOf();

    // Up to the brace of the body, or to the semicolon of a declaration; a function's result stands before its name.
    [GeneratedRegex(@"\.(?<kind>entry|func)\b\s*(?:\([^)]*\)\s*)?(?<name>[\w$]+)[^{;]*[{;]")]
    private static partial Regex Head();
}
