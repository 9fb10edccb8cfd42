using System.Diagnostics;

namespace LdNetGpu.Tests.Distributed;

/// <summary>A disk of few bytes in a folder, which is full as disks are; what is on it goes with it.</summary>
sealed class SmallDisk : IDisposable
{
    readonly string folder;

    SmallDisk(string folder) => this.folder = folder;

    /// <summary>Skips the test where this process may not mount; fails it where CI runs it as root.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="kibibytes">Of the disk.</param>
    public static SmallDisk Mount(string folder, int kibibytes)
    {
        Directory.CreateDirectory(folder);
        var problem = OperatingSystem.IsLinux()
            ? Problem("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", folder) : "of Linux alone";
        if (problem is null) return new(folder);
        if (Environment.GetEnvironmentVariable("LDNET_REQUIRE_DRIVERS") == "1" && Environment.IsPrivilegedProcess)
            Assert.Fail($"LDNET_REQUIRE_DRIVERS=1, this is root, and no tmpfs can be mounted: {problem}");
        Assert.Skip($"no tmpfs can be mounted to be filled: {problem}");
        throw new UnreachableException();
    }

    /// <summary>Makes room.</summary>
    public void GrowTo(int kibibytes) =>
        Assert.Null(Problem("mount", "-o", $"remount,size={kibibytes}k", folder));

    public void Dispose() => Assert.Null(Problem("umount", folder));

    static string? Problem(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said.Trim();
    }
}
