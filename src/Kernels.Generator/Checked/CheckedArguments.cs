using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>The arguments of a launch put together again to the kernel's own parameters, as C# expressions.</summary>
sealed class CheckedArguments(Compilation compilation)
{
    int next, structs;

    /// <summary>Statements that must run before the values are used.</summary>
    public string Preparation { get; private set; } = "";

    public string Value(IParameterSymbol parameter)
    {
        if (parameter.Ordinal != 0 || !parameter.Type.IsIndex()) return Value(parameter.Type);
        next += parameter.Type.Axes().Length;
        return $"lane.Global{parameter.Type.Name}";
    }

    string Value(ITypeSymbol type)
    {
        var name = Name(type);
        if (type.IsSpecialized()) return $"new {name}(arguments.Scalar<int>({next++}))";
        if (type.IsView()) return $"arguments.View<{Name(type.Element())}>({next++})";
        if (type.SpecialType == SpecialType.System_Boolean) return $"arguments.Bool({next++})";
        return type.IsStruct() ? Struct((INamedTypeSymbol)type, name)
            : $"({name})arguments.Scalar<{Name(type.Scalar(compilation))}>({next++})";
    }

    string Struct(INamedTypeSymbol type, string name)
    {
        var layout = StructLayout.Fields(compilation, type);
        var fields = layout.Select(field => (field.Name, field.IsReadOnly, Value: Value(field.Type))).ToList();
        if (type.IsTupleType) return $"({string.Join(", ", fields.Select(field => field.Value))})";
        // ILGPU's strides of several axes take an index.
        if (type.IsDialect() && type.Name == "General" && fields.Count > 1)
            return $"new {name}(new global::ILGPU.Index{fields.Count}D("
                + $"{string.Join(", ", fields.Select(field => field.Value))}))";
        if (type.IsPositional(layout)) return $"new {name}({string.Join(", ", fields.Select(field => field.Value))})";
        // A struct without such a constructor has its fields set one by one; a read-only one is reached by its address.
        var variable = $"struct{structs++}__";
        var settable = fields.Where(field => !field.IsReadOnly).Select(field => $"@{field.Name} = {field.Value}");
        Preparation += $"var {variable} = new {name} {{ {string.Join(", ", settable)} }}; ";
        foreach (var field in fields.Where(field => field.IsReadOnly))
            Preparation += $"global::System.Runtime.CompilerServices.Unsafe.AsRef(in {variable}.@{field.Name}) "
                + $"= {field.Value}; ";
        return variable;
    }

    static string Name(ITypeSymbol type) => type.ToDisplayString(Symbols.FullyQualified);
}
