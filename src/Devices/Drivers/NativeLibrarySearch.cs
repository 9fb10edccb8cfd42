using System.Runtime.InteropServices;

namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// Looks for a native library at run time: the path in an environment variable alone, where that is set, else each
/// candidate in turn. Every attempt is kept, so that "not found" can say where.
/// </summary>
sealed class NativeLibrarySearch
{
    readonly List<LibraryAttempt> attempts = [];

    /// <param name="library">What people call it: <c>OpenCL loader</c>.</param>
    /// <param name="variable">Environment variable with a path that replaces the candidates.</param>
    /// <param name="candidates">Bare names and paths, best first.</param>
    public NativeLibrarySearch(string library, string variable, IEnumerable<string> candidates)
    {
        (Library, Variable) = (library, variable);
        foreach (var place in Environment.GetEnvironmentVariable(variable) is { Length: > 0 } chosen
            ? [chosen] : candidates)
        {
            var problem = Try(place, out var handle);
            attempts.Add(new(place, problem));
            if (problem is not null) continue;
            (Place, Handle) = (place, handle);
            break;
        }
    }

    public string Library { get; }

    public string Variable { get; }

    public bool Found => Place is not null;

    /// <summary>Where it was found.</summary>
    public string? Place { get; }

    /// <summary>The library itself; 0 where it was not found.</summary>
    internal nint Handle { get; }

    public IReadOnlyList<LibraryAttempt> Attempts => attempts;

    /// <summary>Every place tried and why each failed, one a line.</summary>
    public string Describe() => string.Join(Environment.NewLine,
        attempts.Select(attempt => $"  {attempt.Place}: {attempt.Problem ?? "found"}"));

    /// <summary>Address of a function.</summary>
    /// <exception cref="UserException">The library is not there, or too old to have this function.</exception>
    public nint Export(string function)
    {
        if (!Found)
            throw new UserException(
                $"No {Library} found. Tried:{Environment.NewLine}{Describe()}{Environment.NewLine}" +
                $"Set {Variable} to its path if it is elsewhere.");
        return NativeLibrary.TryGetExport(Handle, function, out var address)
            ? address
            : throw new UserException(
                $"{Place}: has no function {function}. It is no {Library}, or one that is too old: set {Variable} to "
                + "the path of another, or install a newer one.");
    }

    /// <summary>Address of a function; false without the library, or where it has no such function.</summary>
    internal bool TryExport(string function, out nint address)
    {
        address = 0;
        return Found && NativeLibrary.TryGetExport(Handle, function, out address);
    }

    static string? Try(string place, out nint handle)
    {
        handle = 0;
        if (Path.IsPathRooted(place) && !Path.Exists(place)) return "no such file";
        try
        {
            handle = NativeLibrary.Load(place);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return Reason(error.Message, place);
        }
    }

    // .NET lists every variation of the name that it tried; the line that starts with the name itself says what the
    // system said.
    static string Reason(string message, string place)
    {
        var line = message.Split('\n').FirstOrDefault(line => line.StartsWith(place + ": ", StringComparison.Ordinal));
        return line is null ? message.ReplaceLineEndings(" ").Trim() : line[(place.Length + 2)..].Trim();
    }
}
