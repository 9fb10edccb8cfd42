using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Conversions of floating-point numbers to integers in ILGPU's PTX, as C# means them. PTX's own, which ILGPU writes,
/// gives other numbers for NaN than 0 where 64 bits take part, and the nearest number of 8 or 16 bits where C# takes
/// the lower bits of an int. What <see cref="Rewriting.BodyRewriter"/> passes through memory before them, so that ILGPU
/// sees no constant, is read from the register that it was written from.
/// </summary>
static partial class PtxConversions
{
    /// <summary>The text with those conversions replaced.</summary>
    public static string Corrected(string ptx) => ToInteger().Replace(InRegisters(ptx), match =>
    {
        var (sign, bits, type, to, from) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value,
            match.Groups[4].Value, match.Groups[5].Value);
        var isNarrow = bits is "8" or "16";
        var whole = isNarrow ? "s32" : sign + bits;
        var narrowed = isNarrow ? $"cvt.{sign}{bits}.s32 {to}, %whole;" : $"mov.b{bits} {to}, %whole;";
        return $"{{ .reg .pred %nan; .reg .{whole} %whole; setp.nan.{type} %nan, {from}, {from}; "
            + $"cvt.rzi.{whole}.{type} %whole, {from}; "
            + $"selp.{whole} %whole, 0, %whole, %nan; {narrowed} }}";
    });

    /// <summary>The text with what was read from where it had just been stored taken from its register.</summary>
    static string InRegisters(string ptx)
    {
        var addresses = ThroughMemory().Matches(ptx).Select(match => match.Groups[3].Value).ToHashSet();
        ptx = ThroughMemory().Replace(ptx, "$1mov.$2 $5, $4;");
        foreach (var address in addresses.Where(address => IsStoredToAlone(ptx, address)))
            ptx = Regex.Replace(ptx, $@"st\.local\.\w+\s+{Regex.Escape(address)},[^;]*;", "");
        return ptx;
    }

    /// <summary>Whether a variable's memory has this one address, and nothing but stores uses it.</summary>
    static bool IsStoredToAlone(string ptx, string address)
    {
        var register = Regex.Escape(address[1..^1]);
        var made = Regex.Match(ptx, $@"\bmov\.\w+\s+{register},\s*(__local_depot\d+);");
        return made.Success && Regex.Count(ptx, $@"\b{made.Groups[1].Value}\b") == 2
            && Regex.Count(ptx, $@"{register}\b")
                == 1 + Regex.Count(ptx, $@"\bst\.local\.\w+\s+\[{register}\],");
    }

    [GeneratedRegex(@"(st\.local\.(f32|f64)\s+(\[[^\]]+\]),\s*([%\w]+);\s*)ld\.local\.\2\s+(%\w+),\s*\3;")]
    private static partial Regex ThroughMemory();

    [GeneratedRegex(@"cvt\.rzi\.([su])(8|16|32|64)\.(f32|f64)\s+(%\w+),\s*(%\w+);")]
    private static partial Regex ToInteger();
}
