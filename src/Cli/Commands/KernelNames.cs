using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Kernels by what a user calls them: a whole name, as 'ldnet kernels list' prints it, with type arguments or without,
/// or a part of it.
/// </summary>
static class KernelNames
{
    /// <summary>
    /// The kernel of this name, else those of this class and method, else all that have it in their names.
    /// </summary>
    /// <exception cref="UserException">There is none.</exception>
    public static IReadOnlyList<KernelInstance> Matching(string wanted)
    {
        Func<KernelInstance, bool>[] closestFirst =
        [
            kernel => Same(kernel.Name, wanted), kernel => Same(Method(kernel), wanted),
            kernel => kernel.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (var matches in closestFirst)
            if (KernelCatalog.All.Where(matches).ToArray() is { Length: > 0 } found) return found;
        throw new UserException(
            $"{wanted}: no kernel has that in its name; 'ldnet kernels list' shows all {KernelCatalog.All.Count}.");
    }

    /// <summary>The only kernel that is meant: of one method's instances, that of floats.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    public static KernelInstance One(string wanted)
    {
        var matching = Matching(wanted);
        if (matching.Count > 1 && matching.DistinctBy(Method).Count() == 1)
            matching = [.. matching.Where(kernel => kernel.Name.Contains("<float", StringComparison.Ordinal))];
        return matching is [var only]
            ? only
            : throw new UserException($"{wanted}: {matching.Count} kernels have that in their names: " +
                $"{string.Join(", ", matching.Take(8).Select(kernel => kernel.Name))}"
                + $"{(matching.Count > 8 ? ", ..." : "")}. Give the whole name.");
    }

    static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // Class and method, without type arguments.
    static string Method(KernelInstance kernel) => kernel.Name.Split('<')[0];
}
