using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Devices.Gpu;

/// <summary>Holds launches to what <see cref="Dialect.NoAliasAttribute"/> promises to the devices' compilers.</summary>
static class AliasCheck
{
    /// <exception cref="ArgumentException">A view that promises no alias shares memory with one that is
    /// written.</exception>
    public static void Check(KernelInstance kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        var count = Math.Min(arguments.Length, kernel.Parameters.Count);
        for (var i = 0; i < count; i++)
        {
            if (kernel.Parameters[i].Access != ViewAccess.ReadUnaliased) continue;
            for (var j = 0; j < count; j++)
                if (kernel.Parameters[j].Access == ViewAccess.ReadWrite && Overlap(arguments[i], arguments[j]))
                    throw new ArgumentException(
                        $"{LaunchText.Of(kernel)}: {kernel.Parameters[j].Name} is written and shares memory with " +
                        $"{kernel.Parameters[i].Name}, which is marked [NoAlias]. Pass a copy.", nameof(arguments));
        }
    }

    static bool Overlap(in KernelArgument one, in KernelArgument other) =>
        one.Memory is { } memory && memory == other.Memory
        && one.Offset * one.ElementSize < (other.Offset + other.Length) * other.ElementSize
        && other.Offset * other.ElementSize < (one.Offset + one.Length) * one.ElementSize;
}
