using System.Reflection;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>
/// Bodies that mean to ILGPU what they mean to C#. It folds what it should not, and its folding cannot be turned off; so what it would fold is said
/// in other instructions:
/// <list type="bullet">
/// <item>Of two conversions in a row it makes one and takes the sign from the wrong one: <c>(long)(uint)(int)x</c> is negative there,
/// <c>(int)(long)1e10f</c> the largest int. Each conversion to an integer is followed by <c>&amp;</c> of the number with itself, which it keeps.</item>
/// <item>A division by a power of two that turns out constant, here or where it is inlined, becomes a signed shift: -61 / 2 is -31, 0x80000000u / 2 is
/// 0xC0000000. x / d is written as x / (d + (x &amp; ~x)), through which it does not see; the assembler behind it does.</item>
/// <item>(x + a) + b becomes x + (a + b) of floating-point constants, and so for products. Two changes of sign stand between.</item>
/// </list>
/// </summary>
static class BodyRewriter
{
    /// <summary>Places on the stack that a rewritten body needs beyond the original's.</summary>
    public const int MoreStack = 2;

    // From a short branch to its long form; leave is the one whose codes are the other way round.
    const int ToLong = 0x38 - 0x2B;

    // The variables behind the body's own: dividend and divisor of each type.
    static readonly (StackType Type, Type Variable)[] Divided = [(StackType.Int, typeof(int)), (StackType.Long, typeof(long))];

    /// <summary>The local variables that a rewritten body has behind its own.</summary>
    public static IEnumerable<LocalVariableInfo> MoreVariables(int first) =>
        Divided.SelectMany(divided => new[] { divided.Variable, divided.Variable }).Select((type, i) => new AddedVariable(type, first + i));

    /// <summary>The method's body rewritten, its branches going where they went; null where nothing was to do.</summary>
    public static byte[]? Of(MethodBase method, IReadOnlyList<CilInstruction> instructions)
    {
        var targets = instructions.SelectMany(instruction => instruction.Targets).ToHashSet();
        var tops = StackTypes.Tops(method, instructions);
        var variables = method.GetMethodBody()!.LocalVariables.Count;
        var replacements = instructions.Select((instruction, i) => instruction.Code == OpCodes.Div || instruction.Code == OpCodes.Div_Un
            ? Quotient(instruction.Code, tops[i], variables) : Replacement(instructions, i, targets)).ToArray();
        return replacements.All(replacement => replacement is null) ? null : Joined(instructions, replacements);
    }

    /// <summary>What is to stand for the instruction; null for itself.</summary>
    static CilWriter? Replacement(IReadOnlyList<CilInstruction> instructions, int i, HashSet<int> targets)
    {
        var instruction = instructions[i];
        if (instruction.Code.IsToInteger()) return new CilWriter().Add(instruction).Add(OpCodes.Dup).Add(OpCodes.And);
        // What is jumped to has not always the constant before it.
        if (targets.Contains(instruction.Offset)) return null;
        return IsByFloat(instructions, i) && IsByFloat(instructions, i + 2) && !targets.Contains(instructions[i + 2].Offset)
            ? new CilWriter().Add(instruction).Add(OpCodes.Neg).Add(OpCodes.Neg) : null;
    }

    /// <summary>x / (d + (x &amp; ~x)), by way of the added variables; null where no integers are divided.</summary>
    static CilWriter? Quotient(OpCode code, StackType type, int variables)
    {
        if (type == StackType.Other) return null;
        var dividend = variables + 2 * Array.FindIndex(Divided, divided => divided.Type == type);
        var divisor = dividend + 1;
        return new CilWriter().Variable(OpCodes.Stloc, divisor).Variable(OpCodes.Stloc, dividend)
            .Variable(OpCodes.Ldloc, dividend)
            .Variable(OpCodes.Ldloc, divisor)
            .Variable(OpCodes.Ldloc, dividend).Variable(OpCodes.Ldloc, dividend).Add(OpCodes.Not).Add(OpCodes.And)
            .Add(OpCodes.Add)
            .Add(code);
    }

    /// <summary>Whether a constant float is added, subtracted or multiplied by.</summary>
    static bool IsByFloat(IReadOnlyList<CilInstruction> instructions, int i) => i > 0 && i < instructions.Count
        && (instructions[i].Code == OpCodes.Add || instructions[i].Code == OpCodes.Sub || instructions[i].Code == OpCodes.Mul)
        && (instructions[i - 1].Code == OpCodes.Ldc_R4 || instructions[i - 1].Code == OpCodes.Ldc_R8);

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

    sealed class AddedVariable(Type type, int index) : LocalVariableInfo
    {
        public override Type LocalType => type;
        public override int LocalIndex => index;
        public override bool IsPinned => false;
    }
}
