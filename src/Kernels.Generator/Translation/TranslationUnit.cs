using System.Text;
using LdNetGpu.Devices.Gpu;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Targets;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// The text of one kernel instance for one target: the structs, functions and entry point, each after what it uses.
/// </summary>
sealed class TranslationUnit(Compilation compilation, Target target, Func<SyntaxTree, string> fileOf,
    CancellationToken cancellation)
{
    readonly StringBuilder declarations = new();
    readonly Dictionary<string, DeviceFunction?> functions = [];
    readonly Dictionary<string, string> structs = [];
    readonly HashSet<string> names = [], locals = [];
    int views;

    public Compilation Compilation => compilation;
    public Target Target => target;
    public CancellationToken Cancellation => cancellation;
    public KernelRequirements Requires { get; set; }
    public bool UsesDynamicShared { get; set; }
    public List<DiagnosticInfo> Diagnostics { get; } = [];

    /// <summary>
    /// What is done with the entry point's views, in order; null in the translation that finds it out.
    /// </summary>
    public IReadOnlyList<ViewAccess>? Views { get; init; }

    public ViewMarks Marks { get; } = new();

    public MemoryWriters Writers { get; } = new(compilation, cancellation);

    public SelfChangers SelfChangers { get; } = new(compilation, cancellation);

    /// <summary>The kind of memory of the entry point's next view.</summary>
    public (char Space, ViewAccess Access) NextView()
    {
        if (Views is null) return (Marks.Next(), ViewAccess.ReadWrite);
        var access = Views[views++];
        return (target.Distinguish(access == ViewAccess.ReadWrite ? Space.Global : Space.ReadOnly), access);
    }

    public string FileOf(SyntaxNode node) => fileOf(node.SyntaxTree);

    /// <summary>The whole text.</summary>
    public override string ToString() => declarations.ToString();

    public void Append(string text) => declarations.Append(text);

    public void Report(DiagnosticInfo diagnostic)
    {
        if (!Diagnostics.Contains(diagnostic)) Diagnostics.Add(diagnostic);
    }

    /// <summary>The name, or the name and a number where it is taken.</summary>
    public string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 2; !names.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>Whether a variable may have the name, which no struct has from then on.</summary>
    public bool IsFree(string local)
    {
        if (structs.ContainsValue(local)) return false;
        locals.Add(local);
        return true;
    }

    /// <summary>C's name for a number, enum or struct.</summary>
    public string TypeName(ITypeSymbol type, string spaces, SyntaxNode where)
    {
        var scalar = type.Scalar(compilation);
        if (scalar.IsPrimitive())
        {
            if (scalar.SpecialType == SpecialType.System_Double) Requires |= KernelRequirements.Double;
            return target.Number(scalar.SpecialType);
        }
        if (type.IsStruct()) return StructName((INamedTypeSymbol)type, spaces, where);
        throw Unsupported.NoType(type, where);
    }

    /// <summary>A variable as C declares it: a view is a pointer and a length.</summary>
    public IEnumerable<(string Type, string Name)> Variables(ITypeSymbol type, string name, string spaces,
        SyntaxNode where)
    {
        if (!type.IsView())
        {
            yield return (TypeName(type, spaces, where), name);
            yield break;
        }
        yield return (PointerTo(type.Element(), spaces[0], where), name);
        yield return (target.Number(SpecialType.System_Int64), name + "_length");
    }

    public string PointerTo(ITypeSymbol element, char space, SyntaxNode where) =>
        target.Pointer(TypeName(element, "", where), space);

    public IReadOnlyList<StructField> Fields(ITypeSymbol type) =>
        StructLayout.Fields(compilation, (INamedTypeSymbol)type);

    public int Pointers(ITypeSymbol type) => StructLayout.Pointers(compilation, type);

    /// <summary>The function that a method becomes, translated on the first call.</summary>
    public DeviceFunction Function(IMethodSymbol method, string spaces, SyntaxNode caller)
    {
        var key = method.ToDisplayString(Symbols.Key) + "|" + spaces;
        if (functions.TryGetValue(key, out var known))
            return known ?? throw new UnsupportedException(Unsupported.Recursion, caller, method.Name);
        functions[key] = null;
        var function = new DeviceFunction(Unique(Symbols.FunctionName(method) + Suffix(spaces)));
        try
        {
            Append(new FunctionTranslator(this, method, function, spaces).Function());
            return functions[key] = function;
        }
        finally
        {
            // One that was refused is no recursion where it is called again.
            if (functions[key] is null) functions.Remove(key);
        }
    }

    /// <summary>
    /// The name of a collective of the prelude for one type and operation; its definition is a line of its own.
    /// </summary>
    public string Collective(string kind, string type, string operation, string apply, string identity)
    {
        var name = $"{kind}_{operation}";
        if (names.Add(name)) Append($"DEFINE_{kind}({name}, {type}, {apply}, {identity})\n");
        return name;
    }

    string StructName(INamedTypeSymbol type, string spaces, SyntaxNode where)
    {
        if (type.IsOfPrelude()) return type.Name;
        var key = type.ToDisplayString(Symbols.Key) + "|" + spaces;
        if (structs.TryGetValue(key, out var known)) return known;
        if (type.DeclaringSyntaxReferences.Length == 0 && !type.IsTupleType && !type.IsDialect() || type.IsForeign())
            throw Unsupported.NoType(type, where);
        if (!type.IsDialect() && StructLayout.Special(type) is { } layout)
            throw new UnsupportedException(Unsupported.Layout, where, type.ToDisplayString(), layout);
        if (StructLayout.Filtered(type, cancellation) is { } property)
            throw new UnsupportedException(Unsupported.StructMembers, where, type.Name,
                $"the accessors of '{property.Name}' do more than to pass its field on");
        // A reference to a struct that holds views has lost where they lead.
        if (spaces.Length != Pointers(type))
            throw new UnsupportedException(Unsupported.ReferenceTarget, where, where.ToString());
        var name = Names.Free(Symbols.StructName(type) + Suffix(spaces));
        while (locals.Contains(name)) name += "_";
        name = Unique(name);
        structs[key] = name;
        var fields = new List<(string Type, string Name)>();
        var next = 0;
        foreach (var field in Fields(type))
        {
            var pointers = Pointers(field.Type);
            fields.AddRange(Variables(field.Type, field.Text, spaces.Substring(next, pointers), where));
            next += pointers;
        }
        // C has no struct without fields; C#'s has a byte.
        var members = fields.Count == 0 ? " char nothing;"
            : string.Concat(fields.Select(field => $" {field.Type} {field.Name};"));
        Append($"typedef struct {{{members} }} {name};\n");
        var value = fields.Any(field => field.Name == "value") ? "made_value" : "value";
        var (taken, held) = fields.Count == 0 ? ("void", "0")
            : (string.Join(", ", fields.Select(field => $"{field.Type} {field.Name}")),
                string.Join(", ", fields.Select(field => field.Name)));
        Append($"{target.Function}{name} make_{name}({taken}) "
            + $"{{ {name} {value} = {{{held}}}; return {value}; }}\n");
        return name;
    }

    // Global memory goes without saying.
    static string Suffix(string spaces) =>
        spaces.Any(space => space is not (Space.Global or Space.Generic))
            ? "_" + string.Join("_", spaces.Select(Space.Name)) : "";
}
