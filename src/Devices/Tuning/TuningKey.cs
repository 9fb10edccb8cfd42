using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Devices.Tuning;

/// <summary>What tuned values are of; elsewhere they say nothing.</summary>
public sealed record TuningKey
{
    internal TuningKey(string kernel, string text, string flags, string driver, string device, string sizes) =>
        (Kernel, Text, Flags, Driver, Device, Sizes) = (kernel, text, flags, driver, device, sizes);

    /// <summary>As <see cref="KernelInstance.Name"/> has it.</summary>
    public string Kernel { get; internal init; }

    /// <summary>SHA-256 of the kernel's text with its prelude, without its references to C# lines.</summary>
    public string Text { get; internal init; }

    /// <summary>The compiler's, with the values of specialised parameters that are not tunable.</summary>
    public string Flags { get; internal init; }

    /// <summary>The driver and its version.</summary>
    public string Driver { get; internal init; }

    /// <summary>The device's name.</summary>
    public string Device { get; internal init; }

    /// <summary>The class of sizes that the launch is of; empty where the kernel has one alone.</summary>
    public string Sizes { get; internal init; }

    /// <summary>A name for all of it, of hexadecimal digits.</summary>
    public string Hash => CompiledKernelCache.Key("tuning 1", Kernel, Text, Flags, Driver, Device, Sizes);

    /// <summary>Of a text. A line that moved in its file is no other text.</summary>
    internal static string HashOf(string text) => CompiledKernelCache.Key(string.Join('\n',
        text.Split('\n').Where(line => !line.StartsWith("#line ", StringComparison.Ordinal))));

    /// <summary>Options, and the macros of the specialised values that are not tuned.</summary>
    internal static string FlagsOf(string options, KernelInstance kernel, ReadOnlySpan<int> specialized)
    {
        var next = 0;
        foreach (var parameter in kernel.Parameters)
            if (parameter.Kind == KernelParameterKind.Specialized)
            {
                var value = specialized[next++];
                if (parameter.Candidates.Count == 0) options += Invariant($" -D{parameter.Macro}={value}");
            }
        return options;
    }

    /// <summary>The first part that differs, in words; null where none does.</summary>
    internal string? DifferenceFrom(TuningKey here) =>
        Kernel != here.Kernel ? $"kernel {Kernel}, and here it is {here.Kernel}"
        : Device != here.Device ? $"device '{Device}', and here it is '{here.Device}'"
        : Driver != here.Driver ? $"'{Driver}', and here it is '{here.Driver}'"
        : Text != here.Text ? $"another text of {Kernel}: the kernel, or what is translated with it, was changed"
        : Flags != here.Flags ? $"flags '{Flags}', and here they are '{here.Flags}'"
        : Sizes != here.Sizes ? $"sizes '{Sizes}', and here they are '{here.Sizes}'" : null;
}
