using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Output;

/// <summary>The typed methods by which the host names and launches a kernel.</summary>
static class LaunchMethod
{
    const string Gpu = "global::LdNetGpu.Devices.Gpu.", Dialect = "global::LdNetGpu.Dialect.";

    public static string Of(KernelCandidate kernel, List<InstanceWriter> instances)
    {
        var method = kernel.Method;
        var overExtent = method.Parameters.Length > 0 && method.Parameters[0].Type.IsIndex();
        var access = Access(kernel);
        var (device, shape) = (Free("device"), Free(overExtent ? "extent" : "config"));
        string Free(string name) =>
            method.Parameters.Any(parameter => parameter.Name == name) ? Free(name + "_") : name;
        var generic = method.Arity > 0
            ? $"<{string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name))}>" : "";
        var parameters = new List<string>
        {
            $"{Gpu}GpuDevice {device}",
            $"{(overExtent ? Name(method.Parameters[0].Type) : Dialect + "LaunchConfig")} {shape}",
        };
        parameters.AddRange(method.Parameters.Skip(overExtent ? 1 : 0)
            .Select(
                parameter => $"{(parameter.Type.IsSpecialized() ? "int" : Name(parameter.Type))} @{parameter.Name}"));
        var arguments = LaunchParameters.Of(kernel.Compilation, method, shape).Select(Argument);
        var constraints = Constraints(method.TypeParameters);
        var launch =
            $"{device}.Launch({method.Name}Instance{generic}(), "
            + $"{(overExtent ? $"{Dialect}LaunchConfig.ForExtent({shape})" : shape)}, "
            + $"[{string.Join(", ", arguments)}]);";
        return $"    /// <summary>The kernel {method.Name}{(method.Arity > 0 ? " for these type "
            + "arguments" : "")}.</summary>\n"
            + $"    {access} static {Gpu}KernelInstance {method.Name}Instance{generic}(){constraints} =>\n"
            + $"        {Choice(method, instances)};\n\n"
            + $"    /// <summary>Queues the kernel {method.Name} on the device{(overExtent ? ", a lane for each index "
            + "of the extent" : "")}.</summary>\n"
            + $"    {access} static void Launch{method.Name}{generic}({string.Join(", ", parameters)}){constraints}"
            + "\n    {\n"
            + $"        global::System.ArgumentNullException.ThrowIfNull({device});\n"
            + $"        {launch}\n    }}\n\n";
    }

    /// <summary>As the kernel's, or as that of the types that its parameters name.</summary>
    public static string Access(KernelCandidate kernel) =>
        kernel.Method.DeclaredAccessibility == Accessibility.Public ? "public"
        : IsSeenOutside(kernel) ? "internal" : "private";

    public static string Constraints(IEnumerable<ITypeParameterSymbol> parameters) =>
        string.Concat(parameters.Select(Constraint));

    static string Constraint(ITypeParameterSymbol parameter)
    {
        var parts = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint) parts.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint) parts.Add("struct");
        parts.AddRange(parameter.ConstraintTypes.Select(Name));
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }

    // Whether the project sees the types that the launch names, as it sees the kernel's class.
    static bool IsSeenOutside(KernelCandidate kernel)
    {
        var method = kernel.Method;
        return method.Parameters.Select(parameter => parameter.Type)
            .Concat(method.TypeParameters.SelectMany(parameter => parameter.ConstraintTypes)).All(IsSeen);

        bool IsSeen(ITypeSymbol type) => type is not INamedTypeSymbol named
            || kernel.Compilation.IsSymbolAccessibleWithin(named, kernel.Compilation.Assembly)
                && named.TypeArguments.All(IsSeen);
    }

    static string Argument(LaunchParameter parameter) => parameter.Kind switch
    {
        LaunchKind.View => $"{Gpu}KernelArgument.View({parameter.Path})",
        LaunchKind.Specialized => $"{Gpu}KernelArgument.Specialized({parameter.Path})",
        _ when parameter.Type.SpecialType == SpecialType.System_Boolean =>
            $"{Gpu}KernelArgument.Scalar({parameter.Path})",
        _ => $"{Gpu}KernelArgument.Scalar(({Name(parameter.Type)}){parameter.Path})",
    };

    // A chain of type tests, which the JIT settles for each instance. Other types run on the managed device.
    static string Choice(IMethodSymbol method, List<InstanceWriter> instances)
    {
        if (method.Arity == 0) return instances[0].PropertyName;
        var tests = instances.Select(instance => string.Join(" && ", method.TypeParameters.Select((parameter, i) =>
            $"typeof({parameter.Name}) == typeof({Name(instance.Method.TypeArguments[i])})"))
            + $" ? {instance.PropertyName} : ");
        return string.Concat(tests) + $"{method.Name}Managed<"
            + $"{string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name))}>.Instance";
    }

    static string Name(ITypeSymbol type) => type.ToDisplayString(Symbols.FullyQualified);
}
