using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Targets;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>One method body as C. Statements, expressions and calls are in files of their own.</summary>
sealed partial class FunctionTranslator
{
    readonly TranslationUnit unit;
    readonly IMethodSymbol method;
    readonly DeviceFunction function;
    readonly string spaces;
    readonly TypeMap types;
    readonly SyntaxNode syntax;
    readonly EffectsReader effects;
    readonly Dictionary<ISymbol, Expression> variables = new(SymbolEqualityComparer.Default);
    readonly HashSet<string> names = [];
    readonly List<string> prologue = [];
    readonly CodeWriter writer = new();
    bool isEntry;
    int conditional;

    public FunctionTranslator(TranslationUnit unit, IMethodSymbol method, DeviceFunction function, string spaces)
    {
        (this.unit, this.method, this.function, this.spaces) = (unit, method, function, spaces);
        types = TypeMap.Of(unit.Compilation, method);
        syntax = method.DeclaringSyntaxReferences[0].GetSyntax(unit.Cancellation);
        effects = new(types, unit.Compilation.GetSemanticModel(syntax.SyntaxTree)
            .GetOperation(syntax, unit.Cancellation), unit.Writers);
    }

    Target Target => unit.Target;

    /// <summary>The method as a device function.</summary>
    public string Function()
    {
        var parameters = new List<string>();
        var next = 0;
        if (HasSelf(method)) parameters.Add(Self(ref next));
        foreach (var parameter in method.Parameters) parameters.AddRange(Parameter(parameter, ref next));
        var result = ResultType();
        var body = Body();
        parameters.AddRange(function.Hidden.Select(hidden => hidden.Declaration));
        return Assemble($"{Target.Function}{result()} {function.Name}({string.Join(", ", parameters)})", body);
    }

    /// <summary>The method as an entry point: parameters flattened, put together again inside.</summary>
    public string EntryPoint()
    {
        isEntry = true;
        var parameters = new List<string>();
        var setup = new List<string>();
        foreach (var parameter in method.Parameters)
        {
            var type = types.Resolve(parameter.Type);
            var name = Local(parameter.Name);
            if (type.IsIndex() && parameter.Ordinal == 0) Extent(parameter, name, parameters, setup);
            else if (type.IsSpecialized())
                variables[parameter.OriginalDefinition] = new("SPEC_" + Names.Plain(parameter.Name));
            else variables[parameter.OriginalDefinition] = Flatten(type, name, parameters, setup, syntax);
        }
        var body = Body();
        foreach (var hidden in function.Hidden)
            if (hidden.EntryLine.Length > 0) setup.Add(hidden.EntryLine);
            else parameters.Add(hidden.Declaration);
        return Assemble($"{Target.Entry}{function.Name}({string.Join(", ", parameters)})", body, setup);
    }

    string Assemble(string header, string body, IEnumerable<string>? setup = null)
    {
        var start = (syntax as MethodDeclarationSyntax)?.Identifier.GetLocation() ?? syntax.GetLocation();
        var text = new CodeWriter();
        text.At(unit.FileOf(syntax), start.GetLineSpan().StartLinePosition.Line + 1);
        text.Open(header + " {");
        foreach (var line in setup ?? []) text.Line(line);
        return text + body + "}\n\n";
    }

    string Body()
    {
        var model = unit.Compilation.GetSemanticModel(syntax.SyntaxTree);
        writer.Indent();
        switch (model.GetOperation(syntax, unit.Cancellation))
        {
            case IMethodBodyOperation { BlockBody: { } block }: Statements(block); break;
            case IMethodBodyOperation { ExpressionBody: { } arrow }: Statements(arrow); break;
            case IConstructorBodyOperation constructor: Constructor(constructor); break;
            case IBlockOperation block: Statements(block); break;
            case null when method.MethodKind == MethodKind.Constructor: Constructor(null); break;
            default: throw new UnsupportedException(Unsupported.Call, syntax, method.Name);
        }
        return writer.ToString();
    }

    Func<string> ResultType()
    {
        if (method.MethodKind == MethodKind.Constructor) return () => unit.TypeName(method.ContainingType, "", syntax);
        if (method.ReturnsVoid) return () => "void";
        var type = types.Resolve(method.ReturnType);
        if (type.IsView()) throw new UnsupportedException(Unsupported.ViewResult, syntax, method.Name);
        if (!method.ReturnsByRef && !method.ReturnsByRefReadonly)
            return () => unit.TypeName(type, function.ResultSpaces, syntax);
        function.ReturnsReference = true;
        return () => unit.PointerTo(type, function.ReferenceSpace, syntax);
    }

