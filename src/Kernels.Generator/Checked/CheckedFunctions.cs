using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator;

/// <summary>A member that gets a checked body: a method, a getter, an indexer.</summary>
/// <param name="Body">A block, or the expression behind an arrow.</param>
sealed record CheckedFunction(IMethodSymbol Method, SyntaxNode Body, string Name)
{
    /// <summary>Whether lanes wait for each other in it, itself or in what it calls.</summary>
    public bool IsCollective { get; set; }

    /// <summary>Whether it reaches memory or other lanes, itself or in what it calls.</summary>
    public bool ReachesMemory { get; set; }

    /// <summary>Whether it changes the struct that it is called on, so that it takes its address.</summary>
    public bool ChangesSelf { get; set; }

    /// <summary>A reference that it returns is a view of the one element in its checked body, so that the caller's use of it is checked.</summary>
    public bool ReturnsElement => Method.ReturnsByRef || Method.ReturnsByRefReadonly;

    /// <summary>The type parameters of its class and its own.</summary>
    public IEnumerable<ITypeParameterSymbol> TypeParameters => Method.ContainingType.TypeParameters.Concat(Method.TypeParameters);
}

/// <summary>The kernel, first, and every member with source that it reaches and that touches memory or other lanes.</summary>
sealed class CheckedFunctions
{
    readonly Dictionary<ISymbol, CheckedFunction> byMethod = new(SymbolEqualityComparer.Default);
    readonly Compilation compilation;
    readonly INamedTypeSymbol home;
    readonly List<ITypeSymbol> typeArguments;

    CheckedFunctions(KernelCandidate kernel)
    {
        (compilation, home) = (kernel.Compilation, kernel.Method.ContainingType);
        typeArguments = [.. KernelInstances.Of(kernel).SelectMany(instance => instance.TypeArguments)];
    }

    /// <summary>Those to be written.</summary>
    public IEnumerable<CheckedFunction> All => byMethod.Values.Where(IsWritten).OrderBy(function => function.Name != Root.Name);

    public CheckedFunction Root { get; private set; } = null!;

    /// <summary>The checked body that a call leads to; null where the call stays as it is.</summary>
    public CheckedFunction? Find(IMethodSymbol? method) =>
        method is not null && byMethod.TryGetValue(Definition(method), out var function) && IsWritten(function) ? function : null;

    /// <summary>Whether the kernel's class may name it.</summary>
    public bool IsAccessible(ISymbol symbol) => compilation.IsSymbolAccessibleWithin(symbol, home);

