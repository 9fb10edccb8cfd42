using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// A kernel's body as values that are assigned once: calls written out, short constant loops unrolled, returns turned
/// into branches.
/// </summary>
sealed partial class Lowering
{
    /// <summary>A loop of constant bounds that runs no oftener is written out.</summary>
    const int MostUnrolled = 16;

    readonly KernelCandidate kernel;
    readonly ITypeParameterSymbol number;
    readonly AdjointNames names;
    readonly List<IMethodSymbol> calls = [];
    readonly SortedSet<string> factors = new(StringComparer.Ordinal);
    SemanticModel model;
    Dictionary<ISymbol, Binding> bindings = new(SymbolEqualityComparer.Default);
    Block block = new();
    Binding? returned;
    IReadOnlyList<string>? partNames;

    public Lowering(KernelCandidate kernel, IReadOnlyList<Operand> operands, ITypeParameterSymbol number,
        AdjointNames names)
    {
        (this.kernel, this.number, this.names) = (kernel, number, names);
        model = kernel.Compilation.GetSemanticModel(kernel.Syntax.SyntaxTree);
        Bind(operands);
    }

    public List<ViewOperand> Views { get; } = [];

    /// <summary>Views of integers, which tell choices and have no gradient.</summary>
    public List<ViewOperand> IntegerViews { get; } = [];

    /// <summary>By what places are multiplied: C# of the kernel's parameters.</summary>
    public IEnumerable<string> Factors => factors;

    /// <summary>
    /// What a name stands for: a number, an integer or bool with its place, a view, or several of them.
    /// </summary>
    sealed record Binding(Value? Value = null, string? Text = null, Affine? Place = null, ViewOperand? View = null,
        ViewOperand? Integers = null, IReadOnlyList<Binding>? Parts = null,
        IReadOnlyDictionary<string, Binding>? Members = null);

    public Block Lower()
    {
        if (kernel.Syntax.ExpressionBody is { } body) Statement(body.Expression);
        else Statements([.. kernel.Syntax.Body!.Statements]);
        return block;
    }

    void Bind(IReadOnlyList<Operand> operands)
    {
        var index = kernel.Method.Parameters[0];
        Bind(index, new(Text: index.Name,
            Place: index.Type.IsDialect("Index1D")
                ? Affine.Of(new Axis(AxisKind.Lane, "(lanes - 1)")) : Affine.Opaque));
        foreach (var parameter in kernel.Method.Parameters.Skip(1))
        {
            var own = operands
                .Where(operand => SymbolEqualityComparer.Default.Equals(operand.Parameter, parameter)).ToList();
            Bind(parameter, !Operand.IsTakenApart(parameter) ? Bound(own[0]) : new(Members:
                own.ToDictionary(operand => operand.Access.Substring(parameter.Name.Length + 1), Bound)));
        }
    }

    // By a call, whose arguments come first: a branch among them leaves other bindings than it found.
    void Bind(ISymbol symbol, Binding value) => bindings[symbol] = value;

    Binding Bound(Operand operand)
    {
        var type = operand.Type;
        if (IsNumber(type)) return new(Value.Of(operand.Access));
        if (type is INamedTypeSymbol { TypeArguments.Length: 1 } view && IsNumber(view.TypeArguments[0])
            && (type.IsDialect("ArrayView") || Operand.IsMatrix(type)))
        {
            Views.Add(new(operand, Operand.IsMatrix(type)));
            return new(View: Views[Views.Count - 1]);
        }
        if (type.IsPrimitive() && !type.IsFloating())
            return new(Text: operand.Access, Place: Affine.Of(operand.Access));
        if (type.IsDialect("ArrayView") && type.Element().SpecialType == SpecialType.System_Int32)
        {
            IntegerViews.Add(new(operand, isMatrix: false));
            return new(Text: operand.Access, Place: Affine.Opaque, Integers: IntegerViews[IntegerViews.Count - 1]);
        }
        throw Operand.Wrong(operand.Parameter, $"The parameter '{operand.Access}' of type '{type.ToDisplayString()}'",
            "its gradient has no place to go", $"Take ArrayView<{number.Name}>, {number.Name}, integers, bool and "
            + "ArrayView<int>, or a record struct of these");
    }

    bool IsNumber(ITypeSymbol? type) => type is ITypeParameterSymbol parameter
        && (SymbolEqualityComparer.Default.Equals(parameter, number)
            || parameter.ContainingSymbol is IMethodSymbol { TypeParameters.Length: 1 });

