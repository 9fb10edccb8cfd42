using System.CommandLine;
using System.Reflection;
using System.Runtime.Loader;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Cli.OwnCode;

/// <summary>An assembly that somebody else has built: the file of <c>--from</c>.</summary>
sealed class OwnAssembly
{
    readonly FileInfo file;
    readonly Assembly assembly;

    OwnAssembly(FileInfo file, Assembly assembly) => (this.file, this.assembly) = (file, assembly);

    /// <summary>The file's own, without its folder.</summary>
    public string Name => file.Name;

    /// <summary>An option that names the file.</summary>
    /// <param name="description">What of it is used, and in whose place.</param>
    public static Option<FileInfo?> Option(string description) => new("--from")
    {
        Description = description, HelpName = "FILE.dll",
    };

    /// <exception cref="UserException">There is none, or it cannot be loaded; says why.</exception>
    public static OwnAssembly Load(FileInfo file) => file.Exists
        ? new(file, Guarded(file, () => new Neighbours(file.FullName).LoadFromAssemblyPath(file.FullName)))
        : throw new UserException($"--from {file}: no such file. Build the project, and name its .dll.");

    /// <summary>What is in it.</summary>
    /// <exception cref="UserException">It was built with other packages than the program's; says why.</exception>
    public T Read<T>(Func<Assembly, T> read) => Guarded(file, () => read(assembly));

    /// <summary>It has not got what is needed.</summary>
    /// <param name="problem">What is missing, and what to do.</param>
    public UserException Lacking(string problem) => new($"--from {file}: {problem}");

    static T Guarded<T>(FileInfo file, Func<T> read)
    {
        try
        {
            return read();
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
