using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>A method or property that the preludes provide, or that C has an operator for.</summary>
/// <param name="Translate">Its text for one call.</param>
sealed record Intrinsic(Func<FunctionTranslator.IntrinsicCall, Expression> Translate);

/// <summary>
/// Their texts, by class and name, for what LaneIntrinsic and MathFunction declare. A text calls the prelude by C#'s
/// names: XMath.Exp(x) becomes XMath_Exp(x). A number's own functions, T.Exp(x) or MathF.Exp(x), are the same entries.
/// </summary>
static class Intrinsics
{
    static readonly Dictionary<string, LaneIntrinsic> Declarations =
        LaneIntrinsic.All.ToDictionary(one => $"{one.Type}.{one.Name}");

    // Allocations are declarations of arrays.
    static readonly Dictionary<string, Intrinsic> Dialect = LaneIntrinsic.All.Where(one => one.Name != "Allocate")
        .ToDictionary(one => $"{one.Type}.{one.Name}", one => Needing(one.Needs, Translation(one)));

    static readonly Dictionary<string, Intrinsic> Mathematics = Numbers();

    public static Intrinsic? Find(IMethodSymbol method, ITypeSymbol owner)
    {
        var type = method.ContainingType;
        // An explicit implementation is called by its interface too: System.Numerics.INumberBase<float>.Zero.
        var name = (method.AssociatedSymbol?.Name ?? method.Name).Split('.').Last();
        if (type.IsDialect() && Dialect.TryGetValue($"{type.Name}.{name}", out var found)) return found;
        var mathematics = type.IsDialect("XMath") || type.IsDialect("IntrinsicMath") || type.IsPrimitive()
            || owner.IsPrimitive()
            || type.ContainingNamespace?.ToDisplayString() == "System"
                && type.Name is "Math" or "MathF" or "BitConverter";
        return mathematics && Mathematics.TryGetValue(name, out found) ? found : null;
    }

    /// <summary>What a member is to the lane that calls it; null where it is C# alone.</summary>
    public static LaneIntrinsic? Declared(ISymbol member)
    {
        if (member is IMethodSymbol { AssociatedSymbol: { } property }) member = property;
        return member.ContainingType.IsDialect()
            && Declarations.TryGetValue($"{member.ContainingType.Name}.{member.Name}", out var found) ? found : null;
    }

    /// <summary>The prelude's names of a position's coordinates, without the axis; null for other properties.</summary>
    public static string? Part(IPropertySymbol position) =>
        !position.ContainingType.IsDialect("Grid") && !position.ContainingType.IsDialect("Group")
            ? null : position.Name switch
        {
            "Index" => position.ContainingType.Name + "_Idx",
            "Dimension" => position.ContainingType.Name + "_Dim",
            "GlobalIndex" => "Grid_Global",
            _ => null,
        };

