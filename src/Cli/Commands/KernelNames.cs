using System.CommandLine;
using System.Reflection;
using System.Runtime.Loader;
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
    public static Option<FileInfo?> From() => new("--from")
    {
        Description = "An assembly with kernels of your own, built with the packages; the library's by default.",
        HelpName = "FILE.dll",
    };

    /// <summary>The kernels of an assembly; the library's for null.</summary>
    /// <exception cref="UserException">It cannot be loaded, or has none; says why.</exception>
    public static KernelNames Of(FileInfo? file)
    {
        if (file is null) return Library;
        if (!file.Exists)
            throw new UserException($"--from {file}: no such file. Build the project, and name its .dll.");
        try
        {
            var catalogs = new Neighbours(file.FullName).LoadFromAssemblyPath(file.FullName).GetExportedTypes()
                .Where(type => type.Name == nameof(KernelCatalog)).ToList();
            var kernels = catalogs.Select(type => type.GetProperty(nameof(KernelCatalog.All))?.GetValue(null))
                .OfType<IReadOnlyList<KernelInstance>>().SelectMany(all => all).ToList();
            return kernels.Count > 0 ? new(kernels, $"{file.Name} has") : throw new UserException(
                $"--from {file}: no kernels. A project has them by [Kernel] methods and the package LdNetGpu.Kernels.");
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException or FileNotFoundException
            or TypeLoadException or MissingMemberException or TargetInvocationException or IOException
            or UnauthorizedAccessException)
        {
            var reason = error.InnerException?.InnerException ?? error.InnerException ?? error;
            throw new UserException($"--from {file}: cannot be loaded: {reason.Message} Build it with the packages of "
                + $"this version, {typeof(KernelInstance).Assembly.GetName().Version?.ToString(3)}.", error);
        }
    }

    /// <summary>
    /// The kernel of this name, else those of this class and method, else of this method, else all that have it in
    /// their names.
    /// </summary>
    /// <exception cref="UserException">There is none.</exception>
    public IReadOnlyList<KernelInstance> Matching(string wanted)
    {
        Func<KernelInstance, bool>[] closestFirst =
        [
            kernel => Same(kernel.Name, wanted), kernel => Same(Method(kernel), wanted),
            kernel => Same(Method(kernel).Split('.')[^1], wanted),
            kernel => kernel.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase),
        ];
        foreach (var matches in closestFirst)
            if (All.Where(matches).ToArray() is { Length: > 0 } found) return found;
        throw new UserException($"{wanted}: no kernel has that in its name; {Whose} {All.Count}.");
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

    /// <summary>
    /// What an assembly needs lies beside it; what the program has itself, as the kernels' types, is the program's.
    /// </summary>
    sealed class Neighbours(string file) : AssemblyLoadContext(file)
    {
        readonly AssemblyDependencyResolver resolver = new(file);

        protected override Assembly? Load(AssemblyName name) =>
            File.Exists(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll")) ? null
            : resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
