using System.Globalization;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli;

/// <summary>
/// Standard input, output and error of a program that was started without one of them (<c>&lt;&amp;-</c> in a shell).
/// Its number goes to the first thing that the process opens: measured on .NET 10, a pipe of the runtime's own, from
/// which reading waits for ever, and into which nothing should be written.
/// </summary>
static class StandardStreams
{
    public const int Input = 0, Output = 1, Error = 2;

    // O_CLOEXEC: .NET opens all of its files so. What a program is started with is never so, or it would be closed.
    const long ClosedByExec = 1 << 19;

    const string Descriptors = "/proc/self/fdinfo";

    /// <summary>
    /// Whether the process was started without it; false on systems that do not tell, which are all but Linux.
    /// </summary>
    public static bool IsClosed(int descriptor)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Descriptors)) return false;
        var file = $"{Descriptors}/{descriptor.ToString(CultureInfo.InvariantCulture)}";
        return !File.Exists(file) || File.ReadLines(file).Any(IsOwn);
    }

    /// <summary>Standard input.</summary>
    /// <exception cref="UserException">It is closed.</exception>
    public static Stream OpenInput() => IsClosed(Input)
        ? throw new UserException("standard input is closed. Name a file, or send the text there.")
        : Console.OpenStandardInput();

    static bool IsOwn(string line) => line.StartsWith("flags:", StringComparison.Ordinal)
        && (Convert.ToInt64(line["flags:".Length..].Trim(), 8) & ClosedByExec) != 0;
}