    static Func<FunctionTranslator.IntrinsicCall, Expression> Translation(LaneIntrinsic intrinsic) =>
        (intrinsic.Type, intrinsic.Name) switch
    {
        ("Group", "IsFirstThread") => _ => new("Group_LinearIndex == 0", Precedence.Equality),
        ("Group", "IsLastThread") => _ => new("Group_LinearIndex == Group_Size - 1", Precedence.Equality),
        ("Warp", "IsFirstLane") => _ => new("Warp_LaneIdx == 0", Precedence.Equality),
        ("Warp", "IsLastLane") => _ => new("Warp_LaneIdx == Warp_WarpSize - 1", Precedence.Equality),
        ("Grid" or "Group", "Index" or "Dimension" or "GlobalIndex") => call =>
        {
            var part = Part((IPropertySymbol)call.Method.AssociatedSymbol!);
            return new($"make_Index3D({part}X, {part}Y, {part}Z)");
        },
        _ when intrinsic.Role == LaneRole.Position => _ => new($"{intrinsic.Type}_{intrinsic.Name}"),
        ("Group", "BarrierPopCount" or "BarrierAnd" or "BarrierOr") =>
            call => call.Translator.Collective("Group_" + intrinsic.Name, call.Texts()),
        ("Group", "Broadcast") => call =>
        {
            var type = call.Unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax);
            return call.Translator.Collective(
                call.Unit.Collective("Group_Broadcast", type, call.Method.TypeArguments[0].Name, "", ""), call.Texts());
        },
        ("GroupExtensions" or "WarpExtensions", var kind) => call =>
            call.Translator.Reduction(call, $"{intrinsic.Scope}_{(kind == "Reduce" ? "AllReduce" : kind)}"),
        ("Warp", not "Barrier") => call => new(
            $"Warp_{intrinsic.Name}("
            + $"{string.Join(", ",
                call.Texts().Concat(call.Arguments.Count < 3 ? ["Warp_WarpSize"] : Array.Empty<string>()))})"),
        ("CooperativeGrid", _) => call => new(call.Unit.Collective("Grid", "", "Barrier", "", "") + "()"),
        ("SharedMemory", _) => call => call.Translator.DynamicShared(call),
        ("ArrayView", _) => call => call.Translator.ViewCall(call),
        ("Atomic", _) => call =>
        {
            var target = call.Argument(0);
            var function = call.Target.Overload("Atomic_" + intrinsic.Name,
                call.Unit.TypeName(call.ArgumentType(0), "", call.Syntax), target.Spaces[0]);
            return new($"{function}({string.Join(", ", call.Texts())})");
        },
        ("Interop", "FloatAsInt") => call =>
            new($"{(call.ArgumentType(0).SpecialType == SpecialType.System_Single ? "FloatAsInt" : "DoubleAsLong")}("
            + $"{call.Argument(0)})"),
        ("Interop", "IntAsFloat") => call =>
            new($"{(call.ArgumentType(0).SpecialType == SpecialType.System_UInt32 ? "IntAsFloat" : "LongAsDouble")}("
            + $"{call.Argument(0)})"),
        ("AsyncCopy", "Bytes4" or "Bytes8" or "Bytes16") => call =>
        {
            var element = call.Unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax);
            var bytes = $"{call.Argument(4).Within(Precedence.Multiply)} * (int)sizeof({element})";
            return new($"AsyncCopy_{intrinsic.Name}({WrittenPlace(call, 0)}, {Place(call, 2)}, {bytes})");
        },
        ("AsyncCopy", "Wait") => call => call.Arguments[0].Value.ConstantValue.HasValue
            ? new($"AsyncCopy_Wait({call.Argument(0)})")
            : throw new UnsupportedException(Unsupported.PendingGroups, call.Syntax,
                call.Arguments[0].Syntax.ToString()),
        ("Vector", "Load") => call => new($"Vector_Load({Place(call, 0)})"),
        ("Vector", "Store") => call => new($"Vector_Store({WrittenPlace(call, 0)}, {call.Argument(2)})"),
        ("CudaAsm", _) => InlineAssembly.Emit,
        _ => call => new($"{intrinsic.Type}_{intrinsic.Name}({string.Join(", ", call.Texts())})"),
    };

    static Dictionary<string, Intrinsic> Numbers()
    {
        var table = new Dictionary<string, Intrinsic>();
        foreach (var function in MathFunction.All)
            table[function.Name] = new(call => call.Arguments.Count == function.Operands
                ? new($"{function.Text}({string.Join(", ", call.Texts())})")
                : throw Unknown(call));
        table["Abs"] = new(call => call.ArgumentType(0).IsFloating()
            ? new($"XMath_Abs({call.Argument(0)})") : OfIntegers(call, "Int_Abs", isOverloaded: true));
        table["Max"] = new(call => Extremum(call, "NaNMax", "Max"));
        table["Min"] = new(call => Extremum(call, "NaNMin", "Min"));
        table["MaxNumber"] = new(call => Extremum(call, "MaxNumber", "Max"));
        table["MinNumber"] = new(call => Extremum(call, "MinNumber", "Min"));
        table["Clamp"] = new(call => OfIntegers(call, "Clamp", isOverloaded: true));
        table["CreateTruncating"] = table["CreateChecked"] = new(call => Created(call, saturates: false));
        table["CreateSaturating"] = new(call => Created(call, saturates: true));
        table["Zero"] = new(call => call.Translator.ZeroValue(call.Owner));
        table["One"] = Constant(1);
        table["NegativeOne"] = Constant(-1);
        table["Pi"] = Constant(Math.PI);
        table["E"] = Constant(Math.E);
        table["NaN"] = Constant(double.NaN);
        table["PositiveInfinity"] = Constant(double.PositiveInfinity);
        table["NegativeInfinity"] = Constant(double.NegativeInfinity);
        table["MaxValue"] = new(call => Literals.Of(Extreme(call, true), call.Owner, call.Target));
        table["MinValue"] = new(call => Literals.Of(Extreme(call, false), call.Owner, call.Target));
        table["SingleToUInt32Bits"] = new(call => new($"FloatAsInt({call.Argument(0)})"));
        table["UInt32BitsToSingle"] = new(call => new($"IntAsFloat({call.Argument(0)})"));
        table["DoubleToUInt64Bits"] = new(call => new($"DoubleAsLong({call.Argument(0)})"));
        table["UInt64BitsToDouble"] = new(call => new($"LongAsDouble({call.Argument(0)})"));
        table["SingleToInt32Bits"] = new(call => Signed(call, SpecialType.System_Int32, "FloatAsInt"));
        table["DoubleToInt64Bits"] = new(call => Signed(call, SpecialType.System_Int64, "DoubleAsLong"));
        table["Int32BitsToSingle"] = new(call => new($"IntAsFloat({Unsigned(call, SpecialType.System_UInt32)})"));
        table["Int64BitsToDouble"] = new(call => new($"LongAsDouble({Unsigned(call, SpecialType.System_UInt64)})"));
        return table;
    }

    static Expression Signed(FunctionTranslator.IntrinsicCall call, SpecialType type, string bits) =>
        new($"({call.Target.Number(type)}){bits}({call.Argument(0)})", Precedence.Unary);

    static string Unsigned(FunctionTranslator.IntrinsicCall call, SpecialType type) =>
        $"({call.Target.Number(type)}){call.Passed(0).Within(Precedence.Unary)}";

    /// <summary>The address of the element that a view and an index name.</summary>
    static string Place(FunctionTranslator.IntrinsicCall call, int view) =>
        Place(call.Argument(view), call.Argument(view + 1));

    static string WrittenPlace(FunctionTranslator.IntrinsicCall call, int view) =>
        Place(call.WrittenView(view), call.Argument(view + 1));

    static string Place(Expression view, Expression index) =>
        $"{view.Within(Precedence.Add)} + {index.Within(Precedence.Multiply)}";

    static Intrinsic Needing(KernelRequirements requirement,
        Func<FunctionTranslator.IntrinsicCall, Expression> translate) => new(call =>
    {
        call.Unit.Requires |= requirement;
        return translate(call);
    });

    // Integers saturate where it is said; floating-point numbers always do.
    static Expression Created(FunctionTranslator.IntrinsicCall call, bool saturates)
    {
        var (from, to) = (call.ArgumentType(0), call.Owner.IsPrimitive() ? call.Owner : call.Method.ReturnType);
        var (ofInteger, value) = (!from.IsFloating(), call.Argument(0));
        if (to.IsFloating() || !(ofInteger ? saturates && !to.Holds(from) : to.IsNarrow()))
            return call.Cast(value, from, to);
        if (!ofInteger) value = new($"ToInt({value})");
        var wide = ofInteger && from.IsUnsigned() ? SpecialType.System_UInt64 : SpecialType.System_Int64;
        return new($"Saturated{(wide == SpecialType.System_UInt64 ? "U" : "")}_{to.SpecialType.ToString().Substring(7)}"
            + $"(({call.Target.Number(wide)}){value.Within(Precedence.Unary)})");
    }

    // C's functions have no narrower integers than int, which C's arithmetic has not either.
    static Expression OfIntegers(FunctionTranslator.IntrinsicCall call, string name, bool isOverloaded)
    {
        var type = call.ArgumentType(0);
        if (!type.IsNarrow())
            return isOverloaded ? Overloaded(call, name) : new($"{name}({string.Join(", ", call.Texts())})");
        var wide = call.Target.Number(SpecialType.System_Int32);
        var arguments = Enumerable.Range(0, call.Arguments.Count)
            .Select(i => $"({wide}){call.Argument(i).Within(Precedence.Unary)}");
        var function = isOverloaded ? call.Target.Overload(name, wide) : name;
        return new($"({call.Unit.TypeName(type, "", call.Syntax)}){function}({string.Join(", ", arguments)})",
            Precedence.Unary);
    }

    static Expression Overloaded(FunctionTranslator.IntrinsicCall call, string name) =>
        new($"{call.Target.Overload(name, call.Unit.TypeName(call.ArgumentType(0), "", call.Syntax))}("
        + $"{string.Join(", ", call.Texts())})");

    static Expression Extremum(FunctionTranslator.IntrinsicCall call, string floating, string plain) =>
        !call.ArgumentType(0).IsFloating() ? OfIntegers(call, $"Int_{plain}", isOverloaded: false)
        : Overloaded(call, "XMath_" + floating);

    static Intrinsic Constant(double value) => new(call => Literals.Of(call.Owner.SpecialType switch
    {
        SpecialType.System_Single => (object)(float)value,
        SpecialType.System_Double => value,
        SpecialType.System_Int64 => (long)value,
        SpecialType.System_UInt64 => (ulong)value,
        SpecialType.System_UInt32 => (uint)value,
        _ => (int)value,
    }, call.Owner, call.Target));

    static object Extreme(FunctionTranslator.IntrinsicCall call, bool largest) => call.Owner.SpecialType switch
    {
        SpecialType.System_Single => (object)(largest ? float.MaxValue : float.MinValue),
        SpecialType.System_Double => largest ? double.MaxValue : double.MinValue,
        SpecialType.System_Int32 => largest ? int.MaxValue : int.MinValue,
        SpecialType.System_UInt32 => largest ? uint.MaxValue : uint.MinValue,
        SpecialType.System_Int64 => largest ? long.MaxValue : long.MinValue,
        SpecialType.System_UInt64 => largest ? ulong.MaxValue : ulong.MinValue,
        _ => throw Unknown(call),
    };

    static UnsupportedException Unknown(FunctionTranslator.IntrinsicCall call) =>
        new(Unsupported.Call, call.Syntax,
            call.Method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
}