    /// <summary>
    /// Whether a method works on a value of its struct; structs without fields are not passed around.
    /// </summary>
    bool HasSelf(IMethodSymbol called) => !called.IsStatic && called.MethodKind != MethodKind.Constructor
        && unit.Fields(called.ContainingType).Count > 0;

    /// <summary>Whether the value may change, so that its address is passed.</summary>
    static bool SelfByReference(IMethodSymbol called) => !called.IsReadOnly && !called.ContainingType.IsReadOnly;

    string Self(ref int next)
    {
        var type = method.ContainingType;
        var held = spaces.Substring(next, unit.Pointers(type));
        next += held.Length;
        if (!SelfByReference(method))
        {
            variables[type] = new("self") { Spaces = held };
            return unit.TypeName(type, held, syntax) + " self";
        }
        var home = spaces[next++];
        variables[type] = new("*self", Precedence.Unary) { Spaces = held, Home = home };
        return Target.Pointer(unit.TypeName(type, held, syntax), home) + " self";
    }

    IEnumerable<string> Parameter(IParameterSymbol parameter, ref int next)
    {
        var type = types.Resolve(parameter.Type);
        var name = Local(parameter.Name);
        var held = spaces.Substring(next, unit.Pointers(type));
        next += held.Length;
        if (parameter.RefKind is RefKind.Ref or RefKind.Out)
        {
            if (type.IsView()) throw new UnsupportedException(Unsupported.ReferenceTarget, syntax, parameter.Name);
            var home = spaces[next++];
            variables[parameter.OriginalDefinition] = new("*" + name, Precedence.Unary) { Spaces = held, Home = home };
            return [$"{Target.Pointer(unit.TypeName(type, held, syntax), home)} {name}"];
        }
        variables[parameter.OriginalDefinition] = Variable(type, name, held);
        return [.. unit.Variables(type, name, held, syntax).Select(variable => $"{variable.Type} {variable.Name}")];
    }

    static Expression Variable(ITypeSymbol type, string name, string held) =>
        new(name) { Spaces = held, Length = type.IsView() ? name + "_length" : null };

    void Extent(IParameterSymbol parameter, string name, List<string> parameters, List<string> setup)
    {
        var axes = parameter.Type.Axes();
        foreach (var axis in axes) parameters.Add($"int extent_{axis}");
        var positions = axes.Select(axis => $"Grid_Global{axis}").ToArray();
        if (axes.Length == 1) setup.Add($"int {name} = {positions[0]};");
        else
        {
            var type = unit.TypeName(parameter.Type, "", syntax);
            setup.Add($"{type} {name} = make_{type}({string.Join(", ", positions)});");
        }
        setup.Add(
            $"if ({string.Join(" || ",
                axes.Select(axis => (axes.Length == 1 ? name : $"{name}.{axis}") + $" >= extent_{axis}"))}) return;");
        variables[parameter.OriginalDefinition] = new(name);
    }

    Expression Flatten(ITypeSymbol type, string name, List<string> parameters, List<string> setup, SyntaxNode where)
    {
        if (type.IsView())
        {
            var (space, access) = unit.NextView();
            parameters.Add(Target.ViewParameters(unit.TypeName(type.Element(), "", where), name, access));
            if (Target.ViewSetup(name) is { Length: > 0 } line) setup.Add(line);
            return new(name) { Spaces = space.ToString(), Length = name + "_length" };
        }
        if (!type.IsStruct())
        {
            var number = type.SpecialType == SpecialType.System_Boolean ? "int" : unit.TypeName(type, "", where);
            parameters.Add($"{number} {name}");
            return new(name);
        }
        var values = unit.Fields(type)
            .Select(field => Flatten(field.Type, $"{name}_{field.Text}", parameters, setup, where)).ToList();
        var held = string.Concat(values.Select(value => value.Spaces));
        var structName = unit.TypeName(type, held, where);
        setup.Add($"{structName} {name} = make_{structName}({string.Join(", ", values.Select(Pass))});");
        return new(name) { Spaces = held };
    }

    /// <summary>A value as an argument.</summary>
    static string Pass(Expression value) => value.Length is { } length ? $"{value.Text}, {length}" : value.Text;

    string Local(string name)
    {
        var wanted = Names.Escape(name);
        var local = wanted;
        for (var i = 2; !unit.IsFree(local) || !names.Add(local); i++) local = $"{wanted}_{i}";
        return local;
    }

    string Temporary(string type, Expression value)
    {
        var name = Local("value");
        Before($"{type} {name} = {value.Text};");
        return name;
    }

    /// <summary>A line that must run before the statement being translated.</summary>
    void Before(string line)
    {
        if (conditional > 0)
            throw new UnsupportedException(Unsupported.Expression, current!.Syntax, current.Syntax.ToString());
        prologue.Add(line);
    }
}
