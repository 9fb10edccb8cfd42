using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    /// <summary>
    /// An expression in a place where C converts numbers as C# does implicitly: assignments, arguments, results.
    /// </summary>
    Expression Converted(IOperation operation) =>
        operation is IConversionOperation { IsImplicit: true, Conversion.IsNumeric: true, OperatorMethod: null,
            ConstantValue.HasValue: false } conversion
            ? Expression(conversion.Operand)
            : Expression(operation);

    Expression Expression(IOperation operation)
    {
        if (ConstantOf(operation) is { } constant) return Literals.Of(constant, operation.Type!, Target);
        return operation switch
        {
            ILocalReferenceOperation local => Variable(local.Local, operation),
            IParameterReferenceOperation parameter => Variable(parameter.Parameter, operation),
            IInstanceReferenceOperation => variables.TryGetValue(method.ContainingType, out var self)
                ? self : new("self"),
            IParenthesizedOperation inner => Expression(inner.Operand),
            IConversionOperation conversion => Conversion(conversion),
            IBinaryOperation binary => Binary(binary),
            IUnaryOperation unary => Unary(unary),
            ISimpleAssignmentOperation assignment => Assign(assignment),
            ICompoundAssignmentOperation assignment => Compound(assignment),
            IIncrementOrDecrementOperation step => Step(step),
            IConditionalOperation choice => Choice(choice),
            ISwitchExpressionOperation choice => SwitchExpression(choice),
            IIsPatternOperation test => IsPattern(test),
            IFieldReferenceOperation field => Field(field),
            IPropertyReferenceOperation property => Property(property),
            IArrayElementReferenceOperation element => ArrayElement(element),
            IInvocationOperation call => Call(call),
            IObjectCreationOperation creation => Create(creation),
            ITupleOperation tuple =>
                MakeStruct(types.Resolve(tuple.Type!), InOrder(tuple.Elements, Expression), tuple.Syntax),
            IDefaultValueOperation value => Default(types.Resolve(value.Type!), value.Syntax),
            ISizeOfOperation size => new(
                $"(int)sizeof({unit.TypeName(types.Resolve(size.TypeOperand), "", size.Syntax)})", Precedence.Unary),
            IDeclarationExpressionOperation declaration => DeclaredInline(declaration),
            IArrayCreationOperation or IObjectOrCollectionInitializerOperation or ICollectionExpressionOperation =>
                throw new UnsupportedException(Unsupported.Allocation, operation.Syntax, operation.Syntax.ToString()),
            IDelegateCreationOperation or IAnonymousFunctionOperation or IMethodReferenceOperation =>
                throw new UnsupportedException(Unsupported.Delegates, operation.Syntax, FirstLine(operation)),
            IInterpolatedStringOperation =>
                throw new UnsupportedException(Unsupported.Strings, operation.Syntax, operation.Syntax.ToString()),
            IThrowOperation =>
                throw new UnsupportedException(Unsupported.Exceptions, operation.Syntax, FirstLine(operation)),
            _ => throw new UnsupportedException(Unsupported.Expression, operation.Syntax, FirstLine(operation)),
        };
    }

    Expression Variable(ISymbol symbol, IOperation where) =>
        variables.TryGetValue(symbol.OriginalDefinition, out var variable)
        ? variable
        : symbol is ILocalSymbol && refused is not null ? throw new UnsupportedException(refused)
        : throw new UnsupportedException(Unsupported.StructMembers, where.Syntax, method.ContainingType.Name,
            $"'{symbol.Name}' of its primary constructor is kept in a field without a name");

    /// <summary>
    /// The value the compiler knows, static readonly fields and properties with a constant body included.
    /// </summary>
    object? ConstantOf(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } value })
            return value is string
                ? throw new UnsupportedException(Unsupported.Strings, operation.Syntax, operation.Syntax.ToString())
                : value;
        if (Known(operation) is { } known) return known;
        if (operation is IPropertyReferenceOperation { Property: { IsStatic: true, GetMethod: { } getter } } property)
            return types.Implementation(getter, property.ConstrainedToType).DeclaringSyntaxReferences
                .FirstOrDefault()?.GetSyntax(unit.Cancellation)
                is ArrowExpressionClauseSyntax arrow
                ? unit.Compilation.GetSemanticModel(arrow.SyntaxTree)
                    .GetConstantValue(arrow.Expression, unit.Cancellation).Value
                : null;
        return null;
    }

    /// <summary>Whether a comparison of types holds; null where the operation is something else.</summary>
    bool? Known(IOperation operation)
    {
        if (operation is IBinaryOperation { LeftOperand: ITypeOfOperation left,
            RightOperand: ITypeOfOperation right } comparison)
            return SymbolEqualityComparer.Default.Equals(types.Resolve(left.TypeOperand),
                types.Resolve(right.TypeOperand))
                == (comparison.OperatorKind == BinaryOperatorKind.Equals);
        return null;
    }

    Expression Conversion(IConversionOperation conversion)
    {
        var from = types.Resolve(conversion.Operand.Type ?? conversion.Type!);
        var to = types.Resolve(conversion.Type!);
        if (conversion.OperatorMethod is { } userDefined)
        {
            if (from.IsStridedView() && to.IsView()) return Member(Expression(conversion.Operand), from, "BaseView");
            if (IsOfParts(from) && IsOfParts(to))
                return Cast(Simple(conversion.Operand), from, to, conversion.Syntax);
            if (from.IsIndex() || to.IsIndex() || from.IsSpecialized() || to.IsSpecialized()
                || from.Scalar(unit.Compilation).IsPrimitive() && to.Scalar(unit.Compilation).IsPrimitive())
                return Cast(Expression(conversion.Operand), from, to, conversion.Syntax);
            return CallFunction(types.Implementation(userDefined, conversion.ConstrainedToType), null,
                [Expression(conversion.Operand)], conversion.Syntax);
        }
        if (to.SpecialType == SpecialType.System_String)
            throw new UnsupportedException(Unsupported.Strings, conversion.Syntax, conversion.Syntax.ToString());
        if (to.IsReferenceType && !to.IsView())
            throw new UnsupportedException(Unsupported.Boxing, conversion.Syntax, conversion.Operand.Syntax.ToString(),
                to.ToDisplayString());
        var isOfTuples = from.IsTupleType && to.IsTupleType && !SymbolEqualityComparer.Default.Equals(from, to);
        return Cast(isOfTuples ? Simple(conversion.Operand) : Expression(conversion.Operand), from, to,
            conversion.Syntax);
    }

    Expression Cast(Expression value, ITypeSymbol from, ITypeSymbol to, SyntaxNode where)
    {
        var (source, target) = (from.Scalar(unit.Compilation), to.Scalar(unit.Compilation));
        if (SymbolEqualityComparer.Default.Equals(source, target)) return value;
        if (IsOfParts(source) && IsOfParts(target))
            return MakeStruct(to, unit.Fields(from).Zip(unit.Fields(to), (part, other) =>
                Cast(Member(value, from, part.Name), part.Type, other.Type, where)), where);
        if (!target.IsPrimitive())
            return target.SpecialType == SpecialType.None ? value : throw Unsupported.NoType(target, where);
        if (source.IsFloating() && !target.IsFloating())
        {
            value = new($"{Truncation(target)}({value})");
            if (target.SpecialType is >= SpecialType.System_Int32 and <= SpecialType.System_UInt64) return value;
        }
        return new($"({unit.TypeName(target, "", where)}){value.Within(Precedence.Unary)}", Precedence.Unary);
    }

    // What is converted part by part.
    static bool IsOfParts(ITypeSymbol type) => type.IsTupleType || type.IsIndexOfAxes();

    // Narrower types take the lower bits of an int, as C# does.
    static string Truncation(ITypeSymbol integer) => integer.SpecialType switch
    {
        SpecialType.System_UInt32 => "ToUInt",
        SpecialType.System_Int64 => "ToLong",
        SpecialType.System_UInt64 => "ToULong",
        _ => "ToInt",
    };

    bool IsNumber(IOperation operand) => types.Resolve(operand.Type!).Scalar(unit.Compilation).IsPrimitive();

    Expression Binary(IBinaryOperation binary)
    {
        if (binary.OperatorMethod is { } userDefined
            && !(IsNumber(binary.LeftOperand) && IsNumber(binary.RightOperand)))
        {
            if (types.Resolve(binary.LeftOperand.Type!).IsIndexOfAxes())
            {
                var indices = InOrder([binary.LeftOperand, binary.RightOperand], Simple);
                return AlongAxes(binary.OperatorKind, indices[0], indices[1], binary.RightOperand);
            }
            if (binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
                throw new UnsupportedException(Unsupported.Expression, binary.Syntax, binary.Syntax.ToString());
            return CallFunction(types.Implementation(userDefined, binary.ConstrainedToType), null,
                InOrder([binary.LeftOperand, binary.RightOperand], Expression), binary.Syntax);
        }
        // C widens one operand to the other's type by itself; where C# widens both, as int and uint to long, the casts
        // must stand.
        var both = binary.LeftOperand is IConversionOperation { IsImplicit: true }
            && binary.RightOperand is IConversionOperation { IsImplicit: true };
        var isRemainder = binary.OperatorKind == BinaryOperatorKind.Remainder
            && types.Resolve(binary.Type!).IsFloating();
        Expression Operand(IOperation operand) => both || isRemainder ? Expression(operand) : Converted(operand);
        if (binary.OperatorKind is not (BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr))
        {
            var operands = InOrder([binary.LeftOperand, binary.RightOperand], Operand);
            return Operate(binary.OperatorKind, binary.Type!, operands[0], operands[1], binary.RightOperand);
        }
        var left = Operand(binary.LeftOperand);
        conditional++;
        var right = Operand(binary.RightOperand);
        conditional--;
        return Operate(binary.OperatorKind, binary.Type!, left, right, binary.RightOperand);
    }

    /// <summary>An operator of ILGPU's indices: that of each axis.</summary>
    Expression AlongAxes(BinaryOperatorKind kind, Expression left, Expression right, IOperation rightOperand)
    {
        var index = (INamedTypeSymbol)types.Resolve(rightOperand.Type!);
        var isTest = kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        var parts = unit.Fields(index).Select(field => Operate(kind, field.Type, left.Member(field.Name),
            right.Member(field.Name), rightOperand)).ToList();
        if (!isTest) return MakeStruct(index, parts, rightOperand.Syntax);
        var (symbol, binding) = kind == BinaryOperatorKind.Equals
            ? ("&&", Precedence.LogicalAnd) : ("||", Precedence.LogicalOr);
        return new(string.Join($" {symbol} ", parts.Select(part => part.Within(binding))), binding);
    }

    Expression Operate(BinaryOperatorKind kind, ITypeSymbol result, Expression left, Expression right,
        IOperation rightOperand)
    {
        var type = NumberOf(result);
        var (symbol, binding) = Operators.Binary(kind, rightOperand.Syntax.Parent!);
        if (symbol == "%" && type.IsFloating()) return new($"XMath_Remainder({left}, {right})");
        if (binding == Precedence.Shift) right = Masked(type, right, rightOperand);
        if (symbol == ">>>") return UnsignedShift(type, left, right, rightOperand.Syntax);
        var isWrapped = IsLinear(kind) && Wraps(type, rightOperand.Syntax) || ExceedsInt(kind, type);
        var value = isWrapped ? Wrapped(Promoted(type), symbol, binding, left, right)
            : new($"{left.Within(binding)} {symbol} {right.Within(binding + 1)}", binding);
        return Operators.LeavesRange(kind) ? Narrowed(type, value, rightOperand.Syntax) : value;
    }

    /// <summary>
    /// An int back in the narrower type that C# computes in: of an enum, or of a type parameter; C knows int alone.
    /// </summary>
    Expression Narrowed(ITypeSymbol type, Expression value, SyntaxNode where) => !type.IsNarrow() ? value
        : new($"({unit.TypeName(type, "", where)}){value.Within(Precedence.Unary)}", Precedence.Unary);

    // C# takes a shift's distance modulo the width; C leaves a wider one undefined.
    Expression Masked(ITypeSymbol type, Expression distance, IOperation operand)
    {
        var width = type.Bits();
        if (ConstantOf(operand) is not { } constant)
            return new($"{distance.Within(Precedence.And)} & {width - 1}", Precedence.And);
        return constant is int bits and >= 0 && bits < width
            ? distance : Literals.Of(Convert.ToInt32(constant) & (width - 1), operand.Type!, Target);
    }

    Expression UnsignedShift(ITypeSymbol type, Expression left, Expression right, SyntaxNode where)
    {
        var unsigned = Target.Number(type.Unsigned());
        return new(
            $"({unit.TypeName(type, "", where)})(({unsigned}){left.Within(Precedence.Unary)} "
            + $">> {right.Within(Precedence.Add)})", Precedence.Unary);
    }

    Expression Unary(IUnaryOperation unary)
    {
        if (unary.OperatorMethod is { } userDefined && !IsNumber(unary.Operand))
            return CallFunction(types.Implementation(userDefined, unary.ConstrainedToType), null,
                [Expression(unary.Operand)], unary.Syntax);
        if (unary.OperatorKind == UnaryOperatorKind.Minus && Wraps(unary.Type!, unary.Syntax))
            return Negated(NumberOf(unary.Type!), Expression(unary.Operand));
        var type = NumberOf(unary.Type!);
        var operand = Expression(unary.Operand).Within(Precedence.Unary);
        var symbol = unary.OperatorKind switch
        {
            UnaryOperatorKind.Minus => "-",
            UnaryOperatorKind.Plus => "+",
            UnaryOperatorKind.Not => "!",
            UnaryOperatorKind.BitwiseNegation => "~",
            _ => throw new UnsupportedException(Unsupported.Expression, unary.Syntax, unary.Syntax.ToString()),
        };
        return symbol is "-" or "~" ? Narrowed(type, Prefixed(symbol, operand), unary.Syntax)
            : Prefixed(symbol, operand);
    }

    // Two signs in a row would be a step: --x.
    static Expression Prefixed(string symbol, string operand) =>
        new(symbol + (operand.StartsWith(symbol, StringComparison.Ordinal) ? $"({operand})" : operand),
            Precedence.Unary);

    Expression Compound(ICompoundAssignmentOperation assignment)
    {
        var (kind, type, ofValue) = (assignment.OperatorKind, NumberOf(assignment.Target.Type!),
            EffectsOf(assignment.Value));
        // An operator of C#'s own computes in int, and the store makes it narrow; a type parameter's, as the type does.
        if (assignment.OperatorMethod is null) type = Promoted(type);
        var userDefined = IsNumber(assignment.Target) ? null : assignment.OperatorMethod;
        if (userDefined is { IsStatic: false })
            return InPlace(assignment, userDefined, assignment.Target, assignment.Value);
        // What C has no such operator for is an assignment that says the place twice.
        var conflicts = EffectsOf(assignment.Target).Conflict(ofValue);
        var isShift = kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift
            or BinaryOperatorKind.UnsignedRightShift;
        var wraps = IsLinear(kind) && Wraps(type, assignment.Syntax) || ExceedsInt(kind, type);
        var isTwice = conflicts || isShift || wraps || userDefined is not null
            || kind == BinaryOperatorKind.Remainder && type.IsFloating();
        if (!isTwice)
            return new(
                $"{Written(assignment.Target).Text} "
                + $"{Operators.Binary(kind, assignment.Syntax).Symbol}= {Converted(assignment.Value).Text}",
                Precedence.Assignment);
        var target = conflicts ? Found(assignment.Target, ofValue) : FoundOnce(assignment.Target);
        var left = conflicts ? Kept(target, assignment.Target) : target;
        var result = userDefined is not null && type.IsIndexOfAxes()
            ? AlongAxes(kind, left, Simple(assignment.Value), assignment.Value)
            : userDefined is not null
            ? CallFunction(types.Implementation(userDefined, assignment.ConstrainedToType), null,
                [left, Expression(assignment.Value)], assignment.Syntax)
            : Operate(kind, type, left, Expression(assignment.Value), assignment.Value);
        return new($"{target.Text} = {result.Text}", Precedence.Assignment);
    }

    Expression Assign(ISimpleAssignmentOperation assignment)
    {
        if (assignment.IsRef)
            throw new UnsupportedException(Unsupported.Expression, assignment.Syntax, assignment.Syntax.ToString());
        var ofValue = EffectsOf(assignment.Value);
        var target = Found(assignment.Target, ofValue);
        var value = Converted(assignment.Value);
        if (ofValue.ChangeTheSame(effects.OfStore(assignment.Target))) value = Kept(value, assignment.Value);
        return new($"{target.Text} = {value.Text}", Precedence.Assignment);
    }

    Expression Step(IIncrementOrDecrementOperation step)
    {
        var symbol = step.Kind == OperationKind.Increment ? "++" : "--";
        if (step.OperatorMethod is { } userDefined && !IsNumber(step.Target)) return UserDefinedStep(step, userDefined);
        if (Wraps(step.Target.Type!, step.Syntax)) return WrappedStep(step, symbol.Substring(1));
        var target = Written(step.Target);
        return step.IsPostfix ? new($"{target.Within(Precedence.Primary)}{symbol}")
            : new($"{symbol}{target.Within(Precedence.Unary)}", Precedence.Unary);
    }

    /// <summary>An operator that changes the struct itself: <c>public void operator +=(int by)</c>.</summary>
    Expression InPlace(IOperation operation, IMethodSymbol userDefined, IOperation target, params IOperation[] values)
    {
        if (operation.Parent is not IExpressionStatementOperation
            || EffectsOf(target).Conflict(Effects.OfAll(values.Select(EffectsOf))))
            throw new UnsupportedException(Unsupported.Expression, operation.Syntax, operation.Syntax.ToString());
        unit.Marks.Write(Expression(target).Home);
        return CallFunction(types.Resolve(userDefined), target, [.. values.Select(Expression)], operation.Syntax);
    }

    Expression UserDefinedStep(IIncrementOrDecrementOperation step, IMethodSymbol userDefined)
    {
        if (!userDefined.IsStatic) return InPlace(step, userDefined, step.Target);
        if (step.Parent is not IExpressionStatementOperation)
            throw new UnsupportedException(Unsupported.Expression, step.Syntax, step.Syntax.ToString());
        var target = FoundOnce(step.Target);
        var next = CallFunction(types.Implementation(userDefined, step.ConstrainedToType), null, [target], step.Syntax);
        return new($"{target.Text} = {next.Text}", Precedence.Assignment);
    }

    Expression Choice(IConditionalOperation choice)
    {
        if (Known(choice.Condition) is { } known) return Expression(known ? choice.WhenTrue : choice.WhenFalse!);
        var condition = Expression(choice.Condition);
        conditional++;
        var (yes, no) = (Expression(choice.WhenTrue), Expression(choice.WhenFalse!));
        conditional--;
        RequireSameSpaces(choice, yes.Spaces, no.Spaces);
        return Select(condition, yes, no);
    }

    static Expression Select(Expression condition, Expression yes, Expression no) =>
        new($"{condition.Within(Precedence.LogicalOr)} ? {yes.Within(Precedence.Conditional)} "
        + $": {no.Within(Precedence.Conditional)}", Precedence.Conditional)
        {
            Spaces = yes.Spaces,
            Length = yes.Length is null
                ? null : $"({condition.Within(Precedence.LogicalOr)} ? {yes.Length} : {no.Length})",
        };

    Expression Field(IFieldReferenceOperation field)
    {
        var symbol = field.Field;
        if (symbol.IsStatic) return Static(symbol, field.Syntax);
        return Member(Expression(field.Instance!), types.Resolve(symbol.ContainingType),
            symbol.CorrespondingTupleField?.Name ?? symbol.Name);
    }

    /// <summary>A field of a struct value, with the pointers that are its own.</summary>
    Expression Member(Expression value, ITypeSymbol type, string name)
    {
        var next = 0;
        foreach (var field in unit.Fields(type))
        {
            var pointers = unit.Pointers(field.Type);
            if (field.Name == name)
            {
                var member = value.Member(field.Text);
                return member with
                {
                    Spaces = value.Spaces.Length == 0 ? "" : value.Spaces.Substring(next, pointers),
                    Length = field.Type.IsView() ? member.Text + "_length" : null,
                };
            }
            next += pointers;
        }
        return value.Member(Names.Escape(name));
    }

    Expression Static(IFieldSymbol field, SyntaxNode where)
    {
        if (!field.IsReadOnly
            || field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(unit.Cancellation)
                is not VariableDeclaratorSyntax { Initializer.Value: { } value })
            throw new UnsupportedException(Unsupported.MutableStatic, where, field.Name);
        var operation = unit.Compilation.GetSemanticModel(value.SyntaxTree).GetOperation(value, unit.Cancellation)!;
        return Cast(Expression(operation), types.Resolve(operation.Type!), types.Resolve(field.Type), where);
    }

    Expression ArrayElement(IArrayElementReferenceOperation element)
    {
        if (element.Indices.Length != 1)
            throw Unsupported.NoType(element.ArrayReference.Type!, element.Syntax);
        return Element(Expression(element.ArrayReference), Expression(element.Indices[0]));
    }

    static Expression Element(Expression view, Expression index) =>
        new($"{view.Within(Precedence.Primary)}[{index.Text}]") { Home = view.Spaces[0] };

    Expression DeclaredInline(IDeclarationExpressionOperation declaration)
    {
        if (declaration.Expression is not ILocalReferenceOperation reference)
            throw new UnsupportedException(Unsupported.Expression, declaration.Syntax, declaration.Syntax.ToString());
        if (hoisted.Contains(reference.Local)) return variables[reference.Local];
        return variables[reference.Local] = Variable(types.Resolve(reference.Local.Type), declaration.Syntax,
            reference.Local.Name);
    }

    /// <summary>One without a value, for what is written by reference.</summary>
    Expression Variable(ITypeSymbol type, SyntaxNode where, string wanted = "unused")
    {
        var name = Local(wanted);
        Before($"{unit.TypeName(type, "", where)} {name};");
        return new(name);
    }

    /// <summary>A place that is written, or may be.</summary>
    Expression Written(IOperation place)
    {
        RefuseChoice(place);
        var target = Expression(place);
        unit.Marks.Write(target.Home);
        return target;
    }

    /// <summary>C's choice between two places is a value, C#'s a place: <c>(b ? ref x : ref y).Field = 1</c>.</summary>
    static void RefuseChoice(IOperation place)
    {
        for (var root = place; root is not null; root = (root as IFieldReferenceOperation)?.Instance)
            if (root is IConditionalOperation { IsRef: true })
                throw new UnsupportedException(Unsupported.ReferenceTarget, root.Syntax, root.Syntax.ToString());
    }

    /// <summary>The address that a ref argument, ref local or ref result holds.</summary>
    Expression Reference(IOperation operation)
    {
        if (Allocation(operation) is { } memory) return Allocate(operation, memory);
        if (operation is IDiscardOperation) return Variable(types.Resolve(operation.Type!), operation.Syntax).Address();
        if (operation is not (ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
            or IPropertyReferenceOperation
            or IArrayElementReferenceOperation or IInvocationOperation or IDeclarationExpressionOperation
            or IInstanceReferenceOperation))
            throw new UnsupportedException(Unsupported.ReferenceTarget, operation.Syntax, operation.Syntax.ToString());
        var target = Written(operation);
        return target with { Text = target.Address().Text, Binding = target.Address().Binding,
            Spaces = target.Spaces + Distinguished(target.Home) };
    }

    char Distinguished(char space) => space == Space.Generic ? space : Target.Distinguish(space);
}
