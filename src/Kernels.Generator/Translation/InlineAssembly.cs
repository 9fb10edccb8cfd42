using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>CudaAsm.Emit as GCC-style inline assembly: outputs first, as in the C# call.</summary>
static class InlineAssembly
{
    public static Expression Emit(FunctionTranslator.IntrinsicCall call)
    {
        var operands = call.Arguments.Skip(1).ToList();
        if (call.Arguments[0].Value.ConstantValue.Value is not string instruction
            || Regex.Matches(instruction, @"(?<!%)(?:%%)*%(\d+)").Cast<Match>()
                .Any(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) >= operands.Count))
            throw new UnsupportedException(Unsupported.Asm, call.Syntax, Invariant($"{operands.Count - 1}"));
        var outputs = operands.Where(operand => operand.Parameter!.RefKind == RefKind.Out)
            .Select(
                operand =>
                    $"\"={Constraint(call, operands.IndexOf(operand) + 1)}\""
                    + $"({Target(call, operands.IndexOf(operand) + 1)})");
        var inputs = operands.Where(operand => operand.Parameter!.RefKind == RefKind.None)
            .Select(
                operand =>
                    $"\"{Constraint(call, operands.IndexOf(operand) + 1)}\""
                    + $"({call.Argument(operands.IndexOf(operand) + 1)})");
        return new(
            $"asm volatile(\"{instruction.Replace("\"", "\\\"")}\" : {string.Join(", ", outputs)} "
            + $": {string.Join(", ", inputs)} : \"memory\")");
    }

    static string Target(FunctionTranslator.IntrinsicCall call, int index) => call.Argument(index).Text;

    static string Constraint(FunctionTranslator.IntrinsicCall call, int index) =>
        call.ArgumentType(index).SpecialType switch
    {
        SpecialType.System_Single => "f",
        SpecialType.System_Double => "d",
        SpecialType.System_Int64 or SpecialType.System_UInt64 => "l",
        SpecialType.System_Int16 or SpecialType.System_UInt16 => "h",
        _ => "r",
    };
}
