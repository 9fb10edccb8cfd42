using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>What a launch passes besides its extent: a parameter, or a member of one that is a struct.</summary>
/// <param name="Name">As the operation on tensors calls it: <c>gates</c>.</param>
/// <param name="Access">As the kernel reaches it: <c>step.Gates</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parameter">The kernel's parameter.</param>
sealed record Operand(string Name, string Access, ITypeSymbol Type, IParameterSymbol Parameter)
{
    /// <summary>What the operation on tensors calls its own variables.</summary>
    static readonly HashSet<string> HostNames =
        ["lanes", "rows", "extent", "outputs", "total", "accumulate", "backend", "input", "options"];

    /// <summary>The operands of a kernel, in their order, structs taken apart.</summary>
    public static IReadOnlyList<Operand> Of(KernelCandidate kernel)
    {
        var plain = new HashSet<string>(kernel.Method.Parameters.Select(parameter => parameter.Name));
        var parameters = kernel.Method.Parameters.Skip(1);
        List<Operand> operands = [.. parameters.SelectMany(parameter => Parts(kernel, parameter, plain))];
        foreach (var operand in operands)
            if (SyntaxFacts.GetKeywordKind(operand.Name) != SyntaxKind.None)
                throw Wrong(operand.Parameter, $"The parameter '{operand.Name}'", "its name is a word of C#",
                    "Rename it");
        foreach (var operand in operands)
            if (HostNames.Contains(operand.Name) || IsMemberOfFunction(kernel.Compilation, operand.Name))
                throw Wrong(operand.Parameter, $"The parameter '{operand.Name}'",
                    "the generated operation has a variable or a member of its name", "Rename it");
        return operands;
    }

    static bool IsMemberOfFunction(Compilation compilation, string name)
    {
        for (ITypeSymbol? type = compilation.GetTypeByMetadataName("LdNetGpu.Autograd.Function`1"); type is not null;
            type = type.BaseType)
            if (!type.GetMembers(name).IsEmpty) return true;
        return false;
    }

    static IEnumerable<Operand> Parts(KernelCandidate kernel, IParameterSymbol parameter, HashSet<string> taken)
    {
        if (!IsTakenApart(parameter)) return [new(parameter.Name, parameter.Name, parameter.Type, parameter)];
        var type = (INamedTypeSymbol)parameter.Type;
        var fields = StructLayout.Fields(kernel.Compilation, type);
        if (!type.IsPositional(fields))
            throw Wrong(parameter, $"The parameter '{parameter.Name}' of type '{type.ToDisplayString()}'",
                "the operation cannot put it together", "Make it a positional record struct");
        return fields.Select(field =>
        {
            var name = char.ToLowerInvariant(field.Name[0]) + field.Name.Substring(1);
            if (!taken.Add(name)) taken.Add(name = parameter.Name + field.Name);
            return new Operand(name, $"{parameter.Name}.{field.Name}", field.Type, parameter);
        });
    }

    /// <summary>Whether a parameter is a struct of operands.</summary>
    public static bool IsTakenApart(IParameterSymbol parameter) =>
        parameter.Type.IsStruct() && !parameter.Type.IsMemory() && !parameter.Type.IsIndex()
        && !IsMatrix(parameter.Type);

    /// <summary>A matrix of rows and columns, where its project sees its source.</summary>
    public static bool IsMatrix(ITypeSymbol type) => type.Name == "Matrix"
        && type.ContainingNamespace.ToDisplayString() == "LdNetGpu.Kernels.Views";

    public static UnsupportedException Wrong(IParameterSymbol parameter, string what, string reason, string remedy) =>
        new(DiagnosticInfo.At(Unsupported.AdjointForm, parameter.Locations[0], what, reason, remedy));
}
