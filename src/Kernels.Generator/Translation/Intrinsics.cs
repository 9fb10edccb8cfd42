using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

/// <summary>A method or property that the preludes provide, or that C has an operator for.</summary>
/// <param name="Translate">Its text for one call.</param>
sealed record Intrinsic(Func<FunctionTranslator.IntrinsicCall, Expression> Translate);

/// <summary>
/// The table of them, by class and name. A text calls the prelude by C#'s names: XMath.Exp(x) becomes XMath_Exp(x). A number's own functions,
/// T.Exp(x) or MathF.Exp(x), are the same entries.
/// </summary>
static class Intrinsics
{
    static readonly string[] Floating =
    [
        "Exp", "Exp2", "ExpM1", "Log", "Log2", "Log10", "LogP1", "Tanh", "Sqrt", "Rsqrt", "Rcp", "Sin", "Cos", "Tan", "Atan", "Pow",
        "Floor", "Ceiling", "Round", "Truncate", "FusedMultiplyAdd", "CopySign", "IsNaN", "IsInfinity", "IsFinite",
    ];

    static readonly Dictionary<string, Intrinsic> Dialect = Table();

    static readonly Dictionary<string, Intrinsic> Mathematics = Numbers();

    public static Intrinsic? Find(IMethodSymbol method, ITypeSymbol owner)
    {
        var type = method.ContainingType;
        // An explicit implementation is called by its interface too: System.Numerics.INumberBase<float>.Zero.
        var name = (method.AssociatedSymbol?.Name ?? method.Name).Split('.').Last();
        if (type.IsDialect() && Dialect.TryGetValue($"{type.Name}.{name}", out var found)) return found;
        var mathematics = type.IsDialect("XMath") || type.IsDialect("IntrinsicMath") || type.IsPrimitive() || owner.IsPrimitive()
            || type.ContainingNamespace?.ToDisplayString() == "System" && type.Name is "Math" or "MathF" or "BitConverter";
        return mathematics && Mathematics.TryGetValue(name, out found) ? found : null;
    }

    /// <summary>Whether lanes meet in it.</summary>
    public static bool IsCollective(IMethodSymbol method)
    {
        var type = method.ContainingType;
        if (!type.IsDialect() || method.MethodKind == MethodKind.PropertyGet) return false;
        return type.Name is "Group" or "Warp" or "GroupExtensions" or "WarpExtensions" or "CooperativeGrid"
            || type.Name == "Mma" && method.Name is "Tf32" or "Bf16";
    }

    /// <summary>Who meets in a collective, as the managed device calls it: Group, Warp or Grid.</summary>
    public static string Meeting(IMethodSymbol collective) => collective.ContainingType.Name switch
    {
        "CooperativeGrid" => "Grid",
        "Mma" or "Warp" or "WarpExtensions" => "Warp",
        _ => "Group",
    };

    /// <summary>Whether it is a place in the code that allocates shared memory.</summary>
    public static bool IsSharedAllocation(IMethodSymbol method) => method.ContainingType.IsDialect("SharedMemory") && method.Name == "Allocate";

    /// <summary>Whether it makes another view of a view's elements.</summary>
    public static bool IsViewPart(IMethodSymbol method) => method.ContainingType.IsDialect("ArrayView") && method.Name is "SubView" or "Cast";

    /// <summary>Memory of the launch or of the lane, as the managed device calls it; null for other methods.</summary>
    public static string? LaneMemory(IMethodSymbol method) => (method.ContainingType.IsDialect(), method.ContainingType.Name, method.Name) switch
    {
        (true, "LocalMemory", "Allocate") => "Local",
        (true, "SharedMemory", "GetDynamic") => "DynamicShared",
        _ => null,
    };

    /// <summary>Whether it says where the lane is.</summary>
    public static bool IsPosition(IPropertySymbol property) => property.IsStatic && property.ContainingType.IsDialect()
        && property.ContainingType.Name is "Grid" or "Group" or "Warp";

    /// <summary>Whether it reaches memory by views and indices, so that the managed device must know from where.</summary>
    public static bool IsWideAccess(IMethodSymbol method) => method.ContainingType.IsDialect("AsyncCopy") || method.ContainingType.IsDialect("Vector");

    /// <summary>The prelude's names of a position's coordinates, without the axis; null for other properties.</summary>
    public static string? Part(IPropertySymbol position) =>
        !position.ContainingType.IsDialect("Grid") && !position.ContainingType.IsDialect("Group") ? null : position.Name switch
        {
            "Index" => position.ContainingType.Name + "_Idx",
            "Dimension" => position.ContainingType.Name + "_Dim",
            "GlobalIndex" => "Grid_Global",
            _ => null,
        };

