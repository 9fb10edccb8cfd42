using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    void Declare(IVariableDeclaratorOperation declarator)
    {
        var local = declarator.Symbol;
        if (local.IsConst) return;
        var type = types.Resolve(local.Type);
        var value = declarator.GetVariableInitializer()?.Value;
        if (value is not null && Allocation(value) is { } allocation)
        {
            Allocate(declarator, local, allocation);
            return;
        }
        if (local.RefKind != RefKind.None)
        {
            var address = Reference(value!);
            var pointer = Local(local.Name);
            var home = Distinguished(address.Home);
            Emit(declarator, $"{unit.PointerTo(type, home, declarator.Syntax)} {pointer} = {address.Text};");
            variables[local] = new("*" + pointer, Precedence.Unary) { Home = home };
            return;
        }
        Declare(declarator, local, type, value is null ? null : Converted(value));
    }

    void Declare(IOperation where, ILocalSymbol local, ITypeSymbol type, Expression? value)
    {
        if (hoisted.Contains(local))
        {
            if (value is not null) Emit(where, $"{variables[local].Text} = {value.Text};");
            return;
        }
        var held = value?.Spaces ?? FirstAssigned(where, local, type);
        var name = Local(local.Name);
        var parts = unit.Variables(type, name, held, where.Syntax).ToList();
        variables[local] = Variable(type, name, held);
        if (value is null)
        {
            Emit(where, string.Join(" ", parts.Select(part => $"{part.Type} {part.Name};")));
            return;
        }
        Emit(where, $"{parts[0].Type} {parts[0].Name} = {value.Text};");
        if (parts.Count > 1) writer.Line($"{parts[1].Type} {parts[1].Name} = {value.Length};");
    }

    // A view declared without a value takes the kind of memory of its first assignment.
    string FirstAssigned(IOperation where, ILocalSymbol local, ITypeSymbol type)
    {
        if (unit.Pointers(type) == 0) return "";
        var root = where;
        while (root.Parent is { } parent) root = parent;
        var assignment = root.Descendants().OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(candidate => candidate.Target is ILocalReferenceOperation target
                && SymbolEqualityComparer.Default.Equals(target.Local, local));
        return assignment is null
            ? new(Target.Distinguish(Space.Global), unit.Pointers(type)) : Expression(assignment.Value).Spaces;
    }

    /// <summary>
    /// Memory that an expression asks for: its element type, its size (null for one element), and where.
    /// </summary>
    sealed record Memory(ITypeSymbol Element, IOperation? Size, char Home, bool IsZero);

    Memory? Allocation(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion) value = conversion.Operand;
        switch (value)
        {
            case IArrayCreationOperation { DimensionSizes: { Length: 1 } sizes, Initializer: null } array:
                return new(types.Resolve(((IArrayTypeSymbol)array.Type!).ElementType), sizes[0], Space.Private, true);
            case IInvocationOperation call when call.TargetMethod.Name == "Allocate"
                && (call.TargetMethod.ContainingType.IsDialect("SharedMemory")
                    || call.TargetMethod.ContainingType.IsDialect("LocalMemory")):
                var home = call.TargetMethod.ContainingType.Name == "SharedMemory" ? Space.Shared : Space.Private;
                return new(types.Resolve(call.TargetMethod.TypeArguments[0]), call.Arguments.FirstOrDefault()?.Value,
                    home, false);
            default:
                return null;
        }
    }

    void Allocate(IOperation where, ILocalSymbol local, Memory memory)
    {
        var name = Local(local.Name);
        var element = unit.TypeName(memory.Element, "", where.Syntax);
        var length = memory.Size is null ? "1" : LaunchConstant(memory.Size);
        var home = Target.Distinguish(memory.Home);
        if (memory.Home == Space.Shared) name = Shared(name, element, length, line => Emit(where, line));
        else Emit(where, $"{element} {name}[{length}]{(memory.IsZero ? " = {0}" : "")};");
        variables[local] = memory.Size is null
            ? new(name + "[0]") { Home = home }
            : new(name) { Spaces = home.ToString(), Length = length };
    }

    string Shared(string name, string element, string length, Action<string> emit)
    {
        if (!Target.SharedBelongsToEntry)
        {
            emit(Target.SharedArray(element, name, length));
            return name;
        }
        var unique = unit.Unique(isEntry ? name : $"{function.Name}_{name}");
        function.Need(new(unique, $"{Target.Pointer(element, Space.Shared)} {unique}",
            Target.SharedArray(element, unique, length)));
        return unique;
    }

    /// <summary>An allocation inside an expression.</summary>
    Expression Allocate(IOperation where, Memory memory)
    {
        var element = unit.TypeName(memory.Element, "", where.Syntax);
        var length = memory.Size is null ? "1" : LaunchConstant(memory.Size);
        var name = Local("memory");
        if (memory.Home == Space.Shared) name = Shared(name, element, length, Before);
        else Before($"{element} {name}[{length}]{(memory.IsZero ? " = {0}" : "")};");
        return new(name) { Spaces = Target.Distinguish(memory.Home).ToString(), Length = length };
    }

    /// <summary>A size that the device's compiler knows: constants and specialised values only.</summary>
    string LaunchConstant(IOperation size)
    {
        if (!IsLaunchConstant(size))
            throw new UnsupportedException(Unsupported.DynamicSize, size.Syntax, size.Syntax.ToString());
        return Expression(size).Text;
    }

    bool IsLaunchConstant(IOperation size) => ConstantOf(size) is not null || size switch
    {
        IConversionOperation conversion => IsLaunchConstant(conversion.Operand),
        IBinaryOperation binary => IsLaunchConstant(binary.LeftOperand) && IsLaunchConstant(binary.RightOperand),
        IPropertyReferenceOperation { Instance: IParameterReferenceOperation parameter } => isEntry
            && parameter.Parameter.Type.IsSpecialized(),
        IParameterReferenceOperation parameter => isEntry && parameter.Parameter.Type.IsSpecialized(),
        _ => false,
    };
}
