using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>What the type parameters of a kernel, and of all that it calls, may stand for.</summary>
sealed class TypeBindings
{
    readonly Dictionary<ISymbol, HashSet<ITypeSymbol>> bound = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// Adds the type arguments of a call, the method's own and those of its classes; whether one was new.
    /// </summary>
    public bool Add(IMethodSymbol method)
    {
        var isNew = Add(method.OriginalDefinition.TypeParameters, method.TypeArguments);
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            isNew |= Add(type.OriginalDefinition.TypeParameters, type.TypeArguments);
        return isNew;
    }

    /// <summary>The types that a parameter stands for, through other parameters too.</summary>
    public IEnumerable<ITypeSymbol> Of(ITypeParameterSymbol parameter)
    {
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default) { parameter };
        var queue = new Queue<ITypeSymbol>(seen);
        while (queue.Count > 0)
        {
            var next = queue.Dequeue();
            if (next is not ITypeParameterSymbol) yield return next;
            else if (bound.TryGetValue(next, out var arguments))
                foreach (var argument in arguments.Where(seen.Add)) queue.Enqueue(argument);
        }
    }

    bool Add(IReadOnlyList<ITypeParameterSymbol> parameters, IReadOnlyList<ITypeSymbol> arguments)
    {
        var isNew = false;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (!bound.TryGetValue(parameters[i], out var known))
                bound[parameters[i]] = known = new(SymbolEqualityComparer.Default);
            isNew |= known.Add(arguments[i]);
        }
        return isNew;
    }
}
