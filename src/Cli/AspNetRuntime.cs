using System.Runtime.InteropServices;
using System.Runtime.Loader;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli;

/// <summary>
/// ASP.NET's shared framework, which the program does not name in its runtimeconfig.json: only <c>serve</c> needs it,
/// and .NET would start no command where it is not installed. Its assemblies are found beside .NET's own.
/// </summary>
static class AspNetRuntime
{
    const string Framework = "Microsoft.AspNetCore.App", Assembly = "Microsoft.AspNetCore";

    static bool isFound;

    /// <summary>Lets its assemblies be found; to be called before a method that uses them is compiled.</summary>
    /// <exception cref="UserException">It is not installed.</exception>
    public static void Find()
    {
        // A program with its own runtime has them among its files.
        if (isFound || IsAmongOwn()) return;
        var runtime = Path.GetDirectoryName(
            RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar));
        var all = Path.Combine(Path.GetDirectoryName(runtime) ?? "", Framework);
        var folder = Newest(all) ?? throw new UserException(
            $"serve needs ASP.NET Core {Wanted}, which is not installed beside this .NET: {all} has no such version. "
            + "Install the package aspnetcore-runtime of that version, or the SDK, which has it; see "
            + "https://dotnet.microsoft.com/download.");
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file)
                ? context.LoadFromAssemblyPath(file) : null;
        isFound = true;
    }

    static string Wanted => Environment.Version.ToString(2);

    static bool IsAmongOwn() => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string own
        && own.Contains($"{Path.DirectorySeparatorChar}{Assembly}.dll", StringComparison.Ordinal);

    // One that is not newer than .NET itself, where there is one: the two are released together.
    static string? Newest(string all) => !Directory.Exists(all) ? null : Directory.EnumerateDirectories(all)
        .Select(folder => (Folder: folder, Version: VersionOf(folder)))
        .Where(one => one.Version?.ToString(2) == Wanted)
        .OrderBy(one => one.Version <= Environment.Version).ThenBy(one => one.Version).LastOrDefault().Folder;

    static Version? VersionOf(string folder) =>
        Version.TryParse(Path.GetFileName(folder), out var version) ? version : null;
}
