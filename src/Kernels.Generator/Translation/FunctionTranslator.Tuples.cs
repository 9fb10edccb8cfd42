using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    /// <summary>(a, b) = ...: the places are found, then every value is taken, then each is stored.</summary>
    void Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        var targets = Leaves(deconstruction.Target).ToList();
        var all = Effects.OfAll(targets.Select(effects.OfStore).Prepend(EffectsOf(deconstruction.Value)));
        var places = targets.Select(target => IsPlace(target) ? Found(target, all) : null).ToList();
        var values = new List<Expression>();
        Take(deconstruction.Target, deconstruction.Value, values);
        for (var i = 0; i < targets.Count; i++)
            if (Declared(targets[i]) is { } local) Declare(deconstruction, local, types.Resolve(local.Type), values[i]);
            else if (places[i] is { } place) Store(deconstruction, place, values[i]);
    }

    static IEnumerable<IOperation> Leaves(IOperation target) => Elements(target)?.SelectMany(Leaves) ?? [target];

    static IReadOnlyList<IOperation>? Elements(IOperation target) => target switch
    {
        IDeclarationExpressionOperation { Expression: ITupleOperation declared } => declared.Elements,
        ITupleOperation tuple => tuple.Elements,
        _ => null,
    };

    static bool IsPlace(IOperation target) => target is not IDiscardOperation && Declared(target) is null;

    static ILocalSymbol? Declared(IOperation target) => target switch
    {
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation inner } => inner.Local,
        ILocalReferenceOperation { IsDeclaration: true } outer => outer.Local,
        _ => null,
    };

    void Store(IOperation where, Expression place, Expression value)
    {
        if (place.Length is not null) RequireSameSpaces(where, value.Spaces, place.Spaces);
        Emit(where, $"{place.Text} = {value.Text};");
        if (place.Length is not null) writer.Line($"{place.Length} = {value.Length};");
    }

    // The values of the target's leaves, each in a variable of its own.
    void Take(IOperation target, IOperation value, List<Expression> values)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion) value = conversion.Operand;
        if (value is not ITupleOperation tuple) Take(target, Kept(value), types.Resolve(value.Type!), value, values);
        else
            foreach (var (part, element) in Elements(target)!.Zip(tuple.Elements, (part, element) => (part, element)))
                if (Elements(part) is not null) Take(part, element, values);
                else values.Add(Kept(element));
    }

    void Take(IOperation target, Expression whole, ITypeSymbol type, IOperation value, List<Expression> values)
    {
        if (Elements(target) is not { } parts)
        {
            values.Add(whole);
            return;
        }
        if (PartsOf(type, parts.Count) is not { } fields)
            throw new UnsupportedException(Unsupported.Deconstruct, value.Syntax, value.Syntax.ToString());
        foreach (var (part, field) in parts.Zip(fields, (part, field) => (part, field)))
            Take(part, Member(whole, type, field.Name), field.Type, value, values);
    }

    // A tuple's, or a positional record's whose Deconstruct is the compiler's.
    IEnumerable<StructField>? PartsOf(ITypeSymbol type, int count)
    {
        if (!type.IsStruct()) return null;
        var fields = unit.Fields(type);
        if (type.IsTupleType) return fields;
        var made = type.GetMembers("Deconstruct").OfType<IMethodSymbol>()
            .FirstOrDefault(member => member.IsImplicitlyDeclared && member.Parameters.Length == count);
        return made?.Parameters.Select(parameter => fields.First(field => field.Name == parameter.Name));
    }

    Expression Kept(IOperation element)
    {
        var type = types.Resolve(element.Type!);
        var value = Expression(element);
        if (ConstantOf(element) is not null) return value;
        if (!type.IsView())
            return new(Temporary(unit.TypeName(type, value.Spaces, element.Syntax), value)) { Spaces = value.Spaces };
        var length = Temporary(Target.Number(SpecialType.System_Int64), new(value.Length!));
        var pointer = Temporary(unit.PointerTo(type.Element(), value.Spaces[0], element.Syntax), value);
        return value with { Text = pointer, Binding = Precedence.Primary, Length = length };
    }

    Expression MakeStruct(ITypeSymbol type, IEnumerable<Expression> fields, SyntaxNode where)
    {
        var values = fields.ToList();
        var held = string.Concat(values.Select(value => value.Spaces));
        return new($"make_{unit.TypeName(type, held, where)}({string.Join(", ", values.Select(Pass))})")
            { Spaces = held };
    }

    Expression Default(ITypeSymbol type, SyntaxNode where)
    {
        if (type.IsView())
            return new($"({unit.PointerTo(type.Element(), Target.Distinguish(Space.Global), where)})0",
                Precedence.Unary)
            {
                Spaces = Target.Distinguish(Space.Global).ToString(),
                Length = "0",
            };
        if (type.Scalar(unit.Compilation).IsPrimitive()) return new(Zero(type));
        var held = new string(Target.Distinguish(Space.Global), unit.Pointers(type));
        var name = Local("zero");
        Before($"{unit.TypeName(type, held, where)} {name} = {{0}};");
        return new(name) { Spaces = held };
    }

    string Zero(ITypeSymbol type) => type.Scalar(unit.Compilation).SpecialType switch
    {
        SpecialType.System_Boolean => "false",
        SpecialType.System_Single => "0.0f",
        SpecialType.System_Double => "0.0",
        SpecialType.System_UInt32 => "0u",
        SpecialType.System_Int64 => "0" + Target.LongSuffix,
        SpecialType.System_UInt64 => "0u" + Target.LongSuffix,
        _ => "0",
    };
}
