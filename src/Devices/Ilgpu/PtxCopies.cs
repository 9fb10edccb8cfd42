using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Takes copies out of ILGPU's PTX: of what <see cref="Rewriting.BodyRewriter"/> hides from ILGPU's folding, which is
/// written to memory and read from there, or has <c>&amp;</c> with itself.
/// </summary>
static partial class PtxCopies
{
    /// <summary>The text without them.</summary>
    public static string Removed(string ptx) =>
        string.Concat(EndOfFunction().Split(ptx).Select(function => Renamed(InRegisters(function))));

    /// <summary>The text with what is read from where it has just been stored taken from its register.</summary>
    static string InRegisters(string text)
    {
        var uses = CountOf(Register(), text, "register");
        var stores = CountOf(Store(), text, "address");
        var pairs = CountOf(ThroughMemory(), text, "address");
        // The address of a variable's memory, which nothing but stores and such pairs uses.
        var hidden = AddressOfMemory().Matches(text)
            .Where(made => made.Groups["address"].Value is var address && pairs.TryGetValue(address, out var count)
                && uses[address] == 1 + stores[address] + count)
            .ToDictionary(made => made.Groups["address"].Value, made => made.Groups["memory"].Value);
        var memory = hidden.Values.ToHashSet();
        text = ThroughMemory().Replace(text, pair => hidden.ContainsKey(pair.Groups["address"].Value)
            ? $"mov.{pair.Groups["type"].Value}\t{pair.Groups["to"].Value}, {pair.Groups["from"].Value};" : pair.Value);
        text = Store().Replace(text, store => hidden.ContainsKey(store.Groups["address"].Value) ? "" : store.Value);
        text = AddressOfMemory().Replace(text, made => hidden.ContainsKey(made.Groups["address"].Value)
            ? "" : made.Value);
        return Memory().Replace(text, declared => memory.Contains(declared.Groups["memory"].Value)
            ? "" : declared.Value);
    }

    /// <summary>The text with a copy called what it is a copy of, where each of the two is written once.</summary>
    static string Renamed(string text)
    {
        var written = FirstOperand().Matches(text)
            .SelectMany(operand => Register().Matches(operand.Groups["operand"].Value))
            .CountBy(register => register.Value).ToDictionary();
        var originals = new Dictionary<string, string>();
        text = Copy().Replace(text, copy =>
        {
            var (to, from) = (copy.Groups["to"].Value, copy.Groups["from"].Value);
            if (written[to] != 1 || written.GetValueOrDefault(from) != 1 || KindOf(to) != KindOf(from))
                return copy.Value;
            originals[to] = from;
            return "";
        });
        return Register().Replace(text, register => Original(register.Value));

        string Original(string register)
        {
            while (originals.TryGetValue(register, out var from)) register = from;
            return register;
        }
    }

    static Dictionary<string, int> CountOf(Regex what, string text, string group) =>
        what.Matches(text).CountBy(match => match.Groups[group].Value).ToDictionary();

    static string KindOf(string register) => register.TrimEnd("0123456789".ToCharArray());

    [GeneratedRegex(@"(?<=\n\})")]
    private static partial Regex EndOfFunction();

    // As ILGPU numbers them; not %tid.x and its like.
    [GeneratedRegex(@"(?<register>%[a-z]+\d+)\b")]
    private static partial Regex Register();

    [GeneratedRegex(@"\s*mov\.b64\s+(?<address>%rd\d+),\s*(?<memory>__local_depot\d+);")]
    private static partial Regex AddressOfMemory();

    [GeneratedRegex(@"\s*\.local\s[^;]*\s(?<memory>__local_depot\d+)\[\d+\];")]
    private static partial Regex Memory();

    [GeneratedRegex(@"\s*st\.local\.\w+\s+\[(?<address>%\w+)\],[^;]*;")]
    private static partial Regex Store();

    [GeneratedRegex(@"st\.local\.(?<type>\w+)\s+\[(?<address>%\w+)\],\s*(?<from>[%\w]+);\s*"
        + @"ld\.local\.\k<type>\s+(?<to>%\w+),\s*\[\k<address>\];")]
    private static partial Regex ThroughMemory();

    // Where an instruction has no result this is more than is written.
    [GeneratedRegex(@"[\w.]\s+(?<operand>\{[^}]*\}|\([^)]*\)|[^\s,;{}]+)[,;]")]
    private static partial Regex FirstOperand();

    [GeneratedRegex(@"\n\s*(?:mov\.\w+|and\.b\d+)\s+(?<to>%[a-z]+\d+),\s*(?<from>%[a-z]+\d+)(?:,\s*\k<from>)?;")]
    private static partial Regex Copy();
}
