using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

// C# evaluates the parts of an expression from left to right, C in any order: a part that meets a later one is kept in
// a variable first.
sealed partial class FunctionTranslator
{
    Effects EffectsOf(IOperation operation) => effects.Of(operation);

    /// <summary>The parts' translations, to be evaluated in C#'s order.</summary>
    List<Expression> InOrder(IReadOnlyList<IOperation> parts, Func<IOperation, Expression> translate)
    {
        var all = parts.Select(part => parts.Count > 1 ? EffectsOf(part) : Effects.None).ToList();
        return [.. parts.Select((part, i) =>
        {
            var value = translate(part);
            return all.Skip(i + 1).Any(all[i].Conflict) && ConstantOf(part) is null ? Kept(value, part) : value;
        })];
    }

    /// <summary>Whether the order of a call's arguments matters.</summary>
    bool Conflict(IReadOnlyList<IArgumentOperation> arguments) =>
        arguments.Where((argument, i) => arguments.Skip(i + 1)
            .Any(later => EffectsOf(argument.Value).Conflict(EffectsOf(later.Value)))).Any();

    /// <summary>The arguments of a call in the order of its parameters.</summary>
    List<Expression> ArgumentsInOrder(IEnumerable<IArgumentOperation> arguments,
        Func<IArgumentOperation, Expression> translate)
    {
        var evaluated = arguments.ToList();
        var values = InOrder([.. evaluated.Select(argument => argument.Value)],
            value => translate(evaluated.First(argument => argument.Value == value)));
        return [.. evaluated.Zip(values, (argument, value) => (argument, value))
            .OrderBy(pair => pair.argument.Parameter!.Ordinal).Select(pair => pair.value)];
    }

    Expression Kept(Expression value, IOperation part)
    {
        var type = types.Resolve(part.Type!);
        if (type.IsView()) return value;
        RefuseInLazyPart(part);
        var isReference = part.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out };
        var name = isReference ? unit.PointerTo(type, Distinguished(value.Home), part.Syntax)
            : unit.TypeName(type, value.Spaces, part.Syntax);
        return value with { Text = Temporary(name, value), Binding = Precedence.Primary, Unsigned = null };
    }

    /// <summary>A place to be written, found before the value that is stored there is evaluated.</summary>
    Expression Found(IOperation place, Effects value) => Pinned(Written(place), place, value);

    /// <summary>A place found before something is evaluated that would lead elsewhere.</summary>
    Expression Pinned(Expression target, IOperation place, Effects value)
    {
        if (Plain.IsMatch(target.Text) || !effects.OfFinding(place).Conflict(value)) return target;
        RefuseInLazyPart(place);
        var pointer = Local("place");
        Before($"{unit.PointerTo(types.Resolve(place.Type!), Distinguished(target.Home), place.Syntax)} {pointer} "
            + $"= {target.Address().Text};");
        return target with { Text = "*" + pointer, Binding = Precedence.Unary };
    }

    /// <summary>A place that may be said twice.</summary>
    Expression FoundOnce(IOperation place) => Found(place, effects.OfFinding(place));

    void RefuseInLazyPart(IOperation part)
    {
        if (conditional > 0) throw new UnsupportedException(Unsupported.Order, part.Syntax, part.Syntax.ToString());
    }
}
