using System.Reflection;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>
/// Bodies that mean to ILGPU what they mean to C#. It folds what it should not, and its folding cannot be turned off;
/// so what it would fold is hidden from it, or said in other instructions:
/// <list type="bullet">
/// <item>No floating-point number is a constant to it: x + 0 would be x, which has another sign where x is -0, (x + a)
/// + b be x + (a + b), 0 &lt; x be x &gt; 0, which it makes true of NaN, !(x &lt; y) be x &gt;= y, and (int)1e20f the
/// lower bits of a long. Each is written to memory and read from there: literals, integers as floats, what lies in
/// static fields, the zeros of a default.</item>
/// <item>A divisor too: a division by a power of two would be a signed shift, -61 / 2 be -31, 0x80000000u / 2 be
/// 0xC0000000. And a ulong that becomes a float, which it rounds twice.</item>
/// <item>Of two conversions in a row it makes one and takes the sign from the wrong one: <c>(long)(uint)(int)x</c> is
/// negative there, <c>(int)(long)1e10f</c> the largest int, <c>(sbyte)(byte)x</c> as large as 255. Integers have
/// <c>&amp;</c> with themselves, which it keeps, before and after each conversion.</item>
/// <item>A byte or ushort that is converted to, loaded, stored through a reference, or returned, may read as negative
/// where it is constant or inlined. What makes one is followed by <c>&amp;</c> with 0xFF or 0xFFFF.</item>
/// <item>A constant uint becomes a negative float where its highest bit is set, and true a float of its bits,
/// 1.4e-45f. A uint is a long first, what may be a bool an int.</item>
/// </list>
/// What is copied so stays in its register: <see cref="PtxCopies"/>.
/// </summary>
static class BodyRewriter
{
    /// <summary>Places on the stack that a rewritten body needs beyond the original's.</summary>
    public const int MoreStack = 2;

    // From a short branch to its long form; leave is the one whose codes are the other way round.
    const int ToLong = 0x38 - 0x2B;

    // The variables behind the body's own: for a number of each type one that keeps it and one of as many bits in whose
    // memory it is hidden, of another type, for ILGPU sees through what is read as it was written.
    static readonly (StackType Type, Type Kept, Type Hidden, OpCode Write, OpCode Read)[] Memory =
        [(StackType.Int, typeof(int), typeof(float), OpCodes.Stind_I4, OpCodes.Ldind_I4),
            (StackType.Long, typeof(long), typeof(double), OpCodes.Stind_I8, OpCodes.Ldind_I8),
            (StackType.Float, typeof(float), typeof(int), OpCodes.Stind_R4, OpCodes.Ldind_R4),
            (StackType.Double, typeof(double), typeof(long), OpCodes.Stind_R8, OpCodes.Ldind_R8)];

    /// <summary>The local variables that a rewritten body has behind its own.</summary>
    public static IEnumerable<LocalVariableInfo> MoreVariables(int first) =>
        Memory.SelectMany(memory => new[] { memory.Kept, memory.Hidden })
            .Select((type, i) => new AddedVariable(type, first + i));

    /// <summary>
    /// The method's body rewritten, its branches going where they went; null where nothing was to do.
    /// </summary>
    public static byte[]? Of(MethodBase method, IReadOnlyList<CilInstruction> instructions)
    {
        var uses = StackTypes.Of(method, instructions);
        var variables = method.GetMethodBody()!.LocalVariables.Count;
        var before = instructions.Select((instruction, i) => Before(instruction, uses[i], variables)).ToArray();
        var after = instructions.Select((instruction, i) => After(instruction, uses[i], variables)).ToArray();
        return before.Concat(after).All(added => added is null) ? null : Joined(instructions, before, after);
    }

    /// <summary>What is to stand before the instruction; null for nothing.</summary>
    static CilWriter? Before(CilInstruction instruction, StackUse use, int variables)
    {
        var code = instruction.Code;
        if (code.IsToFloat() && use.Top == StackType.Int)
            return AndItself.Add(code == OpCodes.Conv_R_Un ? OpCodes.Conv_U8 : OpCodes.Conv_I4).Add(AndItself);
        if (use.Top.IsInteger() && (code.IsDivision() || code == OpCodes.Conv_R_Un)) return Hidden(use.Top, variables);
        if (code.IsConversion() && use.Top.IsInteger()) return AndItself;
        return code == OpCodes.Initobj && Zero(use.Named, variables) is not null
            ? new CilWriter().Add(OpCodes.Dup) : null;
    }

    static CilWriter AndItself => new CilWriter().Add(OpCodes.Dup).Add(OpCodes.And);

    /// <summary>What is to stand behind the instruction; null for nothing.</summary>
    static CilWriter? After(CilInstruction instruction, StackUse use, int variables)
    {
        var code = instruction.Code;
        if (MakesFloat(code, use)) return Hidden(use.Pushed, variables);
        if (code == OpCodes.Initobj) return Zero(use.Named, variables);
        if (MaskOf(code, use.Named) is { } mask) return new CilWriter().Add(OpCodes.Ldc_I4).Add(mask).Add(OpCodes.And);
        return code.IsToInteger() ? AndItself : null;
    }

    /// <summary>Whether a floating-point number comes from what is none, and so may be constant.</summary>
    static bool MakesFloat(OpCode code, StackUse use) => use.Pushed.IsFloat()
        && (code.IsFloatConstant() || code == OpCodes.Conv_R4 || code == OpCodes.Conv_R8
            || code == OpCodes.Ldfld || code == OpCodes.Ldsfld
            || use.Called is { } called && called.GetParameters().All(
                parameter => StackTypes.TypeOf(parameter.ParameterType).IsInteger()));

    /// <summary>The number on the stack written to memory and read from there.</summary>
    static CilWriter Hidden(StackType type, int variables)
    {
        var i = Array.FindIndex(Memory, memory => memory.Type == type);
        var (kept, hidden) = (variables + 2 * i, variables + 2 * i + 1);
        return new CilWriter().Variable(OpCodes.Stloc, kept)
            .Variable(OpCodes.Ldloca, hidden).Variable(OpCodes.Ldloc, kept).Add(Memory[i].Write)
            .Variable(OpCodes.Ldloca, hidden).Add(Memory[i].Read);
    }

    /// <summary>The zero that a default is, to the address on the stack; null for other types than floats.</summary>
    static CilWriter? Zero(Type? type, int variables) =>
        type == typeof(float) ? new CilWriter().Add(OpCodes.Ldc_R4).Add(0)
            .Add(Hidden(StackType.Float, variables)).Add(OpCodes.Stind_R4)
        : type == typeof(double) ? new CilWriter().Add(OpCodes.Ldc_R8).Add(0).Add(0)
            .Add(Hidden(StackType.Double, variables)).Add(OpCodes.Stind_R8)
        : null;

    static int? MaskOf(OpCode code, Type? loaded) =>
        code == OpCodes.Conv_U1 ? byte.MaxValue : code == OpCodes.Conv_U2 ? ushort.MaxValue
        : Type.GetTypeCode(loaded) switch
        {
            TypeCode.Byte => byte.MaxValue,
            TypeCode.UInt16 or TypeCode.Char => ushort.MaxValue,
            _ => null,
        };

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
