using System.Reflection;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>
/// Bodies that mean to ILGPU what they mean to C#. It folds what it should not, and its folding cannot be turned off;
/// so what it would fold is said in other instructions:
/// <list type="bullet">
/// <item>Of two conversions in a row it makes one and takes the sign from the wrong one: <c>(long)(uint)(int)x</c> is
/// negative there, <c>(int)(long)1e10f</c> the largest int, <c>(sbyte)(byte)x</c> as large as 255. Integers have
/// <c>&amp;</c> with themselves, which it keeps, before and after each conversion.</item>
/// <item>A byte or ushort that is stored through a reference, or returned, may read as negative where that is inlined.
/// What loads one is followed by <c>&amp;</c> with 0xFF or 0xFFFF.</item>
/// <item>(x + a) + b becomes x + (a + b) of floating-point constants, and so for products. Two changes of sign stand
/// between.</item>
/// <item>A division by a power of two that turns out constant, here or where it is inlined, becomes a signed shift: -61
/// / 2 is -31, 0x80000000u / 2 is 0xC0000000. x / d is written as x / (d + 0), the 0 made of x.</item>
/// <item>A floating-point constant on the left of a comparison is moved to the right, and NaN, which is not less than
/// anything, becomes so: 0 &lt; NaN is true. x &lt; y is written as x + 0 &lt; y, the 0 made of y.</item>
/// <item>Of two constants, as inlining shows them, !(x &lt; y) becomes x &gt;= y, NaN or not. A NaN among the
/// constants is read from memory, as its bits.</item>
/// <item>A constant uint becomes a negative float where its highest bit is set, and true a float of its bits,
/// 1.4e-45f. A uint is a long first, what may be a bool an int.</item>
/// </list>
/// A 0 made of y is y &amp; ~y, an integer. ILGPU keeps it; the assembler behind it sees through.
/// </summary>
static class BodyRewriter
{
    /// <summary>Places on the stack that a rewritten body needs beyond the original's.</summary>
    public const int MoreStack = 2;

    // From a short branch to its long form; leave is the one whose codes are the other way round.
    const int ToLong = 0x38 - 0x2B;

    // The variables behind the body's own: a left and a right operand of each type.
    static readonly (StackType Type, Type Variable)[] Kept =
        [(StackType.Int, typeof(int)), (StackType.Long, typeof(long)), (StackType.Float, typeof(float)),
        (StackType.Double, typeof(double))];

    // Behind those: the bits of a float and of a double.
    static readonly int Bits = 2 * Kept.Length;

    /// <summary>The local variables that a rewritten body has behind its own.</summary>
    public static IEnumerable<LocalVariableInfo> MoreVariables(int first) =>
        Kept.SelectMany(kept => new[] { kept.Variable, kept.Variable }).Append(typeof(int)).Append(typeof(long))
            .Select((type, i) => new AddedVariable(type, first + i));

    /// <summary>
    /// The method's body rewritten, its branches going where they went; null where nothing was to do.
    /// </summary>
    public static byte[]? Of(MethodBase method, IReadOnlyList<CilInstruction> instructions)
    {
        var targets = instructions.SelectMany(instruction => instruction.Targets).ToHashSet();
        var types = StackTypes.Of(method, instructions);
        var variables = method.GetMethodBody()!.LocalVariables.Count;
        var before = instructions.Select((_, i) => Before(instructions, i, targets, types[i].Top, variables))
            .ToArray();
        var after = instructions.Select((_, i) => After(instructions, i, targets, types[i].Loaded, variables))
            .ToArray();
        return before.Concat(after).All(added => added is null) ? null : Joined(instructions, before, after);
    }

    /// <summary>What is to stand before the instruction; null for nothing.</summary>
    static CilWriter? Before(IReadOnlyList<CilInstruction> instructions, int i, HashSet<int> targets, StackType type,
        int variables)
    {
        var code = instructions[i].Code;
        if (code.IsToFloat() && type == StackType.Int)
            return AndItself.Add(code == OpCodes.Conv_R_Un ? OpCodes.Conv_U8 : OpCodes.Conv_I4).Add(AndItself);
        if (code.IsConversion() && type.IsInteger()) return AndItself;
        var left = variables + 2 * Array.FindIndex(Kept, kept => kept.Type == type);
        var right = left + 1;
        var text = new CilWriter().Variable(OpCodes.Stloc, right);
        if (code.IsDivision() && type.IsInteger())
            return text.Variable(OpCodes.Stloc, left).Variable(OpCodes.Ldloc, left).Variable(OpCodes.Ldloc, right)
                .Variable(OpCodes.Ldloc, left).Add(Zero).Add(OpCodes.Add);
        // Where both are constants nothing is moved.
        var isByConstant = i > 0 && instructions[i - 1].Code.IsFloatConstant()
            && !targets.Contains(instructions[i].Offset);
        return code.IsOrder() && type.IsFloat() && !isByConstant
            ? text.Variable(OpCodes.Ldloc, right).Add(OpCodes.Conv_I4).Add(Zero)
                .Add(type == StackType.Float ? OpCodes.Conv_R4 : OpCodes.Conv_R8)
                .Add(OpCodes.Add).Variable(OpCodes.Ldloc, right)
            : null;
    }

