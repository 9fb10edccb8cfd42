using System.Numerics;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>
/// Bodies that mean to ILGPU what they mean to C#. It folds what it should not, and its folding cannot be turned off; so what it would fold is said
/// in other instructions:
/// <list type="bullet">
/// <item>Of two conversions in a row it makes one and takes the sign from the wrong one: <c>(long)(uint)(int)x</c> is negative there,
/// <c>(int)(long)1e10f</c> the largest int. Each conversion to an integer is followed by <c>&amp;</c> of the number with itself, which it keeps.</item>
/// <item>A division by a constant power of two becomes a signed shift: -61 / 2 is -31, 0x80000000u / 2 is 0xC0000000. It is written as the right one.</item>
/// <item>(x + a) + b becomes x + (a + b) of floating-point constants, and so for products. Two changes of sign stand between.</item>
/// </list>
/// </summary>
static class BodyRewriter
{
    /// <summary>Places on the stack that a rewritten body needs beyond the original's.</summary>
    public const int MoreStack = 2;

    // From a short branch to its long form; leave is the one whose codes are the other way round.
    const int ToLong = 0x38 - 0x2B;

    /// <summary>The body rewritten, its branches going where they went; null where nothing was to do.</summary>
    public static byte[]? Of(IReadOnlyList<CilInstruction> instructions)
    {
        var targets = instructions.SelectMany(instruction => instruction.Targets).ToHashSet();
        var replacements = instructions.Select((_, i) => Replacement(instructions, i, targets)).ToArray();
        return replacements.All(replacement => replacement is null) ? null : Joined(instructions, replacements);
    }

    /// <summary>What is to stand for the instruction; null for itself.</summary>
    static CilWriter? Replacement(IReadOnlyList<CilInstruction> instructions, int i, HashSet<int> targets)
    {
        var instruction = instructions[i];
        if (instruction.Code.IsToInteger()) return new CilWriter().Add(instruction).Add(OpCodes.Dup).Add(OpCodes.And);
        // What is jumped to has not always the constant before it.
        if (targets.Contains(instruction.Offset)) return null;
        if (instruction.Code == OpCodes.Div || instruction.Code == OpCodes.Div_Un)
            return Divisor(instructions, i) is { } divisor ? Quotient(divisor, instruction.Code == OpCodes.Div_Un) : null;
        return IsByFloat(instructions, i) && IsByFloat(instructions, i + 2) && !targets.Contains(instructions[i + 2].Offset)
            ? new CilWriter().Add(instruction).Add(OpCodes.Neg).Add(OpCodes.Neg) : null;
    }

    /// <summary>Whether a constant float is added, subtracted or multiplied by.</summary>
    static bool IsByFloat(IReadOnlyList<CilInstruction> instructions, int i) => i > 0 && i < instructions.Count
        && (instructions[i].Code == OpCodes.Add || instructions[i].Code == OpCodes.Sub || instructions[i].Code == OpCodes.Mul)
        && (instructions[i - 1].Code == OpCodes.Ldc_R4 || instructions[i - 1].Code == OpCodes.Ldc_R8);

    /// <summary>The constant that a division is by, and whether it is of 64 bits.</summary>
    static (long Value, bool IsLong)? Divisor(IReadOnlyList<CilInstruction> instructions, int division)
    {
        if (division == 0) return null;
        var last = instructions[division - 1];
        if (last.Constant is { } constant) return (constant, last.Code == OpCodes.Ldc_I8);
        var isWidened = last.Code == OpCodes.Conv_I8 || last.Code == OpCodes.Conv_U8;
        return isWidened && division > 1 && instructions[division - 2].Constant is { } widened
            ? (last.Code == OpCodes.Conv_U8 ? (uint)widened : widened, true) : null;
    }

    /// <summary>The quotient of the number under a constant power of two, rounded towards 0; null for other constants.</summary>
    static CilWriter? Quotient((long Value, bool IsLong) divisor, bool isUnsigned)
    {
        var (value, isLong) = divisor;
        var bits = isLong ? 64 : 32;
        var magnitude = isUnsigned && !isLong ? (uint)value : (ulong)value;
        if (!BitOperations.IsPow2(magnitude) || magnitude == 1) return null;
        // The least number is contained once in itself, never in another.
        if (!isUnsigned && value == long.MinValue) return new CilWriter().Add(OpCodes.Ceq).Add(OpCodes.Conv_I8);
        var shift = BitOperations.TrailingZeroCount(magnitude);
        var text = new CilWriter().Add(OpCodes.Pop);
        if (isUnsigned) return text.Load(shift).Add(OpCodes.Shr_Un);
        // A negative number is made larger by 2^shift - 1 before the shift, which rounds down.
        text.Add(OpCodes.Dup).Load(bits - 1).Add(OpCodes.Shr);
        if (isLong) text.Load((long)magnitude - 1);
        else text.Load((int)magnitude - 1);
        return text.Add(OpCodes.And).Add(OpCodes.Add).Load(shift).Add(OpCodes.Shr);
    }

    static byte[] Joined(IReadOnlyList<CilInstruction> instructions, CilWriter?[] replacements)
    {
        var moved = new Dictionary<int, int>();
        var length = 0;
        for (var i = 0; i < instructions.Count; i++)
        {
            moved[instructions[i].Offset] = length;
            length += replacements[i]?.Length ?? LengthOf(instructions[i]);
        }
        var body = new CilWriter();
        for (var i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (replacements[i] is { } replacement) body.Add(replacement);
            else if (instruction.Targets is not { Length: > 0 } targets) body.Add(instruction);
            else
            {
                var end = body.Length + LengthOf(instruction);
                body.Add(instruction.IsShortBranch ? LongForm(instruction.Code) : instruction.Code);
                if (instruction.Code.OperandType == OperandType.InlineSwitch) body.Add(targets.Length);
                foreach (var target in targets) body.Add(moved[target] - end);
            }
        }
        return body.ToArray();
    }

    static int LengthOf(CilInstruction instruction) => instruction.IsShortBranch ? 1 + sizeof(int) : instruction.End - instruction.Offset;

    static OpCode LongForm(OpCode code) => code == OpCodes.Leave_S ? OpCodes.Leave : Cil.CodeOf((short)(code.Value + ToLong));
}
