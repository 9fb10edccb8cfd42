using System.Text.RegularExpressions;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// Conversions in ILGPU's PTX, as C# means them. Of a floating-point number to an integer PTX's own, which ILGPU
/// writes, gives other numbers for NaN than 0 where 64 bits take part, and the nearest number of 8 or 16 bits where C#
/// takes the lower bits of an int. A ulong becomes a float by way of a double, and so is rounded twice.
/// </summary>
static partial class PtxConversions
{
    /// <summary>The text with those conversions replaced.</summary>
    public static string Corrected(string ptx) =>
        ULongToFloat().Replace(ToInteger().Replace(ptx, Integer), "$1cvt.rn.f32.u64\t$4, $3;");

    static string Integer(Match match)
    {
        var (sign, bits, type, to, from) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value,
            match.Groups[4].Value, match.Groups[5].Value);
        var isNarrow = bits is "8" or "16";
        var whole = isNarrow ? "s32" : sign + bits;
        var narrowed = isNarrow ? $"cvt.{sign}{bits}.s32 {to}, %whole;" : $"mov.b{bits} {to}, %whole;";
        return $"{{ .reg .pred %nan; .reg .{whole} %whole; setp.nan.{type} %nan, {from}, {from}; "
            + $"cvt.rzi.{whole}.{type} %whole, {from}; "
            + $"selp.{whole} %whole, 0, %whole, %nan; {narrowed} }}";
    }

    [GeneratedRegex(@"cvt\.rzi\.([su])(8|16|32|64)\.(f32|f64)\s+(%\w+),\s*(%\w+);")]
    private static partial Regex ToInteger();

    [GeneratedRegex(@"(cvt\.rn\.f64\.u64\s+(%\w+),\s*(%\w+);\s*)cvt\.rn\.f32\.f64\s+(%\w+),\s*\2;")]
    private static partial Regex ULongToFloat();
}
