using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Train.Commands;

/// <summary>Kernels by what a user calls them: a whole name, as 'ldnet kernels list' prints it, or a part of it.</summary>
static class KernelNames
{
    /// <summary>The kernel of this name, else all that have it in theirs.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static IReadOnlyList<KernelInstance> Like(string wanted)
    {
        if (KernelCatalog.All.FirstOrDefault(kernel => kernel.Name == wanted) is { } exact) return [exact];
        var like = KernelCatalog.All.Where(kernel => kernel.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
        return like.Length > 0
            ? like
            : throw new UserException($"{wanted}: no kernel has that in its name; 'ldnet kernels list' shows all {KernelCatalog.All.Count}.");
    }

    /// <summary>The only kernel that is meant.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    public static KernelInstance One(string wanted) => Like(wanted) is [var only]
        ? only
        : throw new UserException($"{wanted}: {Like(wanted).Count} kernels have that in their names: " +
            $"{string.Join(", ", Like(wanted).Take(8).Select(kernel => kernel.Name))}{(Like(wanted).Count > 8 ? ", ..." : "")}. Give the whole name.");
}
