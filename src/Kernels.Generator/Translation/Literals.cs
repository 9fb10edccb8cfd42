using System.Globalization;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Targets;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>Constants as C writes them.</summary>
static class Literals
{
    public static Expression Of(object value, ITypeSymbol type, Target target) => value switch
    {
        bool flag => new(flag ? "true" : "false"),
        float number => Floating(number, Invariant($"{number:R}"), "f"),
        double number => Floating(number, Invariant($"{number:R}"), ""),
        int.MinValue => new("(-2147483647 - 1)"),
        long.MinValue => new($"(-9223372036854775807{target.LongSuffix} - 1)"),
        uint number => new(Invariant($"{number}u")),
        long number => Signed(Invariant($"{number}{target.LongSuffix}")),
        ulong number => new(Invariant($"{number}u{target.LongSuffix}")),
        char letter => new(Invariant($"{(int)letter}")),
        _ => Signed(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    static Expression Floating(double number, string digits, string suffix)
    {
        if (double.IsNaN(number)) return new(suffix == "f" ? "NAN" : "(double)NAN", Precedence.Unary);
        if (double.IsInfinity(number))
            return new((number < 0 ? "-" : "") + (suffix == "f" ? "INFINITY" : "(double)INFINITY"), Precedence.Unary);
        return Signed(digits + (digits.IndexOfAny(['.', 'E', 'e']) < 0 ? ".0" : "") + suffix);
    }

    static Expression Signed(string digits) => new(digits, digits[0] == '-' ? Precedence.Unary : Precedence.Primary);
}
