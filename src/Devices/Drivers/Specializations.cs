using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Drivers;

/// <summary>A launch's specialised values, which a compiler knows as constants.</summary>
static class Specializations
{
    /// <summary>In the order of the kernel's parameters.</summary>
    /// <exception cref="ArgumentException">One is missing.</exception>
    public static int[] Values(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        var values = new List<int>();
        foreach (var argument in arguments)
            if (argument.Kind == KernelParameterKind.Specialized) values.Add(argument.Value<int>());
        var wanted = Parameters(kernel).ToArray();
        return values.Count >= wanted.Length
            ? [.. values]
            : throw new ArgumentException($"{LaunchText.Of(kernel)}: no value for {wanted[values.Count].Name}.");
    }

    /// <summary>As the compilers of texts take them: <c>-DSPEC_width=3</c>.</summary>
    /// <inheritdoc cref="Values"/>
    public static string[] Macros(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments) =>
        [.. Parameters(kernel).Zip(Values(kernel, arguments), Macro)];

    static string Macro(KernelParameter parameter, int value) => Invariant($"-D{parameter.Macro}={value}");

    static IEnumerable<KernelParameter> Parameters(KernelInstance kernel) =>
        kernel.Parameters.Where(parameter => parameter.Kind == KernelParameterKind.Specialized);
}
