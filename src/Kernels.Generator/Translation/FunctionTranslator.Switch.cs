using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    // Variables of a switch that more than one of its sections uses: C's braces around a section would hide them.
    readonly HashSet<ISymbol> hoisted = new(SymbolEqualityComparer.Default);

    void Switch(ISwitchOperation choice)
    {
        foreach (var local in choice.Locals)
            if (!local.IsConst && choice.Cases.Count(section => Uses(section, local)) > 1) Hoist(choice, local);
        var isPlain = !types.Resolve(choice.Value.Type!).IsFloating()
            && choice.Cases.SelectMany(section => section.Clauses)
            .All(clause => clause is ISingleValueCaseClauseOperation or IDefaultCaseClauseOperation);
        var value = isPlain ? Expression(choice.Value) : SectionOf(choice);
        Open(choice, $"switch ({value.Text}) {{");
        for (var i = 0; i < choice.Cases.Length; i++)
        {
            var section = choice.Cases[i];
            if (isPlain) foreach (var clause in section.Clauses) writer.Line(Label(clause));
            else writer.Line(IsDefault(section) ? "default:" : $"case {i}:");
            writer.Open("{");
            foreach (var statement in section.Body) Statement(statement);
            writer.Close();
        }
        writer.Close();
    }

    void Hoist(ISwitchOperation choice, ILocalSymbol local)
    {
        var type = types.Resolve(local.Type);
        if (local.RefKind != RefKind.None || unit.Pointers(type) > 0)
            throw new UnsupportedException(Unsupported.SectionVariable, choice.Syntax, local.Name);
        Declare(choice, local, type, null);
        hoisted.Add(local);
    }

    static bool Uses(ISwitchCaseOperation section, ILocalSymbol local) => section.Descendants().Any(part => part switch
    {
        IVariableDeclaratorOperation declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local),
        ILocalReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Local, local),
        _ => false,
    });

    string Label(ICaseClauseOperation clause) => clause is ISingleValueCaseClauseOperation single
        ? $"case {Expression(single.Value).Text}:" : "default:";

    /// <summary>The number of the section whose pattern fits: C's labels are integers.</summary>
    Expression SectionOf(ISwitchOperation choice)
    {
        var value = Simple(choice.Value);
        conditional++;
        var result = new Expression("-1", Precedence.Unary);
        for (var i = choice.Cases.Length - 1; i >= 0; i--)
            foreach (var clause in choice.Cases[i].Clauses.Reverse())
                if (clause is not IDefaultCaseClauseOperation)
                    result = Select(Test(clause, value), new($"{i}"), result);
        conditional--;
        return result;
    }

    static bool IsDefault(ISwitchCaseOperation section) =>
        section.Clauses.Any(clause => clause is IDefaultCaseClauseOperation);

    Expression Test(ICaseClauseOperation clause, Expression value) => clause switch
    {
        ISingleValueCaseClauseOperation single => IsConstant(single.Value, value),
        IPatternCaseClauseOperation { Guard: { } guard } pattern =>
            Both(Matches(pattern.Pattern, value), Expression(guard)),
        IPatternCaseClauseOperation pattern => Matches(pattern.Pattern, value),
        _ => throw new UnsupportedException(Unsupported.Pattern, clause.Syntax, clause.Syntax.ToString()),
    };
}