    public static CheckedFunctions Of(KernelCandidate kernel, CancellationToken cancellation)
    {
        var functions = new CheckedFunctions(kernel);
        functions.Root = functions.Add(kernel.Method, kernel.Syntax.Body ?? (SyntaxNode)kernel.Syntax.ExpressionBody!.Expression);
        functions.Root.ReachesMemory = true;
        var calls = new List<(CheckedFunction Caller, CheckedFunction Callee, bool OnSelf)>();
        var queue = new Queue<CheckedFunction>([functions.Root]);
        while (queue.Count > 0)
        {
            var caller = queue.Dequeue();
            foreach (var operation in functions.Operations(caller, cancellation))
            {
                caller.ReachesMemory |= Reaches(operation);
                caller.ChangesSelf |= Changes(operation) && MayChange(caller.Method);
                if (Called(operation) is not { } method) continue;
                if (Intrinsics.Declared(method)?.Meeting is not null) caller.IsCollective = true;
                foreach (var target in new[] { method }.Concat(functions.Implementations(operation, method)))
                {
                    if (functions.byMethod.TryGetValue(Definition(target), out var callee)) { }
                    else if (BodyOf(target, cancellation) is { } body) queue.Enqueue(callee = functions.Add(target, body));
                    else continue;
                    calls.Add((caller, callee, IsOnSelf(operation)));
                }
            }
        }
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (caller, callee, onSelf) in calls)
            {
                var (collective, reaches) = (caller.IsCollective || callee.IsCollective, caller.ReachesMemory || callee.ReachesMemory || callee.IsCollective);
                var changes = caller.ChangesSelf || onSelf && callee.ChangesSelf && MayChange(caller.Method);
                changed |= (collective, reaches, changes) != (caller.IsCollective, caller.ReachesMemory, caller.ChangesSelf);
                (caller.IsCollective, caller.ReachesMemory, caller.ChangesSelf) = (collective, reaches, changes);
            }
        }
        return functions;
    }

    /// <summary>Every operation of a function's body.</summary>
    public IEnumerable<IOperation> Operations(CheckedFunction function, CancellationToken cancellation) =>
        compilation.GetSemanticModel(function.Body.SyntaxTree)
            .GetOperation(function.Body is ExpressionSyntax arrow ? arrow.Parent! : function.Body, cancellation)?.DescendantsAndSelf() ?? [];

    /// <summary>What a call, a property, an operator or an object's making runs; null for other operations.</summary>
    public static IMethodSymbol? Called(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IPropertyReferenceOperation property => property.Property.GetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        IBinaryOperation binary => binary.OperatorMethod,
        IUnaryOperation unary => unary.OperatorMethod,
        IConversionOperation conversion => conversion.OperatorMethod,
        ICompoundAssignmentOperation compound => compound.OperatorMethod,
        IIncrementOrDecrementOperation step => step.OperatorMethod,
        _ => null,
    };

    /// <summary>What a call through a type parameter runs for the kernel's type arguments.</summary>
    public IEnumerable<IMethodSymbol> Implementations(IOperation operation, IMethodSymbol method)
    {
        var receiver = operation switch
        {
            IInvocationOperation call => call.ConstrainedToType ?? call.Instance?.Type,
            IPropertyReferenceOperation property => property.ConstrainedToType ?? property.Instance?.Type,
            _ => null,
        };
        if (receiver is not ITypeParameterSymbol) return [];
        return from type in typeArguments
            from contract in type.AllInterfaces
            where SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, method.ContainingType.OriginalDefinition)
            from member in contract.GetMembers(method.Name).OfType<IMethodSymbol>()
            let implementation = type.FindImplementationForInterfaceMember(member) as IMethodSymbol
            where implementation is not null
            select implementation;
    }

    static ISymbol Definition(IMethodSymbol method) => (method.ReducedFrom ?? method).OriginalDefinition;

    // What neither reaches memory nor is hidden from the kernel's class is called as it is.
    bool IsWritten(CheckedFunction function) => function.ReachesMemory || function.IsCollective || !IsAccessible(function.Method);

    CheckedFunction Add(IMethodSymbol method, SyntaxNode body)
    {
        var definition = (IMethodSymbol)Definition(method);
        return byMethod[definition] = new(definition, body, $"{definition.ContainingType.Name}_{Symbols.MemberName(definition)}_{byMethod.Count}");
    }

    static SyntaxNode? BodyOf(IMethodSymbol method, CancellationToken cancellation) =>
        (method.ReducedFrom ?? method).OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            BaseMethodDeclarationSyntax declaration => declaration.Body ?? (SyntaxNode?)declaration.ExpressionBody?.Expression,
            AccessorDeclarationSyntax accessor => accessor.Body ?? (SyntaxNode?)accessor.ExpressionBody?.Expression,
            ArrowExpressionClauseSyntax arrow => arrow.Expression,
            _ => null,
        };

    static bool Reaches(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType: var owner } } => owner.IsMemory(),
        IPropertyReferenceOperation { Property: var property } => Intrinsics.Declared(property)?.Role == LaneRole.Position,
        IInvocationOperation { TargetMethod: var method } =>
            Intrinsics.Declared(method)?.Role is LaneRole.WideAccess or LaneRole.SharedAllocation or LaneRole.ViewPart or LaneRole.Memory,
        _ => false,
    };

    static bool Changes(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => IsOfSelf(assignment.Target),
        IIncrementOrDecrementOperation step => IsOfSelf(step.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => IsOfSelf(argument.Value),
        _ => false,
    };

    // this, this.a, this.a.b
    static bool IsOfSelf(IOperation operation) => operation switch
    {
        IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Instance: { } instance } => IsOfSelf(instance),
        IPropertyReferenceOperation { Instance: { } instance, Property.IsIndexer: false } => IsOfSelf(instance),
        _ => false,
    };

    static bool IsOnSelf(IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance } => IsOfSelf(instance),
        IPropertyReferenceOperation { Instance: { } instance } => IsOfSelf(instance),
        _ => false,
    };

    static bool MayChange(IMethodSymbol method) =>
        method is { IsStatic: false, IsReadOnly: false, ContainingType: { IsValueType: true, IsReadOnly: false } };
}