    static CilWriter AndItself => new CilWriter().Add(OpCodes.Dup).Add(OpCodes.And);

    static CilWriter Zero => new CilWriter().Add(OpCodes.Dup).Add(OpCodes.Not).Add(OpCodes.And);

    /// <summary>What is to stand behind the instruction; null for nothing.</summary>
    static CilWriter? After(IReadOnlyList<CilInstruction> instructions, int i, HashSet<int> targets, Type? loaded,
        int variables)
    {
        if (instructions[i].IsNaN) return FromMemory(instructions[i], variables + Bits);
        if (instructions[i].Code.IsToInteger()) return AndItself;
        if (MaskOf(loaded) is { } mask) return new CilWriter().Add(OpCodes.Ldc_I4).Add(mask).Add(OpCodes.And);
        return IsByFloat(instructions, i, targets) && IsByFloat(instructions, i + 2, targets)
            ? new CilWriter().Add(OpCodes.Neg).Add(OpCodes.Neg) : null;
    }

    static int? MaskOf(Type? loaded) => Type.GetTypeCode(loaded) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 or TypeCode.Char => ushort.MaxValue,
        _ => null,
    };

    // Bits that are read as another type stay in memory.
    static CilWriter FromMemory(CilInstruction constant, int variable) => constant.Code == OpCodes.Ldc_R4
        ? new CilWriter().Add(OpCodes.Pop).Add(OpCodes.Ldc_I4, constant.Operand)
            .Variable(OpCodes.Stloc, variable).Variable(OpCodes.Ldloca, variable).Add(OpCodes.Ldind_R4)
        : new CilWriter().Add(OpCodes.Pop).Add(OpCodes.Ldc_I8, constant.Operand)
            .Variable(OpCodes.Stloc, variable + 1).Variable(OpCodes.Ldloca, variable + 1).Add(OpCodes.Ldind_R8);

    /// <summary>
    /// Whether a constant float is added, subtracted or multiplied by. What is jumped to has not always the constant
    /// before it.
    /// </summary>
    static bool IsByFloat(IReadOnlyList<CilInstruction> instructions, int i, HashSet<int> targets) =>
        i > 0 && i < instructions.Count
        && (instructions[i].Code == OpCodes.Add || instructions[i].Code == OpCodes.Sub
            || instructions[i].Code == OpCodes.Mul)
        && instructions[i - 1].Code.IsFloatConstant()
        && !targets.Contains(instructions[i].Offset);

    static byte[] Joined(IReadOnlyList<CilInstruction> instructions, CilWriter?[] before, CilWriter?[] after)
    {
        var moved = new Dictionary<int, int>();
        var length = 0;
        for (var i = 0; i < instructions.Count; i++)
        {
            moved[instructions[i].Offset] = length;
            length += (before[i]?.Length ?? 0) + LengthOf(instructions[i]) + (after[i]?.Length ?? 0);
        }
        var body = new CilWriter();
        for (var i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (before[i] is { } prefix) body.Add(prefix);
            if (instruction.Targets is not { Length: > 0 } targets) body.Add(instruction);
            else
            {
                var end = body.Length + LengthOf(instruction);
                body.Add(instruction.IsShortBranch ? LongForm(instruction.Code) : instruction.Code);
                if (instruction.Code.OperandType == OperandType.InlineSwitch) body.Add(targets.Length);
                foreach (var target in targets) body.Add(moved[target] - end);
            }
            if (after[i] is { } suffix) body.Add(suffix);
        }
        return body.ToArray();
    }

    static int LengthOf(CilInstruction instruction) => instruction.IsShortBranch
        ? 1 + sizeof(int) : instruction.End - instruction.Offset;

    static OpCode LongForm(OpCode code) => code == OpCodes.Leave_S
        ? OpCodes.Leave : Cil.CodeOf((short)(code.Value + ToLong));

    sealed class AddedVariable(Type type, int index) : LocalVariableInfo
    {
        public override Type LocalType => type;
        public override int LocalIndex => index;
        public override bool IsPinned => false;
    }
}
