using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Loops: written out where they are short and constant, else run again by the adjoint.</summary>
partial class Lowering
{
    void For(ForStatementSyntax loop)
    {
        if (loop.Declaration is not { Variables: { Count: 1 } variables } || variables[0].Initializer is not { } start
            || loop.Incrementors.Count != 1 || model.GetDeclaredSymbol(variables[0]) is not ILocalSymbol index
            || EndOf(loop.Condition, index) is not { } end || StepOf(loop.Incrementors[0], index) is not { } step)
            throw Dynamic(loop, "it does not count from one bound to another",
                "Write 'for (var i = from; i < to; i++)'; between constants also 'i += 2'");
        if (loop.Statement.DescendantNodes()
            .Any(node => node is BreakStatementSyntax or ContinueStatementSyntax or ReturnStatementSyntax))
            throw Dynamic(loop, "it is left or cut short on the way", "Let an 'if' choose what each round does");
        var (bound, isInclusive) = end;
        if (ConstantOf(start.Value) is { } first && ConstantOf(bound) is { } last)
        {
            if (isInclusive) last++;
            if (last - (long)first <= MostUnrolled * (long)step)
            {
                for (var i = first; i < last; i += step)
                {
                    var text = Invariant($"{i}");
                    Bind(index, new(Text: text, Place: Affine.Of(text)));
                    Statement(loop.Statement);
                }
                return;
            }
        }
        if (step != 1)
            throw Dynamic(loop, $"it goes by {step} and is not written out",
                $"Write 'for (var i = from; i < to; i++)', and i * {step} where it is used; between constants up to "
                + $"{MostUnrolled} rounds may go by any step");
        if (!IsUniform(bound) || !IsUniform(start.Value))
            throw Dynamic(loop, "its bound is not seen to be the same for every lane",
                "Take the bound as a parameter, or compute it from those that are integers");
        Counted(loop, index, start.Value, bound, isInclusive);
    }

    // Where it goes to, i < end or end > i, and whether the end is part of it; null where that is not said.
    (ExpressionSyntax Bound, bool IsInclusive)? EndOf(ExpressionSyntax? condition, ILocalSymbol index) =>
        condition switch
        {
            BinaryExpressionSyntax less when IsIndex(less.Left, index)
                && less.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression =>
                (less.Right, less.IsKind(SyntaxKind.LessThanOrEqualExpression)),
            BinaryExpressionSyntax more when IsIndex(more.Right, index)
                && more.Kind() is SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression =>
                (more.Left, more.IsKind(SyntaxKind.GreaterThanOrEqualExpression)),
            _ => null,
        };

    int? ConstantOf(ExpressionSyntax bound) =>
        model.GetConstantValue(bound) is { HasValue: true, Value: int value } ? value
        : Known(Bare(bound))?.Text is { } text && int.TryParse(text, out var unrolled) ? unrolled : null;

    bool IsIndex(ExpressionSyntax expression, ILocalSymbol index) =>
        SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(Bare(expression)).Symbol, index);

    // By how much the index grows; null where that is no constant above 0.
    int? StepOf(ExpressionSyntax step, ILocalSymbol index) => step switch
    {
        PostfixUnaryExpressionSyntax up when up.IsKind(SyntaxKind.PostIncrementExpression)
            && IsIndex(up.Operand, index) => 1,
        PrefixUnaryExpressionSyntax up when up.IsKind(SyntaxKind.PreIncrementExpression)
            && IsIndex(up.Operand, index) => 1,
        AssignmentExpressionSyntax by when by.IsKind(SyntaxKind.AddAssignmentExpression) && IsIndex(by.Left, index) =>
            ConstantOf(by.Right) is > 0 and var some ? some : null,
        _ => null,
    };

    void Counted(ForStatementSyntax loop, ILocalSymbol index, ExpressionSyntax start, ExpressionSyntax end,
        bool isInclusive)
    {
        var (from, to) = (Text(start), Text(end) + (isInclusive ? " + 1" : ""));
        var name = names.Fresh(index.Name);
        var outer = block;
        var before = bindings;
        var changed = Changed(loop.Statement).Where(before.ContainsKey).ToList();
        var body = new Block();
        block = body;
        bindings = new(before, SymbolEqualityComparer.Default);
        var limit = Place(end);
        Bind(index, new(Text: name,
            Place: Affine.Of(name, isInclusive ? limit.Largest : $"({limit.Largest} - 1)", Place(start).Smallest)));
        var entries = changed.ToDictionary(symbol => symbol, symbol => new Value(names.Fresh(symbol.Name), "",
            Value.Carried, [], body) { IsActive = true }, (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);
        foreach (var symbol in changed) Bind(symbol, new(entries[symbol]));
        Statement(loop.Statement);
        var after = bindings;
        block = outer;
        bindings = before;
        var carries = new List<Carry>();
        foreach (var symbol in changed)
        {
            var (entry, next) = (entries[symbol], after[symbol].Value!);
            if (before[symbol].Value is not { } initial)
                throw Dynamic(loop, $"'{symbol.Name}' has no value before it", "Give it one");
            var maximum = CarriedValue.Check(body, entry, next, loop, symbol.Name);
            var operation = maximum is null ? Value.Looped : Value.Extreme;
            var result = new Value(entry.Name, "", operation, [initial], outer)
            { IsActive = initial.IsActive || (maximum ?? next).IsActive };
            carries.Add(new(initial, entry, next, result, maximum));
            Bind(symbol, new(result));
        }
        outer.Items.Add(new Loop(name, from, to, body, carries));
    }

    // Variables from outside that the loop assigns.
    IEnumerable<ISymbol> Changed(StatementSyntax body) => body.DescendantNodesAndSelf()
        .OfType<AssignmentExpressionSyntax>()
        .Select(assignment => NumberOf(Bare(assignment.Left))).OfType<ISymbol>()
        .Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>();
}
