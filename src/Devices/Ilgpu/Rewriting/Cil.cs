using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>An instruction of a method's compiled body.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">Its operand's bytes.</param>
readonly record struct CilInstruction(int Offset, OpCode Code, ReadOnlyMemory<byte> Operand)
{
    public int End => Offset + Code.Size + Operand.Length;

    /// <summary>The operand where it is a metadata token.</summary>
    public int Token => BinaryPrimitives.ReadInt32LittleEndian(Operand.Span);

    /// <summary>Which argument or variable it loads; said by the operand, or by the name's last digit.</summary>
    public int Index => Code.OperandType switch
    {
        OperandType.ShortInlineVar => Operand.Span[0],
        OperandType.InlineVar => BinaryPrimitives.ReadUInt16LittleEndian(Operand.Span),
        _ => Code.Name![^1] - '0',
    };

    public bool IsShortBranch => Code.OperandType == OperandType.ShortInlineBrTarget;

    /// <summary>Offsets that it may jump to; empty where it goes on with the next.</summary>
    public int[] Targets
    {
        get
        {
            var (end, operand) = (End, Operand);
            return Code.OperandType switch
            {
                OperandType.ShortInlineBrTarget => [end + (sbyte)operand.Span[0]],
                OperandType.InlineBrTarget => [end + Token],
                OperandType.InlineSwitch => [.. Enumerable.Range(1, Token)
                    .Select(i => end + BinaryPrimitives.ReadInt32LittleEndian(operand.Span[(4 * i)..]))],
                _ => [],
            };
        }
    }
}

/// <summary>Reads compiled bodies (ECMA-335, partition III).</summary>
static class Cil
{
    const byte TwoBytes = 0xFE;

    static readonly FrozenDictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToFrozenDictionary(code => code.Value);

    public static OpCode CodeOf(short value) => Codes[value];

    /// <summary>Of a number, to an integer or to a float; not conv.i and conv.u, which are of addresses.</summary>
    public static bool IsConversion(this OpCode code) => code.IsToInteger() || code.IsToFloat();

    /// <summary>conv.r4, conv.r8, conv.r.un.</summary>
    public static bool IsToFloat(this OpCode code) => code.Name!.StartsWith("conv.r", StringComparison.Ordinal);

    /// <summary>conv.i1 to conv.ovf.u8.un; not conv.i and conv.u, which are of addresses.</summary>
    public static bool IsToInteger(this OpCode code) => code.Name!.StartsWith("conv.", StringComparison.Ordinal)
        && code.Name.Any(char.IsDigit)
        && !code.IsToFloat();

    public static bool IsDivision(this OpCode code) => code == OpCodes.Div || code == OpCodes.Div_Un;

    public static bool IsFloatConstant(this OpCode code) => code == OpCodes.Ldc_R4 || code == OpCodes.Ldc_R8;

    /// <summary>conv.i, conv.u and those of them that check.</summary>
    public static bool IsToAddress(this OpCode code) => code.Name!.StartsWith("conv.", StringComparison.Ordinal)
        && !code.Name.Any(char.IsDigit);

    /// <summary>What the method's tokens of types mean by its type's parameters and by its own.</summary>
    public static (Type[] OfType, Type[] OfMethod) GenericArguments(this MethodBase method) =>
        (method.DeclaringType!.GetGenericArguments(), method is MethodInfo ? method.GetGenericArguments() : []);

    public static List<CilInstruction> Read(ReadOnlyMemory<byte> body)
    {
        var instructions = new List<CilInstruction>();
        var bytes = body.Span;
        for (var at = 0; at < bytes.Length; at = instructions[^1].End)
        {
            var code = CodeOf(bytes[at] == TwoBytes ? BinaryPrimitives.ReadInt16BigEndian(bytes[at..]) : bytes[at]);
            var operand = body[(at + code.Size)..];
            instructions.Add(new(at, code, operand[..SizeOf(code.OperandType, operand.Span)]));
        }
        return instructions;
    }

    static int SizeOf(OperandType type, ReadOnlySpan<byte> operand) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BinaryPrimitives.ReadInt32LittleEndian(operand),
        _ => 4,
    };
}
