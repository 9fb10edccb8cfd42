using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    // Names and members: to say one twice costs nothing and does nothing.
    static readonly Regex Plain = new(@"^\*?[\w.]+$");

    /// <summary>
    /// A member <c>=> ref place</c> as that place, said where it is used: a pointer returned by a function could be
    /// written through, and a kernel that only reads would lose const and restrict. Null where the member is another,
    /// would evaluate an argument twice, or where the order of its arguments matters.
    /// </summary>
    Expression? Place(IMethodSymbol target, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments)
    {
        if (!target.ReturnsByRef && !target.ReturnsByRefReadonly
            || Returned(target) is not { } place || place is IConditionalOperation || Conflict(arguments))
            return null;
        var lines = prologue.Count;
        if (Inlined(target, place, instance, arguments) is { } inlined) return inlined;
        // The arguments are translated anew for a call.
        prologue.RemoveRange(lines, prologue.Count - lines);
        return null;
    }

    Expression? Inlined(IMethodSymbol target, IOperation place, IOperation? instance,
        IReadOnlyList<IArgumentOperation> arguments)
    {
        var inner = new FunctionTranslator(unit, target, function, "") { conditional = 1 };
        if (instance is not null && HasSelf(target))
        {
            var self = Expression(instance);
            if (!Plain.IsMatch(self.Text)) return null;
            inner.variables[target.ContainingType] = self;
        }
        foreach (var argument in arguments)
        {
            if (argument.Parameter!.RefKind != RefKind.None) return null;
            var value = Expression(argument.Value);
            var parameter = target.Parameters[argument.Parameter.Ordinal].OriginalDefinition;
            if (!Plain.IsMatch(value.Text) && Uses(place, parameter) > 1) return null;
            inner.variables[parameter] = value;
        }
        return inner.Expression(place);
    }

    IOperation? Returned(IMethodSymbol target) =>
        target.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(unit.Cancellation) switch
        {
            ArrowExpressionClauseSyntax { Expression: RefExpressionSyntax arrow } => PlaceOf(arrow),
            MethodDeclarationSyntax { ExpressionBody.Expression: RefExpressionSyntax arrow } => PlaceOf(arrow),
            AccessorDeclarationSyntax { ExpressionBody.Expression: RefExpressionSyntax arrow } => PlaceOf(arrow),
            _ => null,
        };

    IOperation? PlaceOf(RefExpressionSyntax reference) =>
        unit.Compilation.GetSemanticModel(reference.SyntaxTree).GetOperation(reference.Expression, unit.Cancellation);

    static int Uses(IOperation place, IParameterSymbol parameter) =>
        place.DescendantsAndSelf().OfType<IParameterReferenceOperation>()
        .Count(use => SymbolEqualityComparer.Default.Equals(use.Parameter.OriginalDefinition, parameter));
}
