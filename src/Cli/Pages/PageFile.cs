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

    /// <summary>Before the work is done whose page it is to be.</summary>
    /// <exception cref="UserException">There is no folder for it.</exception>
    public static void RequireFolder(FileInfo file)
    {
        if (file.Directory is not { Exists: true })
            throw new UserException($"--html {file}: there is no folder {file.DirectoryName}. Make it first.");
    }

    /// <summary>Whole or not at all.</summary>
    /// <exception cref="UserException">It cannot be written; says why.</exception>
    public static void Write(FileInfo file, string page) =>
        AtomicFile.Write(file.FullName, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
}
