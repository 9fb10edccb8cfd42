using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    IOperation? current;

    // Why a statement was refused, of which variables may be missing now.
    DiagnosticInfo? refused;

    void Statements(IBlockOperation block)
    {
        foreach (var statement in block.Operations) Statement(statement);
    }

    void Statement(IOperation statement)
    {
        unit.Cancellation.ThrowIfCancellationRequested();
        current = statement;
        prologue.Clear();
        conditional = 0;
        try
        {
            Translate(statement);
        }
        catch (UnsupportedException unsupported)
        {
            unit.Report(refused = unsupported.Diagnostic);
        }
    }

    void Translate(IOperation statement)
    {
        switch (statement)
        {
            case IBlockOperation block:
                Open(block, "{");
                Statements(block);
                writer.Close();
                break;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    Declare(declarator);
                break;
            case IExpressionStatementOperation expression: ExpressionStatement(expression.Operation); break;
            case IConditionalOperation condition: If(condition, "if"); break;
            case IForLoopOperation loop: For(loop); break;
            case IWhileLoopOperation loop: While(loop); break;
            case ISwitchOperation choice: Switch(choice); break;
            case IBranchOperation { BranchKind: BranchKind.Break } branch: Emit(branch, "break;"); break;
            case IBranchOperation { BranchKind: BranchKind.Continue } branch: Emit(branch, "continue;"); break;
            case IReturnOperation result: Return(result); break;
            case IEmptyOperation: break;
            case IForEachLoopOperation: throw new UnsupportedException(Unsupported.ForEach, statement.Syntax);
            case IThrowOperation or ITryOperation: throw new UnsupportedException(Unsupported.Exceptions,
                statement.Syntax, FirstLine(statement));
            case ILocalFunctionOperation: throw new UnsupportedException(Unsupported.Delegates, statement.Syntax,
                FirstLine(statement));
            default: throw new UnsupportedException(Unsupported.Statement, statement.Syntax, FirstLine(statement));
        }
    }

    static string FirstLine(IOperation operation) => operation.Syntax.ToString().Split('\n')[0].Trim();

    void Open(IOperation operation, string line)
    {
        Flush(operation);
        writer.Open(line);
    }

    void Emit(IOperation operation, string line)
    {
        Flush(operation);
        writer.Line(line);
    }

    void Flush(IOperation operation)
    {
        writer.At(unit.FileOf(operation.Syntax),
            operation.Syntax.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
        foreach (var line in prologue) writer.Line(line);
        prologue.Clear();
    }

    void Nested(IOperation? body)
    {
        if (body is IBlockOperation block) Statements(block);
        else if (body is not null) Statement(body);
    }

    void If(IConditionalOperation condition, string keyword)
    {
        // typeof(T) == typeof(float) and the like are settled here.
        if (Known(condition.Condition) is { } known)
        {
            if (known) Translate(condition.WhenTrue);
            else if (condition.WhenFalse is { } other) Translate(other);
            return;
        }
        Open(condition, $"{keyword} ({Expression(condition.Condition).Text}) {{");
        Nested(condition.WhenTrue);
        if (condition.WhenFalse is not { } otherwise)
        {
            writer.Close();
            return;
        }
        writer.Close("} else {");
        writer.Indent();
        Nested(otherwise);
        writer.Close();
    }

    void For(IForLoopOperation loop)
    {
        var simple = loop.Before.Length == 1
            && loop.Before[0] is IVariableDeclarationGroupOperation { Declarations.Length: 1 } group
            && group.Declarations[0].Declarators.Length == 1;
        var start = "";
        if (simple && Known(loop) is null)
        {
            var declarator = ((IVariableDeclarationGroupOperation)loop.Before[0]).Declarations[0].Declarators[0];
            var type = types.Resolve(declarator.Symbol.Type);
            if (declarator.Symbol.RefKind == RefKind.None && unit.Pointers(type) == 0
                && declarator.GetVariableInitializer()?.Value is { } value)
            {
                var name = Local(declarator.Symbol.Name);
                start = $"{unit.TypeName(type, "", declarator.Syntax)} {name} = {Converted(value).Text}";
                variables[declarator.Symbol] = new(name);
            }
            else simple = false;
        }
        if (!simple)
        {
            Open(loop, "{");
            foreach (var before in loop.Before) Translate(before);
        }
        var first = prologue.ToList();
        prologue.Clear();
        var condition = loop.Condition is null ? "" : Expression(loop.Condition).Text;
        var test = prologue.ToList();
        prologue.Clear();
        var steps = string.Join(", ",
            loop.AtLoopBottom.Select(step => Expression(((IExpressionStatementOperation)step).Operation).Text));
        if (prologue.Count > 0)
            throw new UnsupportedException(Unsupported.Expression, loop.AtLoopBottom[0].Syntax,
                loop.AtLoopBottom[0].Syntax.ToString());
        prologue.AddRange(first);
        Open(loop, $"for ({start}; {(test.Count > 0 ? "" : condition)}; {steps}) {{");
        if (test.Count > 0) Test(test, condition);
        Nested(loop.Body);
        writer.Close();
        if (!simple) writer.Close();
    }

    void Test(List<string> lines, string condition)
    {
        foreach (var line in lines) writer.Line(line);
        if (condition.Length > 0) writer.Line($"if (!({condition})) break;");
    }

    void While(IWhileLoopOperation loop)
    {
        if (!loop.ConditionIsTop)
        {
            Open(loop, "do {");
            Nested(loop.Body);
            current = loop;
            conditional = 1;
            writer.Close($"}} while ({Expression(loop.Condition!).Text});");
            return;
        }
        var condition = Expression(loop.Condition!).Text;
        var test = prologue.ToList();
        prologue.Clear();
        Open(loop, test.Count > 0 ? "for (;;) {" : $"while ({condition}) {{");
        if (test.Count > 0) Test(test, condition);
        Nested(loop.Body);
        writer.Close();
    }

    void Return(IReturnOperation result)
    {
        if (result.ReturnedValue is not { } value || method.ReturnsVoid)
        {
            if (result.ReturnedValue is { } effect) ExpressionStatement(effect);
            else Emit(result, method.MethodKind == MethodKind.Constructor ? "return self;" : "return;");
            return;
        }
        var expression = function.ReturnsReference ? Reference(value) : Converted(value);
        if (function.ResultSpaces.Length > 0) RequireSameSpaces(value, expression.Spaces, function.ResultSpaces);
        function.ResultSpaces = expression.Spaces;
        Emit(result, $"return {expression.Text};");
    }

    void ExpressionStatement(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call when call.TargetMethod.ContainingType.IsDialect("Pragma"):
                var times = call.Arguments[0].Value.ConstantValue.Value is int count and > 0 ? " " + count : "";
                Emit(operation, "#pragma unroll" + times);
                break;
            case ISimpleAssignmentOperation { IsRef: true } assignment: Redirect(assignment); break;
            case ISimpleAssignmentOperation assignment when types.Resolve(assignment.Target.Type!).IsView(): AssignView(
                assignment); break;
            case ISimpleAssignmentOperation { Target: IDiscardOperation } discard: Emit(operation,
                Expression(discard.Value).Text + ";"); break;
            case IDeconstructionAssignmentOperation deconstruction: Deconstruct(deconstruction); break;
            default: Emit(operation, Expression(operation).Text + ";"); break;
        }
    }

    void AssignView(ISimpleAssignmentOperation assignment) =>
        Store(assignment, Expression(assignment.Target), Expression(assignment.Value));

    /// <summary>r = ref place: the pointer itself changes.</summary>
    void Redirect(ISimpleAssignmentOperation assignment)
    {
        var (pointer, place) = (Expression(assignment.Target), Reference(assignment.Value));
        RequireSameSpaces(assignment, Distinguished(place.Home).ToString(), Distinguished(pointer.Home).ToString());
        Emit(assignment, $"{pointer.Address().Text} = {place.Text};");
    }

    /// <summary>Pointers that take turns in one variable lead to one kind of memory.</summary>
    void RequireSameSpaces(IOperation where, string one, string other)
    {
        if (one == other || unit.Marks.Mix(one, other)) return;
        throw new UnsupportedException(Unsupported.AddressSpace, where.Syntax, where.Syntax.ToString(),
            Space.Name(one.FirstOrDefault()), Space.Name(other.FirstOrDefault()));
    }
}