    // Statements after one that may return are what runs otherwise.
    void Statements(IReadOnlyList<StatementSyntax> statements)
    {
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements[i] is IfStatementSyntax { Else: null } guard && Returns(guard.Statement))
            {
                var rest = statements.Skip(i + 1).ToList();
                Branch(guard.Condition, () => Statement(guard.Statement), () => Statements(rest));
                return;
            }
            if (!Returns(statements[i]) && statements[i].DescendantNodes().Any(node => node is ReturnStatementSyntax))
                throw Dynamic(statements[i], "it returns on some ways through it and goes on on others",
                    "Return at the end of an 'if' without 'else', or at the end");
            Statement(statements[i]);
            if (Returns(statements[i])) return;
        }
    }

    static bool Returns(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax => true,
        BlockSyntax inner => inner.Statements.Count > 0 && Returns(inner.Statements.Last()),
        IfStatementSyntax { Else: { } other } both => Returns(both.Statement) && Returns(other.Statement),
        _ => false,
    };

    void Statement(StatementSyntax statement)
    {
        switch (statement)
        {
            case BlockSyntax inner:
                Statements([.. inner.Statements]);
                break;
            case LocalDeclarationStatementSyntax declaration:
                foreach (var variable in declaration.Declaration.Variables) Local(variable);
                break;
            case ExpressionStatementSyntax expression:
                Statement(expression.Expression);
                break;
            case IfStatementSyntax choice:
                Branch(choice.Condition, () => Statement(choice.Statement),
                    () => { if (choice.Else is { } other) Statement(other.Statement); });
                break;
            case ForStatementSyntax loop:
                For(loop);
                break;
            case ReturnStatementSyntax { Expression: null } or EmptyStatementSyntax:
                break;
            case ReturnStatementSyntax { Expression: { } result }:
                returned = Bound(result, "result");
                break;
            case SwitchStatementSyntax:
                throw Dynamic(statement, "a switch is not run backwards", "Choose by ?: or if");
            default:
                throw Dynamic(statement, "how often it runs, or where it goes on, depends on what it computes",
                    "Write if, and for from a bound to a bound that do not depend on data");
        }
    }

    void Local(VariableDeclaratorSyntax variable)
    {
        var local = (ILocalSymbol)model.GetDeclaredSymbol(variable)!;
        if (local.IsConst) return;
        if (variable.Initializer is { } initial) Bind(local, Bound(initial.Value, local.Name));
        else if (!IsNumber(local.Type))
            throw Dynamic(variable, "it has no value yet", "Declare it where it gets its value");
    }

    Binding Bound(ExpressionSyntax expression, string hint)
    {
        var type = model.GetTypeInfo(expression).Type;
        if (IsNumber(type)) return new(Real(expression, hint));
        if (Tuple(expression, partNames ?? []) is { } parts) return new(Parts: parts);
        if (type is null || type.IsView() || Operand.IsMatrix(type) || !type.IsPrimitive() && !type.IsDialect("Index1D")
            || type.IsFloating())
            throw Form(expression, "only numbers of the kernel's type, integers and bools can be kept in variables",
                $"Use the view itself, and {number.Name} for numbers");
        var text = Text(expression);
        var name = names.Fresh(hint);
        block.Items.Add(new Declare(name, text));
        return new(Text: name, Place: Named(Place(expression), name));
    }

    // What is the same for every lane goes by its name; what the lane tells keeps its form.
    static Affine Named(Affine place, string name) =>
        place.IsOpaque || place.Axes.Any() ? place : Affine.Of(name, place.Largest, place.Smallest);

    void Statement(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case AssignmentExpressionSyntax { Left: DeclarationExpressionSyntax or TupleExpressionSyntax } several:
                Deconstruct(several);
                break;
            case AssignmentExpressionSyntax assignment:
                Assign(assignment);
                break;
            case PostfixUnaryExpressionSyntax step when Step(step.Operand, step.OperatorToken):
            case PrefixUnaryExpressionSyntax before when Step(before.Operand, before.OperatorToken):
                break;
            case InvocationExpressionSyntax call when IsPragma(call):
                break;
            case InvocationExpressionSyntax call:
                Inline(call);
                break;
            default:
                throw Dynamic(expression, "it changes a variable that is no number of the kernel's type",
                    "Give every value a variable of its own, and choose between values by ?:");
        }
    }

    // v++ and v-- of a number; false for what is none.
    bool Step(ExpressionSyntax target, SyntaxToken token)
    {
        if (NumberOf(Bare(target)) is not { } variable) return false;
        var operation = token.IsKind(SyntaxKind.PlusPlusToken) ? "+" : "-";
        Bind(variable, new(Computed(operation, [Real(target), Value.Of($"{number.Name}.One")], variable.Name)));
        return true;
    }

    bool IsPragma(InvocationExpressionSyntax call) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType: { Name: "Pragma" } type }
        && type.IsDialect();

    void Deconstruct(AssignmentExpressionSyntax assignment)
    {
        if (assignment.Left is not DeclarationExpressionSyntax
            { Designation: ParenthesizedVariableDesignationSyntax designation })
            throw Dynamic(assignment, "it changes several variables at once", "Assign them one by one");
        var parts = Tuple(assignment.Right, [.. designation.Variables.Select(variable => variable.ToString())])
            ?? throw Form(assignment.Right, "what it takes apart is not seen to be made of parts",
                "Write a tuple, or a static method of this project that returns one");
        for (var i = 0; i < designation.Variables.Count; i++)
            if (designation.Variables[i] is SingleVariableDesignationSyntax single)
                Bind(model.GetDeclaredSymbol(single)!, parts[i]);
    }

    void Assign(AssignmentExpressionSyntax assignment)
    {
        var target = Bare(assignment.Left);
        if (target is ElementAccessExpressionSyntax element)
        {
            var access = AccessOf(element);
            if (!assignment.IsKind(SyntaxKind.SimpleAssignmentExpression))
                throw Overwritten(assignment, $"'{access.View.Name}' is read and written in one",
                    "Write the result to a view of its own");
            var value = Real(assignment.Right, access.View.Name + "Value");
            access.View.Stores.Add(access);
            block.Items.Add(new Store(access, value));
            if (value.Home == block) value.StoredAt ??= access;
            return;
        }
        if (NumberOf(target) is not { } variable)
            throw Dynamic(assignment, "it changes a variable that is no number of the kernel's type",
                "Give every value a variable of its own, and choose between values by ?:");
        Bind(variable, new(assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
            ? Real(assignment.Right, variable.Name)
            : Computed(Operator(assignment), [Real(target), Real(assignment.Right)], variable.Name)));
    }

    // A variable or parameter that is a number.
    ISymbol? NumberOf(ExpressionSyntax target) => model.GetSymbolInfo(target).Symbol switch
    {
        ILocalSymbol local when IsNumber(local.Type) => local,
        IParameterSymbol { RefKind: RefKind.None } parameter when IsNumber(parameter.Type) => parameter,
        _ => null,
    };

    static string Operator(AssignmentExpressionSyntax assignment) => assignment.Kind() switch
    {
        SyntaxKind.AddAssignmentExpression => "+",
        SyntaxKind.SubtractAssignmentExpression => "-",
        SyntaxKind.MultiplyAssignmentExpression => "*",
        SyntaxKind.DivideAssignmentExpression => "/",
        _ => assignment.OperatorToken.Text,
    };

    void Branch(ExpressionSyntax condition, Action then, Action otherwise)
    {
        var text = Text(condition);
        var name = names.Fresh("condition");
        block.Items.Add(new Declare(name, text));
        var outer = block;
        var before = new Dictionary<ISymbol, Binding>(bindings, SymbolEqualityComparer.Default);
        var (thenBlock, thenBindings) = Within(then, before);
        var thenResult = returned;
        var (elseBlock, elseBindings) = Within(otherwise, before);
        var elseResult = returned;
        block = outer;
        bindings = before;
        var merges = new List<Merged>();
        foreach (var symbol in thenBindings.Keys.Intersect(elseBindings.Keys, SymbolEqualityComparer.Default))
            if (thenBindings[symbol!].Value is { } one && elseBindings[symbol!].Value is { } other && one != other)
                Bind(symbol!, new(Merge(symbol!.Name, one, other)));
        if (thenResult?.Value is { } first && elseResult?.Value is { } second)
            returned = new(first == second ? first : Merge("result", first, second));
        else if ((thenResult ?? elseResult) is not null)
            throw Dynamic(condition, "it chooses between results of several parts", "Choose each number by itself");
        outer.Items.Add(new Branch(name, thenBlock, elseBlock, merges));

        Value Merge(string hint, Value one, Value other)
        {
            var fresh = names.Fresh(hint);
            var value = new Value(fresh, "", Value.Merge, [one, other], outer);
            merges.Add(new(value, one, other));
            return value;
        }
    }

    (Block Block, Dictionary<ISymbol, Binding> Bindings) Within(Action body, Dictionary<ISymbol, Binding> before)
    {
        block = new();
        returned = null;
        bindings = new(before, SymbolEqualityComparer.Default);
        body();
        return (block, bindings);
    }

    static ExpressionSyntax Bare(ExpressionSyntax expression) =>
        expression is ParenthesizedExpressionSyntax inner ? Bare(inner.Expression) : expression;

    static UnsupportedException Dynamic(SyntaxNode node, string reason, string remedy) =>
        new(Unsupported.AdjointFlow, node, Short(node), reason, remedy);

    static UnsupportedException Overwritten(SyntaxNode node, string reason, string remedy) =>
        new(Unsupported.AdjointState, node, Short(node), reason, remedy);

    static UnsupportedException Form(SyntaxNode node, string reason, string remedy) =>
        new(Unsupported.AdjointForm, node, $"'{Short(node)}'", reason, remedy);

    /// <summary>The construct on one line.</summary>
    static string Short(SyntaxNode node)
    {
        var line = node.ToString().Split('\n')[0].Trim();
        return line.Length > 60 ? line.Substring(0, 60) + "..." : line;
    }
}
