using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Targets;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    Expression Call(IInvocationOperation call)
    {
        if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke)
            throw new UnsupportedException(Unsupported.Delegates, call.Syntax, call.Syntax.ToString());
        if (Allocation(call) is { } memory)
            return Allocate(call, memory) is { } allocated && memory.Size is null
                ? Element(allocated, new("0")) : Allocate(call, memory);
        if (call.TargetMethod.ContainingType.IsExtension) RefuseKind(call.TargetMethod, call.Syntax);
        var receiver = call.ConstrainedToType
            ?? (call.Instance?.Type is ITypeParameterSymbol parameter ? parameter : null);
        var target = types.Implementation(call.TargetMethod, receiver);
        var owner = receiver is null ? target.ContainingType : types.Resolve(receiver);
        var ordered = call.Arguments.OrderBy(argument => argument.Parameter!.Ordinal).ToList();
        if (Intrinsics.Find(target, owner) is { } intrinsic)
            return intrinsic.Translate(new(this, call, target, owner, ordered));
        if (target.DeclaringSyntaxReferences.Length == 0 || target.IsAbstract)
            throw new UnsupportedException(Unsupported.Call, call.Syntax,
                call.TargetMethod.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        return Place(target, call.Instance, ordered) ?? CallOn(target, call.Instance, call.Arguments, call.Syntax);
    }

    Expression Argument(IArgumentOperation argument) =>
        argument.Parameter!.RefKind is RefKind.Ref or RefKind.Out
            ? Reference(argument.Value) : Converted(argument.Value);

    /// <summary>A call on an instance: that is found, then the arguments are evaluated, then it is read.</summary>
    Expression CallOn(IMethodSymbol target, IOperation? instance, IReadOnlyList<IArgumentOperation> arguments,
        SyntaxNode where)
    {
        var ofArguments = Effects.OfAll(arguments.Select(argument => EffectsOf(argument.Value)));
        if (instance is null || !HasSelf(target) || !EffectsOf(instance).Conflict(ofArguments))
            return CallFunction(target, instance, ArgumentsInOrder(arguments, Argument), where);
        var self = Expression(instance);
        self = IsPlace(self) ? Pinned(self, instance, ofArguments) : Kept(self, instance);
        return CallFunction(target, instance, ArgumentsInOrder(arguments, argument =>
            argument.Parameter!.RefKind is RefKind.Ref or RefKind.Out || ConstantOf(argument.Value) is not null
                ? Argument(argument) : Kept(Argument(argument), argument.Value)), where, self);
    }

    /// <summary>A call of a function of this project, made for the kinds of memory of its arguments.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="instance">What a member is called on.</param>
    /// <param name="arguments">In the order of the parameters.</param>
    /// <param name="where">The call.</param>
    /// <param name="found">The instance, where it is translated already.</param>
    Expression CallFunction(IMethodSymbol target, IOperation? instance, List<Expression> arguments, SyntaxNode where,
        Expression? found = null)
    {
        RefuseKind(target, where);
        target = target.PartialImplementationPart ?? target;
        if (target.DeclaringSyntaxReferences.Length == 0)
            throw new UnsupportedException(Unsupported.Call, where,
                target.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        if (instance is not null && HasSelf(target))
        {
            if (SelfByReference(target) && unit.SelfChangers.Contain(target)) RefuseChoice(instance);
            var self = found ?? Expression(instance);
            if (SelfByReference(target)
                && (!IsPlace(self) || IsCopied(instance) && unit.SelfChangers.Contain(target)))
                self = new(Temporary(unit.TypeName(types.Resolve(instance.Type!), self.Spaces, where), self))
                    { Spaces = self.Spaces };
            if (SelfByReference(target)) unit.Marks.Write(self.Home);
            arguments.Insert(0, SelfByReference(target)
                ? new Expression(self.Address().Text) { Spaces = self.Spaces + Distinguished(self.Home) } : self);
        }
        var callee = unit.Function(target, string.Concat(arguments.Select(argument => argument.Spaces)), where);
        foreach (var hidden in callee.Hidden) function.Need(hidden);
        var passed = arguments.Select(Pass).Concat(callee.Hidden.Select(hidden => hidden.Names));
        var text = $"{callee.Name}({string.Join(", ", passed)})";
        return callee.ReturnsReference
            ? new("*" + text, Precedence.Unary) { Home = callee.ReferenceSpace }
            : new(text) { Spaces = callee.ResultSpaces };
    }

    /// <summary>
    /// Whether C# copies the struct before a member that may change it is called: what may not change, and what a
    /// property gives.
    /// </summary>
    bool IsCopied(IOperation instance) => instance switch
    {
        IParameterReferenceOperation { Parameter.RefKind: RefKind.In or RefKind.RefReadOnlyParameter } => true,
        ILocalReferenceOperation { Local.RefKind: RefKind.RefReadOnly } => true,
        IInstanceReferenceOperation => method.IsReadOnly,
        IInvocationOperation call => call.TargetMethod.ReturnsByRefReadonly,
        IPropertyReferenceOperation property => !property.Property.ReturnsByRef,
        IFieldReferenceOperation { Field: var field } part => field.IsReadOnly && !IsConstructed(part)
            || part.Instance is { } whole && !field.IsStatic && IsCopied(whole),
        _ => false,
    };

    /// <summary>A constructor may change its own readonly fields.</summary>
    bool IsConstructed(IFieldReferenceOperation part) =>
        method.MethodKind == MethodKind.Constructor && part.Instance is IInstanceReferenceOperation;

    // C has no address of a value that no variable holds.
    static bool IsPlace(Expression value) =>
        value.Text[0] == '*'
            || value.Binding == Precedence.Primary && !value.Text.EndsWith(")", StringComparison.Ordinal);

    static void RefuseKind(IMethodSymbol target, SyntaxNode where)
    {
        var (kind, remedy) = target switch
        {
            { ContainingType.IsExtension: true } =>
                ("a member of an extension block", "Write a static method whose first parameter is marked 'this'"),
            { ContainingType.TypeKind: TypeKind.Interface, IsStatic: false } =>
                ("an interface's own body, for which the value is boxed",
                "Write the method in the struct, or make it static"),
            { IsImplicitlyDeclared: true, MethodKind: not MethodKind.Constructor } =>
                ("written by C#'s compiler, so that no source says what it does",
                "Say it member by member, or write it in the struct"),
            _ => ("", ""),
        };
        if (kind.Length > 0)
            throw new UnsupportedException(Unsupported.Member, where,
                target.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), kind, remedy);
    }

    Expression Property(IPropertyReferenceOperation property)
    {
        var symbol = property.Property;
        if (symbol.ContainingType.SpecialType == SpecialType.System_String)
            throw new UnsupportedException(Unsupported.Strings, property.Syntax, property.Syntax.ToString());
        if (symbol.ContainingType.IsExtension) RefuseKind(symbol.GetMethod ?? symbol.SetMethod!, property.Syntax);
        var owner = types.Resolve(symbol.ContainingType);
        if (symbol.IsIndexer && owner.IsDialect("ArrayView"))
            return Element(Expression(property.Instance!), Expression(property.Arguments[0].Value));
        if (symbol.IsIndexer && owner.IsStridedView()) return StridedElement(property, owner);
        // Grid.GlobalIndex.X needs no struct.
        if (property.Instance is IPropertyReferenceOperation { Instance: null } position
            && position.Type!.IsDialect("Index3D")
            && Intrinsics.Part(position.Property) is { } part)
            return new(part == "Group_Dim" && symbol.Name == "Size" ? "Group_Size" : part + symbol.Name);
        if (property.Instance is { } instance && types.Resolve(instance.Type!) is { } type)
        {
            if (type.IsView()) return ViewProperty(Expression(instance), symbol, property.Syntax);
            if (type.IsSpecialized() || type.IsDialect("Index1D") || type.IsDialect("LongIndex1D"))
                return Expression(instance);
            if (type.IsStruct() && unit.Fields(type).Any(field => field.Name == symbol.Name))
                return Member(Expression(instance), type, symbol.Name);
            if (type.IsStridedView() && StridedProperty(instance, symbol, type) is { } ofView) return ofView;
            if ((type.IsIndex() || type.IsLongIndex()) && symbol.Name == "Size")
                return IndexSize(Expression(instance), type);
        }
        if (symbol.GetMethod is null || !symbol.ReturnsByRef && IsStored(property))
            throw new UnsupportedException(Unsupported.Expression, property.Syntax, $"the setter of {symbol.Name}");
        var getter = types.Implementation(symbol.GetMethod, property.ConstrainedToType);
        var receiver = property.ConstrainedToType is null
            ? getter.ContainingType : types.Resolve(property.ConstrainedToType);
        if (Intrinsics.Find(getter, receiver) is { } intrinsic)
            return intrinsic.Translate(new(this, property, getter, receiver, []));
        if (getter.DeclaringSyntaxReferences.Length == 0)
            throw new UnsupportedException(Unsupported.Call, property.Syntax,
                symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        return Place(getter, property.Instance, property.Arguments)
            ?? CallOn(getter, property.Instance, property.Arguments, property.Syntax);
    }

    /// <summary>Whether a value goes to the place: by itself or in a tuple, by an assignment or a step.</summary>
    static bool IsStored(IOperation place) => place.Parent switch
    {
        IParenthesizedOperation or ITupleOperation => IsStored(place.Parent),
        IAssignmentOperation assignment => assignment.Target == place,
        IIncrementOrDecrementOperation => true,
        _ => false,
    };

    /// <summary>An element of a view with strides: each coordinate times its axis's stride, if that is not 1.</summary>
    Expression StridedElement(IPropertyReferenceOperation element, INamedTypeSymbol type)
    {
        var view = Expression(element.Instance!);
        var strides = unit.Fields(type.TypeArguments[1]).Select(field => field.Name).ToList();
        var stride = strides.Count == 0 ? null : Member(view, type, "Stride");
        var axes = type.Axes();
        var wide = Target.Number(SpecialType.System_Int64);
        var terms = axes.Zip(Coordinates(element, axes), (axis, coordinate) => strides.Contains($"{axis}Stride")
            ? $"({wide}){coordinate.Within(Precedence.Unary)} * {stride}.{axis}Stride"
            : coordinate.Within(Precedence.Add)).ToList();
        return Element(Member(view, type, "BaseView"),
            new(string.Join(" + ", terms), terms.Count == 1 ? Precedence.Multiply : Precedence.Add));
    }

    // Given one by one, or as an index of so many.
    IReadOnlyList<Expression> Coordinates(IPropertyReferenceOperation element, string axes)
    {
        var values = element.Arguments.Select(argument => argument.Value).ToList();
        while (axes.Length > 1 && values.Count == 1 && values[0] is IConversionOperation conversion)
            values[0] = conversion.Operand;
        if (values.Count == 1 && values[0] is IObjectCreationOperation { Arguments: { } parts }
            && parts.Length == axes.Length)
            values = [.. parts.Select(part => part.Value)];
        else if (values.Count == 1 && values[0] is ITupleOperation tuple) values = [.. tuple.Elements];
        if (values.Count == axes.Length) return InOrder(values, Expression);
        var index = Expression(values[0]);
        if (!Plain.IsMatch(index.Text)) index = Kept(index, values[0]);
        var isTuple = types.Resolve(values[0].Type!).IsTupleType;
        return [.. axes.Select((axis, i) => index.Member(isTuple ? Invariant($"Item{i + 1}") : axis.ToString()))];
    }

    Expression? StridedProperty(IOperation instance, IPropertySymbol property, ITypeSymbol type)
    {
        var view = Expression(instance);
        var extent = Member(view, type, "Extent");
        var ofExtent = unit.Fields(type).First(field => field.Name == "Extent").Type;
        Expression Narrow(Expression value) => new($"(int){value.Within(Precedence.Unary)}", Precedence.Unary);
        return property.Name switch
        {
            // With gaps it is the elements of the memory beneath, gaps and all, which the text does not know.
            "Length" when type.Name == "ArrayView1D" && Strides(type).Count == 0 => extent,
            "IntLength" when type.Name == "ArrayView1D" && Strides(type).Count == 0 => Narrow(extent),
            "IsValid" => ViewProperty(Member(view, type, "BaseView"), property, instance.Syntax),
            "IntExtent" when ofExtent.IsDialect("LongIndex1D") => Narrow(extent),
            "IntExtent" => MakeStruct(types.Resolve(property.Type), ofExtent.Axes()
                .Select(axis => Narrow(extent.Member(axis.ToString()))), instance.Syntax),
            _ => null,
        };
    }

    IReadOnlyList<StructField> Strides(ITypeSymbol view) => unit.Fields(((INamedTypeSymbol)view).TypeArguments[1]);

    static Expression IndexSize(Expression index, ITypeSymbol type) =>
        new(string.Join(" * ", type.Axes().Select(axis => index.Member(axis.ToString()).Text)), Precedence.Multiply);

    static Expression ViewProperty(Expression view, IPropertySymbol property, SyntaxNode where) => property.Name switch
    {
        "Length" when property.ContainingType.SpecialType == SpecialType.System_Array =>
            new($"(int){Grouped(view.Length!)}", Precedence.Unary),
        "Length" => new(view.Length!, char.IsLetterOrDigit(view.Length![0]) && !view.Length.Contains(' ')
            ? Precedence.Primary : Precedence.Conditional),
        "IntLength" => new($"(int){Grouped(view.Length!)}", Precedence.Unary),
        "IsValid" => new($"{Grouped(view.Length!)} > 0", Precedence.Relation),
        _ => throw new UnsupportedException(Unsupported.Call, where,
            property.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)),
    };

    static string Grouped(string text) => text.Contains(' ') ? $"({text})" : text;

    /// <summary>SubView and Cast: the pointer moved, the length told anew.</summary>
    internal Expression ViewCall(IntrinsicCall call)
    {
        var view = Expression(((IInvocationOperation)call.Operation).Instance!);
        if (call.Method.Name == "Cast")
        {
            var (from, to) = (unit.TypeName(call.Method.ContainingType.TypeArguments[0], "", call.Syntax),
                unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax));
            return new($"({Target.Pointer(to, view.Spaces[0])}){view.Within(Precedence.Unary)}", Precedence.Unary)
            {
                Spaces = view.Spaces,
                Length = $"{Grouped(view.Length!)} * (int)sizeof({from}) / (int)sizeof({to})",
            };
        }
        var start = call.Passed(0);
        return new($"{view.Within(Precedence.Add)} + {start.Within(Precedence.Multiply)}", Precedence.Add)
        {
            Spaces = view.Spaces,
            Length = call.Arguments.Count > 1
                ? call.Passed(1).Text : $"{Grouped(view.Length!)} - {start.Within(Precedence.Multiply)}",
        };
    }

    internal Expression DynamicShared(IntrinsicCall call)
    {
        unit.UsesDynamicShared = true;
        if (Target.SharedBelongsToEntry) function.Need(HiddenParameter.Dynamic);
        var element = unit.TypeName(call.Method.TypeArguments[0], "", call.Syntax);
        var space = Target.Distinguish(Space.Shared);
        return new($"({Target.Pointer(element, space)})dynamic_shared", Precedence.Unary)
        {
            Spaces = space.ToString(),
            Length = $"dynamic_shared_bytes / (int)sizeof({element})",
        };
    }

    /// <summary>
    /// A reduction, scan or vote: its name in the prelude, with scratch memory where the target has no other way.
    /// </summary>
    internal Expression Collective(string name, IEnumerable<string> arguments)
    {
        if (Target.SharedBelongsToEntry)
        {
            function.Need(HiddenParameter.Scratch);
            arguments = arguments.Concat([HiddenParameter.Scratch.Names]);
        }
        return new($"{name}({string.Join(", ", arguments)})");
    }

    internal Expression Reduction(IntrinsicCall call, string kind)
    {
        var (element, operation) = (call.Method.TypeArguments[0], (INamedTypeSymbol)call.Method.TypeArguments[1]);
        var type = unit.TypeName(element, "", call.Syntax);
        var name = operation.Name;
        string apply, identity;
        if (operation.IsDialect())
        {
            // Add, Max and Min of the dialect; AddFloat, MaxInt32, ... of ILGPU's.
            var kindOf = name.Substring(0, 3);
            apply = (kindOf, element.IsFloating()) switch
            {
                ("Add", _) => "Add_Apply",
                ("Max", true) => "XMath_Max",
                ("Max", false) => "Int_Max",
                ("Min", true) => "XMath_Min",
                ("Min", false) => "Int_Min",
                _ => throw new UnsupportedException(Unsupported.Call, call.Syntax, name),
            };
            identity = kindOf == "Add" ? Zero(element) : Limit(element, kindOf == "Min", call.Syntax).Text;
        }
        else
        {
            var method = operation.GetMembers("Apply").OfType<IMethodSymbol>().First();
            apply = unit.Function(method, "", call.Syntax).Name;
            identity = unit.Function(operation.GetMembers("Identity").OfType<IPropertySymbol>().First().GetMethod!, "",
                call.Syntax).Name + "()";
        }
        return Collective(unit.Collective(kind, type, Symbols.StructName(operation), apply, identity),
            [call.Argument(0).Text]);
    }

    /// <summary>The largest or least value of a type, infinite where it can be.</summary>
    internal Expression Limit(ITypeSymbol type, bool largest, SyntaxNode where) => type.SpecialType switch
    {
        SpecialType.System_Single =>
            Literals.Of(largest ? float.PositiveInfinity : float.NegativeInfinity, type, Target),
        SpecialType.System_Double =>
            Literals.Of(largest ? double.PositiveInfinity : double.NegativeInfinity, type, Target),
        SpecialType.System_Int32 => Literals.Of(largest ? int.MaxValue : int.MinValue, type, Target),
        SpecialType.System_UInt32 => Literals.Of(largest ? uint.MaxValue : uint.MinValue, type, Target),
        SpecialType.System_Int64 => Literals.Of(largest ? long.MaxValue : long.MinValue, type, Target),
        SpecialType.System_UInt64 => Literals.Of(largest ? ulong.MaxValue : ulong.MinValue, type, Target),
        _ => throw new UnsupportedException(Unsupported.Type, where, type.ToDisplayString()),
    };

    internal Expression ZeroValue(ITypeSymbol type) => new(Zero(type));

    /// <summary>What intrinsics may ask of the translation around them.</summary>
    internal sealed record IntrinsicCall(
        FunctionTranslator Translator, IOperation Operation, IMethodSymbol Method, ITypeSymbol Owner,
        List<IArgumentOperation> Arguments)
    {
        List<Expression>? arguments;

        public SyntaxNode Syntax => Operation.Syntax;

        public TranslationUnit Unit => Translator.unit;

        public Target Target => Translator.Target;

        public Expression Argument(int index) =>
            Translator.Conflict(Arguments) ? (arguments ??= Translator.ArgumentsInOrder(Arguments, Translated))[index]
                : Translated(Arguments[index]);

        Expression Translated(IArgumentOperation argument) => argument.Parameter!.RefKind switch
        {
            RefKind.Ref => Translator.Reference(argument.Value),
            RefKind.Out => Translator.Written(argument.Value),
            _ => Translator.Expression(argument.Value),
        };

        /// <summary>A view to whose elements it writes.</summary>
        public Expression WrittenView(int index)
        {
            var view = Argument(index);
            Unit.Marks.Write(view.Spaces[0]);
            return view;
        }

        /// <summary>The argument where C converts it by itself.</summary>
        public Expression Passed(int index) => Translator.Converted(Arguments[index].Value);

        public ITypeSymbol ArgumentType(int index) => Translator.types.Resolve(Arguments[index].Value.Type!);

        public Expression Cast(Expression value, ITypeSymbol from, ITypeSymbol to) =>
            Translator.Cast(value, from, to, Syntax);

        public IEnumerable<string> Texts() => Enumerable.Range(0, Arguments.Count).Select(i => Argument(i).Text);
    }
}