    static Dictionary<string, Intrinsic> Table()
    {
        var table = new Dictionary<string, Intrinsic>();
        foreach (var name in new[] { "IdxX", "IdxY", "IdxZ", "DimX", "DimY", "DimZ", "LinearIndex", "GlobalLinearIndex" })
        {
            table["Grid." + name] = Named("Grid_" + name);
            table["Group." + name] = Named("Group_" + name);
        }
        table["Group.IsFirstThread"] = new(_ => new("Group_LinearIndex == 0", Precedence.Equality));
        table["Group.IsLastThread"] = new(_ => new("Group_LinearIndex == Group_Size - 1", Precedence.Equality));
        table["Warp.IsFirstLane"] = Needing(Requirements.Warp, _ => new("Warp_LaneIdx == 0", Precedence.Equality));
        table["Warp.IsLastLane"] = Needing(Requirements.Warp, _ => new("Warp_LaneIdx == Warp_WarpSize - 1", Precedence.Equality));
        foreach (var name in new[] { "Index", "Dimension", "GlobalIndex" })
            foreach (var owner in new[] { "Grid", "Group" })
                table[$"{owner}.{name}"] = new(call =>
                {
                    var part = Part((IPropertySymbol)call.Method.AssociatedSymbol!);
                    return new($"make_Index3D({part}X, {part}Y, {part}Z)");
                });
        table["Group.Barrier"] = new(_ => new("Group_Barrier()"));
        foreach (var name in new[] { "BarrierPopCount", "BarrierAnd", "BarrierOr" })
            table["Group." + name] = new(call => call.Translator.Collective("Group_" + name, call.Texts()));
        table["Group.Broadcast"] = new(call =>
        {
            var type = call.Unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax);
            return call.Translator.Collective(call.Unit.Collective("Group_Broadcast", type, call.Method.TypeArguments[0].Name, "", ""), call.Texts());
        });
        foreach (var kind in new[] { "Reduce", "AllReduce", "ExclusiveScan", "InclusiveScan" })
        {
            table["GroupExtensions." + kind] = new(call => call.Translator.Reduction(call, "Group_" + (kind == "Reduce" ? "AllReduce" : kind)));
            table["WarpExtensions." + kind] = Needing(Requirements.Warp,
                call => call.Translator.Reduction(call, "Warp_" + (kind == "Reduce" ? "AllReduce" : kind)));
        }
        foreach (var name in new[] { "WarpSize", "LaneIdx", "WarpIdx" }) table["Warp." + name] = Needing(Requirements.Warp, _ => new("Warp_" + name));
        table["Warp.Barrier"] = Needing(Requirements.Warp, _ => new("Warp_Barrier()"));
        foreach (var name in new[] { "Shuffle", "ShuffleDown", "ShuffleUp", "ShuffleXor", "Broadcast" })
            table["Warp." + name] = Needing(Requirements.Warp, call =>
                new($"Warp_{name}({string.Join(", ", call.Texts().Concat(call.Arguments.Count < 3 ? ["Warp_WarpSize"] : Array.Empty<string>()))})"));
        table["SharedMemory.GetDynamic"] = new(call => call.Translator.DynamicShared(call));
        table["ArrayView.SubView"] = table["ArrayView.Cast"] = new(call => call.Translator.ViewCall(call));
        foreach (var name in new[] { "Add", "Min", "Max", "Exchange", "CompareExchange", "And", "Or", "Xor" })
            table["Atomic." + name] = new(call =>
            {
                var target = call.Argument(0);
                var function = call.Target.Overload("Atomic_" + name, call.Unit.TypeName(call.ArgumentType(0), "", call.Syntax), target.Spaces[0]);
                return new($"{function}({string.Join(", ", call.Texts())})");
            });
        foreach (var name in new[] { "GroupLevel", "DeviceLevel", "SystemLevel" }) table["MemoryFence." + name] = new(_ => new($"MemoryFence_{name}()"));
        table["Interop.FloatAsInt"] = new(call =>
            new($"{(call.ArgumentType(0).SpecialType == SpecialType.System_Single ? "FloatAsInt" : "DoubleAsLong")}({call.Argument(0)})"));
        table["Interop.IntAsFloat"] = new(call =>
            new($"{(call.ArgumentType(0).SpecialType == SpecialType.System_UInt32 ? "IntAsFloat" : "LongAsDouble")}({call.Argument(0)})"));
        foreach (var name in new[] { "Tf32", "Bf16", "ToTf32", "PackBf16" })
            table["Mma." + name] = Needing(Requirements.Mma, call => new($"Mma_{name}({string.Join(", ", call.Texts())})"));
        foreach (var name in new[] { "Bytes4", "Bytes8", "Bytes16" })
            table["AsyncCopy." + name] = Needing(Requirements.AsyncCopy, call =>
            {
                var element = call.Unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax);
                var bytes = $"{call.Argument(4).Within(Precedence.Multiply)} * (int)sizeof({element})";
                return new($"AsyncCopy_{name}({WrittenPlace(call, 0)}, {Place(call, 2)}, {bytes})");
            });
        table["AsyncCopy.Commit"] = Needing(Requirements.AsyncCopy, _ => new("AsyncCopy_Commit()"));
        table["AsyncCopy.Wait"] = Needing(Requirements.AsyncCopy, call => call.Arguments[0].Value.ConstantValue.HasValue
            ? new($"AsyncCopy_Wait({call.Argument(0)})")
            : throw new UnsupportedException(Unsupported.PendingGroups, call.Syntax, call.Arguments[0].Syntax.ToString()));
        table["Vector.Load"] = Needing(Requirements.Vector, call => new($"Vector_Load({Place(call, 0)})"));
        table["Vector.Store"] = Needing(Requirements.Vector, call => new($"Vector_Store({WrittenPlace(call, 0)}, {call.Argument(2)})"));
        table["CooperativeGrid.Barrier"] = Needing(Requirements.Cooperative, call => new(call.Unit.Collective("Grid", "", "Barrier", "", "") + "()"));
        table["CudaAsm.Emit"] = Needing(Requirements.Ptx, InlineAssembly.Emit);
        return table;
    }

    static Dictionary<string, Intrinsic> Numbers()
    {
        var table = new Dictionary<string, Intrinsic>();
        foreach (var name in Floating) table[name] = new(call => new($"XMath_{name}({string.Join(", ", call.Texts())})"));
        table["Log"] = new(call => new(call.Arguments.Count == 1 ? $"XMath_Log({call.Argument(0)})" : throw Unknown(call)));
        table["Abs"] = new(call => call.ArgumentType(0).IsFloating() ? new($"XMath_Abs({call.Argument(0)})") : Overloaded(call, "Int_Abs"));
        table["Max"] = new(call => Extremum(call, "NaNMax", "Max"));
        table["Min"] = new(call => Extremum(call, "NaNMin", "Min"));
        table["MaxNumber"] = new(call => Extremum(call, "MaxNumber", "Max"));
        table["MinNumber"] = new(call => Extremum(call, "MinNumber", "Min"));
        table["Clamp"] = new(call => Overloaded(call, "Clamp"));
        table["CreateTruncating"] = table["CreateChecked"] = table["CreateSaturating"] = new(call =>
            call.Cast(call.Argument(0), call.ArgumentType(0), call.Owner.IsPrimitive() ? call.Owner : call.Method.ReturnType));
        table["Zero"] = new(call => call.Translator.Zeroth(call.Owner));
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
        return table;
    }

    /// <summary>The address of the element that a view and an index name.</summary>
    static string Place(FunctionTranslator.IntrinsicCall call, int view) => Place(call.Argument(view), call.Argument(view + 1));

    static string WrittenPlace(FunctionTranslator.IntrinsicCall call, int view) => Place(call.WrittenView(view), call.Argument(view + 1));

    static string Place(Expression view, Expression index) => $"{view.Within(Precedence.Add)} + {index.Within(Precedence.Multiply)}";

    static Intrinsic Named(string text) => new(_ => new(text));

    static Intrinsic Needing(Requirements requirement, Func<FunctionTranslator.IntrinsicCall, Expression> translate) => new(call =>
    {
        call.Unit.Requires |= requirement;
        return translate(call);
    });

    static Expression Overloaded(FunctionTranslator.IntrinsicCall call, string name) =>
        new($"{call.Target.Overload(name, call.Unit.TypeName(call.ArgumentType(0), "", call.Syntax))}({string.Join(", ", call.Texts())})");

    // XMath's is the device's own instruction, which gives the number where the other is NaN.
    static Expression Extremum(FunctionTranslator.IntrinsicCall call, string floating, string plain) =>
        !call.ArgumentType(0).IsFloating() ? new($"Int_{plain}({string.Join(", ", call.Texts())})")
        : call.Method.ContainingType.IsDialect("XMath") ? new($"XMath_{plain}({string.Join(", ", call.Texts())})")
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
        new(Unsupported.Call, call.Syntax, call.Method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
}
