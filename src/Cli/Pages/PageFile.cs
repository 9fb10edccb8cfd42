using System.CommandLine;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Pages;

/// <summary>The file of <c>--html</c>.</summary>
static class PageFile
{
    /// <summary>An option that names it.</summary>
    public static Option<FileInfo?> Option(string description) => new("--html")
    {
        Description = description, HelpName = "FILE",
    };

    /// <inheritdoc cref="OutputFile.RequireFolder"/>
    public static void RequireFolder(FileInfo file) => OutputFile.RequireFolder("--html", file.ToString());

    /// <summary>Whole or not at all.</summary>
    /// <exception cref="UserException">It cannot be written; says why.</exception>
    public static void Write(FileInfo file, string page) =>
        AtomicFile.Write(file.FullName, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
}
