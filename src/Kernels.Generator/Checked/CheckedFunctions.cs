using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>
/// The kernel, and every member with source that it reaches; those that touch memory or other lanes get a checked body.
/// </summary>
sealed class CheckedFunctions
{
    /// <summary>A call from one member to another.</summary>
    /// <param name="OnSelf">Whether it is called on the caller's own struct.</param>
    /// <param name="IsFollowed">Whether the rewriter can put a checked body in its place.</param>
    sealed record CallEdge(CheckedFunction Caller, CheckedFunction Callee, bool OnSelf, bool IsFollowed);

    readonly Dictionary<ISymbol, CheckedFunction> byMethod = new(SymbolEqualityComparer.Default);
    readonly Queue<CheckedFunction> queue = new();
    readonly List<CallEdge> calls = [];
    readonly List<(CheckedFunction Caller, IOperation Operation)> throughParameters = [];
    readonly TypeBindings types = new();
    readonly Compilation compilation;
    readonly INamedTypeSymbol home;
    readonly CancellationToken cancellation;

    CheckedFunctions(KernelCandidate kernel, CancellationToken cancellation)
    {
        (compilation, home, this.cancellation) = (kernel.Compilation, kernel.Method.ContainingType, cancellation);
        foreach (var instance in KernelInstances.Of(kernel)) types.Add(instance);
        Root = Add(kernel.Method, kernel.Syntax.Body ?? (SyntaxNode)kernel.Syntax.ExpressionBody!.Expression);
        Root.ReachesMemory = Root.IsWritten = true;
        FindCalls();
        SpreadAlongCalls();
        while (byMethod.Values.SelectMany(Names).Any(name => name.EndsWith(Own, StringComparison.Ordinal))) Own += "_";
    }

    public static CheckedFunctions Of(KernelCandidate kernel, CancellationToken cancellation) =>
        new(kernel, cancellation);

    /// <summary>Those to be written, the kernel first.</summary>
    public IEnumerable<CheckedFunction> All =>
        byMethod.Values.Where(function => function.IsWritten).OrderBy(function => function != Root);

    public CheckedFunction Root { get; }

    /// <summary>The end of the names that checked bodies have beside the source's, which none of those has.</summary>
    public string Own { get; private set; } = "__";

    /// <summary>The checked body that a call leads to; null where the call stays as it is.</summary>
    public CheckedFunction? Find(IMethodSymbol? method) => Known(method) is { IsWritten: true } function
        ? function : null;

    /// <summary>What is known of a member with source; null for any other.</summary>
    public CheckedFunction? Known(IMethodSymbol? method) =>
        method is not null && byMethod.TryGetValue(Definition(method), out var function) ? function : null;

    /// <summary>Whether the kernel's class may name it.</summary>
    public bool IsAccessible(ISymbol symbol) => compilation.IsSymbolAccessibleWithin(symbol, home);

    /// <summary>
    /// Every operation of a function; of a constructor, those of its initializer and of the fields' too.
    /// </summary>
    public IEnumerable<IOperation> Operations(CheckedFunction function) =>
        function.Method.MethodKind == MethodKind.Constructor
            ? new[] { function.Body }.Concat(FieldInitializers(function.Method.ContainingType)).SelectMany(Operations)
            : Operations(function.Body is ExpressionSyntax arrow ? arrow.Parent! : function.Body);

