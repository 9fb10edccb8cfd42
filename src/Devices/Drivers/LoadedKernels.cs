using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// The kernels that a device has compiled, one for each set of an instance's specialised values. Looking one up
/// allocates nothing.
/// </summary>
/// <typeparam name="TLoaded">A kernel as the driver knows it.</typeparam>
sealed class LoadedKernels<TLoaded> where TLoaded : class
{
    // An instance meets few sets of values in a program, so these are compared one by one.
    readonly Dictionary<KernelInstance, List<(int[] Values, TLoaded Kernel)>> compilations = [];

    /// <param name="instance">The kernel that is launched.</param>
    /// <param name="arguments">Of a launch; its specialised values count, the others are passed over.</param>
    /// <param name="kernel">Its compilation for these values.</param>
    public bool TryFind(KernelInstance instance, ReadOnlySpan<KernelArgument> arguments, [NotNullWhen(true)]
        out TLoaded? kernel)
    {
        if (compilations.TryGetValue(instance, out var known))
            foreach (var (values, compiled) in known)
                if (Match(arguments, values))
                {
                    kernel = compiled;
                    return true;
                }
        kernel = null;
        return false;
    }

    public void Add(KernelInstance instance, ReadOnlySpan<KernelArgument> arguments, TLoaded kernel)
    {
        var values = new List<int>();
        foreach (var argument in arguments)
            if (argument.Kind == KernelParameterKind.Specialized) values.Add(argument.Value<int>());
        if (!compilations.TryGetValue(instance, out var known)) compilations[instance] = known = [];
        known.Add(([.. values], kernel));
    }

    /// <summary>Takes everything out.</summary>
    public IReadOnlyList<TLoaded> Clear()
    {
        var all = compilations.Values.SelectMany(known => known, (_, compilation) => compilation.Kernel).ToArray();
        compilations.Clear();
        return all;
    }

    static bool Match(ReadOnlySpan<KernelArgument> arguments, int[] values)
    {
        var met = 0;
        foreach (ref readonly var argument in arguments)
        {
            if (argument.Kind != KernelParameterKind.Specialized) continue;
            if (met == values.Length || argument.Value<int>() != values[met]) return false;
            met++;
        }
        return met == values.Length;
    }
}
