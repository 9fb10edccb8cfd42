using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Mutation;

/// <summary>The kernels of a compilation and all members of it that they call, directly or not.</summary>
static class KernelClosure
{
    public static HashSet<ISymbol> Of(Compilation compilation)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var open = new Queue<ISymbol>();
        var types = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes()
            .OfType<TypeDeclarationSyntax>().Select(type => compilation.GetSemanticModel(tree).GetDeclaredSymbol(type)))
            .OfType<INamedTypeSymbol>().Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default).ToArray();
        foreach (var type in types)
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
                if (method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "KernelAttribute"))
                    Add(method);
        while (open.TryDequeue(out var member))
            foreach (var reference in member.DeclaringSyntaxReferences)
            {
                var node = reference.GetSyntax();
                var model = compilation.GetSemanticModel(node.SyntaxTree);
                foreach (var inner in node.DescendantNodes())
                    if (inner is InvocationExpressionSyntax or MemberAccessExpressionSyntax
                        or ElementAccessExpressionSyntax or IdentifierNameSyntax or ObjectCreationExpressionSyntax
                        or BinaryExpressionSyntax)
                        Reach(model.GetSymbolInfo(inner).Symbol);
            }
        return found;

        void Reach(ISymbol? symbol)
        {
            if (symbol is not (IMethodSymbol or IPropertySymbol)) return;
            symbol = symbol.OriginalDefinition;
            if (symbol is IMethodSymbol { MethodKind: MethodKind.LocalFunction }) return;
            if (!SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly)) return;
            if (symbol is { IsAbstract: true, IsStatic: true })
                foreach (var type in types)
                    foreach (var contract in type.AllInterfaces.Where(contract => SymbolEqualityComparer.Default
                        .Equals(contract.OriginalDefinition, symbol.ContainingType)))
                        foreach (var member in contract.GetMembers(symbol.Name))
                            if (type.FindImplementationForInterfaceMember(member) is { } implementation)
                                Add(implementation.OriginalDefinition);
            Add(symbol);
        }

        void Add(ISymbol symbol)
        {
            if (symbol.DeclaringSyntaxReferences.Length > 0 && found.Add(symbol)) open.Enqueue(symbol);
        }
    }
}