    /// <summary>What a call through a type parameter runs; nothing for another call.</summary>
    public IEnumerable<IMethodSymbol> Implementations(IOperation operation)
    {
        if (operation.ThroughParameter() is not { } parameter) return [];
        var method = operation.Called()!;
        return from type in types.Of(parameter)
            from contract in type.AllInterfaces
            where SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition,
                method.ContainingType.OriginalDefinition)
            from member in contract.GetMembers(method.Name).OfType<IMethodSymbol>()
            let implementation = type.FindImplementationForInterfaceMember(member) as IMethodSymbol
            where implementation is not null && implementation.Arity == method.Arity
            select method.Arity == 0 ? implementation : implementation.Construct([.. method.TypeArguments]);
    }

    // A type argument found on the way may run more in the calls through type parameters.
    void FindCalls()
    {
        var isNew = true;
        while (isNew)
        {
            while (queue.Count > 0) Read(queue.Dequeue());
            isNew = false;
            foreach (var (caller, operation) in throughParameters.ToList())
                foreach (var implementation in Implementations(operation).ToList())
                    isNew |= Connect(caller, operation, implementation, isFollowed: false);
        }
    }

    void Read(CheckedFunction caller)
    {
        foreach (var operation in Operations(caller))
        {
            caller.ReachesMemory |= operation.ReachesMemory();
            caller.ChangesSelf |= operation.ChangesSelf() && MayChange(caller.Method);
            if (operation.Called() is not { } method) continue;
            caller.IsCollective |= Intrinsics.Declared(method)?.Scope is not null;
            if (operation.ThroughParameter() is not null) throughParameters.Add((caller, operation));
            else Connect(caller, operation, method, isFollowed: CheckableMembers.Form(method) is null);
        }
    }

    /// <summary>Whether the call tells something new.</summary>
    bool Connect(CheckedFunction caller, IOperation operation, IMethodSymbol target, bool isFollowed)
    {
        var isNew = types.Add(target);
        if (Known(target) is not { } callee)
        {
            if (BodyOf(target) is not { } body) return isNew;
            (callee, isNew) = (Add(target, body), true);
        }
        calls.Add(new(caller, callee, operation.IsOnSelf(), isFollowed));
        return isNew;
    }

    // What neither reaches memory nor is hidden from the kernel's class is called as it is, and so is all that it
    // calls.
    void SpreadAlongCalls()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (caller, callee, onSelf, isFollowed) in calls)
            {
                var before = (caller.IsCollective, caller.ReachesMemory, caller.ChangesSelf, callee.IsWritten);
                caller.IsCollective |= callee.IsCollective;
                caller.ReachesMemory |= caller.IsCollective || callee.ReachesMemory;
                callee.ReachesMemory |= callee.IsCollective;
                caller.ChangesSelf |= onSelf && callee.ChangesSelf && MayChange(caller.Method);
                callee.IsWritten |= isFollowed && caller.IsWritten
                    && (callee.ReachesMemory || !IsAccessible(callee.Method));
                changed |= before != (caller.IsCollective, caller.ReachesMemory, caller.ChangesSelf, callee.IsWritten);
            }
        }
    }

    CheckedFunction Add(IMethodSymbol method, SyntaxNode body)
    {
        var definition = (IMethodSymbol)Definition(method);
        var function = new CheckedFunction(definition, body,
            $"{definition.ContainingType.Name}_{Symbols.MemberName(definition)}_{byMethod.Count}");
        queue.Enqueue(function);
        return byMethod[definition] = function;
    }

    static IEnumerable<string> Names(CheckedFunction function) =>
        function.Body.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .Concat(function.Method.Parameters.Select(parameter => parameter.Name));

    static ISymbol Definition(IMethodSymbol method) => (method.ReducedFrom ?? method).OriginalDefinition;

    SyntaxNode? BodyOf(IMethodSymbol method) => SyntaxOf(Definition(method)) switch
    {
        ConstructorDeclarationSyntax constructor => constructor,
        TypeDeclarationSyntax ofPrimaryConstructor => ofPrimaryConstructor,
        BaseMethodDeclarationSyntax declaration => declaration.Body
            ?? (SyntaxNode?)declaration.ExpressionBody?.Expression,
        AccessorDeclarationSyntax accessor => accessor.Body ?? (SyntaxNode?)accessor.ExpressionBody?.Expression,
        ArrowExpressionClauseSyntax arrow => arrow.Expression,
        _ => null,
    };

    SyntaxNode? SyntaxOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);

    IEnumerable<IOperation> Operations(SyntaxNode body) =>
        compilation.GetSemanticModel(body.SyntaxTree).GetOperation(body, cancellation)?.DescendantsAndSelf() ?? [];

    IEnumerable<SyntaxNode> FieldInitializers(INamedTypeSymbol type) =>
        type.GetMembers().Where(member => !member.IsStatic)
        .Select(member => SyntaxOf(member) switch
        {
            VariableDeclaratorSyntax field => field.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        })
        .OfType<SyntaxNode>();

    static bool MayChange(IMethodSymbol method) =>
        method is { IsStatic: false, IsReadOnly: false, ContainingType: { IsValueType: true, IsReadOnly: false } };
}
