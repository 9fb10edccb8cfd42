using System.Globalization;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Output;

/// <summary>The method by which the host asks for the values of a kernel's tunable parameters.</summary>
static class TunedMethod
{
    const string Gpu = "global::LdNetGpu.Devices.Gpu.";

    /// <summary>Empty for a kernel without tunable parameters.</summary>
    public static string Of(KernelCandidate kernel)
    {
        var method = kernel.Method;
        var tunable = Tunables.Parameters(method);
        if (tunable.Count == 0) return "";
        var specialized = method.Parameters.Where(parameter => parameter.Type.IsSpecialized()).ToList();
        var (device, sizes, values) = (Free("device"), Free("sizes"), Free("values"));
        string Free(string name) =>
            specialized.Any(parameter => parameter.Name == name) ? Free(name + "_") : name;
        var generic = method.Arity > 0
            ? $"<{string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name))}>" : "";
        var found = tunable.Select(parameter =>
            $"{values}[{specialized.IndexOf(parameter).ToString(CultureInfo.InvariantCulture)}]").ToList();
        var result = tunable.Count == 1 ? "int"
            : $"({string.Join(", ", tunable.Select(parameter => $"int @{parameter.Name}"))})";
        return $"    /// <summary>The values to launch {method.Name} with: tuned ones where the device has a record "
            + "for the others and this class of sizes, else those given.</summary>\n"
            + $"    {LaunchMethod.Access(kernel)} static {result} Tuned{method.Name}{generic}({Gpu}GpuDevice {device}, "
            + $"string {sizes}, {string.Join(", ", specialized.Select(parameter => $"int @{parameter.Name}"))})"
            + $"{LaunchMethod.Constraints(method.TypeParameters)}\n    {{\n"
            + $"        global::System.ArgumentNullException.ThrowIfNull({device});\n"
            + $"        global::System.Span<int> {values} = "
            + $"[{string.Join(", ", specialized.Select(parameter => "@" + parameter.Name))}];\n"
            + $"        {device}.Tuning.Apply({method.Name}Instance{generic}(), {sizes}, {values});\n"
            + $"        return {(found.Count == 1 ? found[0] : $"({string.Join(", ", found)})")};\n    }}\n\n";
    }
}
