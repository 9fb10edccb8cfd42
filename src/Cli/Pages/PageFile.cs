using System.CommandLine;
using LdNetGpu.Devices;

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

    /// <exception cref="UserException">It cannot be written; says why.</exception>
    public static void Write(FileInfo file, string page)
    {
        try
        {
            File.WriteAllText(file.FullName, page);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"--html {file}: cannot be written: {error.Message.TrimEnd('.')}.", error);
        }
    }
}
