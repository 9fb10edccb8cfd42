using System.CommandLine;
using LdNetGpu.Cli.OwnCode;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Kernels by what a user calls them: a whole name, as 'ldnet kernels list' prints it, with type arguments or without,
/// or a part of it.
/// </summary>
/// <param name="All">Among which they are looked for.</param>
/// <param name="Whose">Of the project's own or of a file, for messages.</param>
sealed record KernelNames(IReadOnlyList<KernelInstance> All, string Whose)
{
    /// <summary>The library's own.</summary>
    public static KernelNames Library { get; } = new(KernelCatalog.All, "'ldnet kernels list' shows");

    /// <summary>An option for kernels that somebody else has built.</summary>
    public static Option<FileInfo?> From() => OwnAssembly.Option(
        "An assembly with kernels of your own, built with the packages; the library's by default.");

    /// <summary>The kernels of an assembly; the library's for null.</summary>
    /// <exception cref="UserException">It cannot be loaded, or has none; says why.</exception>
    public static KernelNames Of(FileInfo? file)
    {
        if (file is null) return Library;
        var assembly = OwnAssembly.Load(file);
        var kernels = assembly.Read(loaded => loaded.GetExportedTypes()
            .Where(type => type.Name == nameof(KernelCatalog))
            .Select(type => type.GetProperty(nameof(KernelCatalog.All))?.GetValue(null))
            .OfType<IReadOnlyList<KernelInstance>>().SelectMany(all => all).ToList());
        return kernels.Count > 0 ? new(kernels, $"{file.Name} has") : throw assembly.Lacking(
            "no kernels. A project has them by [Kernel] methods and the package LdNetGpu.Kernels.");
    }

    /// <summary>
    /// The kernel of this name, else those of this class and method, else of this method, else all that have it in
    /// their names.
    /// </summary>
    /// <exception cref="UserException">There is none.</exception>
    public IReadOnlyList<KernelInstance> Matching(string wanted) => Find(wanted) is { Count: > 0 } found ? found
        : throw new UserException($"{wanted}: no kernel has that in its name; {Whose} {All.Count}.");

    /// <summary>As <see cref="Matching"/>; empty where there is none.</summary>
    public IReadOnlyList<KernelInstance> Find(string wanted)
    {
        Func<KernelInstance, bool>[] closestFirst =
        [
            kernel => Same(kernel.Name, wanted), kernel => Same(Method(kernel), wanted),
            kernel => Same(Method(kernel).Split('.')[^1], wanted),
            kernel => kernel.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (var matches in closestFirst)
            if (All.Where(matches).ToArray() is { Length: > 0 } found) return found;
        return [];
    }

    /// <summary>The only kernel that is meant: of one method's instances, that of floats.</summary>
    /// <exception cref="UserException">There is none, or more than one.</exception>
    public KernelInstance One(string wanted)
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
