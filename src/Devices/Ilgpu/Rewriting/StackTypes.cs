using System.Reflection;
using System.Reflection.Emit;

namespace LdNetGpu.Devices.Ilgpu.Rewriting;

/// <summary>What an arithmetic instruction may find on the stack: a number, or anything else.</summary>
enum StackType { Other, Int, Long, Float, Double }

static class StackTypeExtensions
{
    public static bool IsInteger(this StackType type) => type is StackType.Int or StackType.Long;

    public static bool IsFloat(this StackType type) => type is StackType.Float or StackType.Double;
}

/// <summary>What an instruction does with the stack.</summary>
/// <param name="Top">The number on top before it.</param>
/// <param name="Pushed">The number that it leaves on top.</param>
/// <param name="Named">
/// The C# type of what it loads, returns or makes a default; null where it does none of these.
/// </param>
/// <param name="Called">The method that it calls.</param>
readonly record struct StackUse(StackType Top, StackType Pushed, Type? Named, MethodBase? Called);

/// <summary>
/// The types of the numbers under each instruction of a body. One pass from top to bottom is enough: where a body goes
/// on behind a jump, either something before has jumped there, or the stack is empty (ECMA-335, III.1.7.5).
/// </summary>
sealed class StackTypes
{
    readonly MethodBase method;
    readonly Type[] ofType, ofMethod;
    readonly Type[] arguments;
    readonly IList<LocalVariableInfo> locals;
    readonly Dictionary<int, StackType[]> arriving = [];
    readonly List<StackType> stack = [];

    StackTypes(MethodBase method)
    {
        this.method = method;
        (ofType, ofMethod) = method.GenericArguments();
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType);
        arguments = method.IsStatic ? [.. parameters] : [typeof(object), .. parameters];
        locals = method.GetMethodBody()!.LocalVariables;
    }

    /// <summary>What each instruction does.</summary>
    public static StackUse[] Of(MethodBase method, IReadOnlyList<CilInstruction> instructions) =>
        [.. new StackTypes(method).Read(instructions)];

    IEnumerable<StackUse> Read(IReadOnlyList<CilInstruction> instructions)
    {
        foreach (var instruction in instructions)
        {
            if (arriving.TryGetValue(instruction.Offset, out var state))
            {
                stack.Clear();
                stack.AddRange(state);
            }
            var called = instruction.Code.OperandType == OperandType.InlineMethod
                ? method.Module.ResolveMethod(instruction.Token, ofType, ofMethod)! : null;
            var top = Peek(0);
            var pushed = Step(instruction, called);
            yield return new(top, pushed.LastOrDefault(), Named(instruction, called), called);
            foreach (var target in instruction.Targets) arriving.TryAdd(target, [.. stack]);
            if (instruction.Code.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw)
                stack.Clear();
        }
    }

    StackType Peek(int depth) => depth < stack.Count ? stack[^(depth + 1)] : StackType.Other;

    StackType[] Step(CilInstruction instruction, MethodBase? called)
    {
        var taken = Taken(instruction, called);
        var pushed = Pushed(instruction, called, taken);
        stack.RemoveRange(Math.Max(0, stack.Count - taken), Math.Min(taken, stack.Count));
        stack.AddRange(pushed);
        return pushed;
    }

    int Taken(CilInstruction instruction, MethodBase? called)
    {
        if (instruction.Code == OpCodes.Ret) return stack.Count;
        if (instruction.Code.StackBehaviourPop == StackBehaviour.Varpop)
        {
            var hasSelf = called is { IsStatic: false } && instruction.Code != OpCodes.Newobj;
            return (called?.GetParameters().Length ?? 0) + (hasSelf ? 1 : 0);
        }
        // Popi_popi and its like: one word for each number taken.
        return instruction.Code.StackBehaviourPop == StackBehaviour.Pop0
            ? 0 : 1 + Underscores(instruction.Code.StackBehaviourPop);
    }

    StackType[] Pushed(CilInstruction instruction, MethodBase? called, int taken) =>
        instruction.Code.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => [],
        StackBehaviour.Varpush when called is MethodInfo function => function.ReturnType == typeof(void)
            ? [] : [TypeOf(function.ReturnType)],
        // conv.i and conv.u make addresses; of the others that push a "native int" none goes into arithmetic as it is.
        StackBehaviour.Pushi => [instruction.Code.IsToAddress() ? StackType.Other : StackType.Int],
        StackBehaviour.Pushi8 => [StackType.Long],
        StackBehaviour.Pushr4 => [StackType.Float],
        StackBehaviour.Pushr8 => [StackType.Double],
        StackBehaviour.Push1_push1 => [Peek(0), Peek(0)],
        StackBehaviour.Push1 when TypeNamed(instruction) is { } type => [TypeOf(type)],
        // Arithmetic, shifts and signs are in the type of what they take, of the left one where there are two.
        StackBehaviour.Push1 => [Peek(taken - 1)],
        _ => [StackType.Other],
    };

    /// <summary>
    /// The type of the argument, variable, field or element that the instruction loads; null where it is arithmetic.
    /// </summary>
    Type? TypeNamed(CilInstruction instruction)
    {
        var name = instruction.Code.Name!;
        if (name.StartsWith("ldarg", StringComparison.Ordinal)) return arguments[instruction.Index];
        if (name.StartsWith("ldloc", StringComparison.Ordinal)) return locals[instruction.Index].LocalType;
        return instruction.Code.OperandType switch
        {
            OperandType.InlineField => method.Module.ResolveField(instruction.Token, ofType, ofMethod)!.FieldType,
            OperandType.InlineType => method.Module.ResolveType(instruction.Token, ofType, ofMethod),
            _ => null,
        };
    }

    Type? Named(CilInstruction instruction, MethodBase? called) => instruction.Code.StackBehaviourPush switch
    {
        StackBehaviour.Varpush => (called as MethodInfo)?.ReturnType,
        StackBehaviour.Push1 => TypeNamed(instruction),
        _ => instruction.Code.Name switch
        {
            "ldind.u1" or "ldelem.u1" => typeof(byte),
            "ldind.u2" or "ldelem.u2" => typeof(ushort),
            "initobj" => method.Module.ResolveType(instruction.Token, ofType, ofMethod),
            _ => null,
        },
    };

    static int Underscores(StackBehaviour behaviour) => behaviour.ToString().Count(letter => letter == '_');

    public static StackType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean or TypeCode.Char or TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16
            or TypeCode.Int32 or TypeCode.UInt32 => StackType.Int,
        TypeCode.Int64 or TypeCode.UInt64 => StackType.Long,
        TypeCode.Single => StackType.Float,
        TypeCode.Double => StackType.Double,
        _ => StackType.Other,
    };
}
