using System.Diagnostics;

namespace LdNetGpu.Bench;

/// <summary>Runs a program to its end.</summary>
static class ChildProcess
{
    /// <summary>Exit status, lines of standard output, and seconds from start to end.</summary>
    public sealed record Outcome(int Status, string[] Lines, double Seconds);

    /// <summary>Null where there is no such program.</summary>
    /// <param name="preload">A library that the loader takes before all others; none where null.</param>
    public static Outcome? Run(string program, IEnumerable<string> arguments, string? preload = null)
    {
        var information = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        if (preload is not null) information.Environment["LD_PRELOAD"] = preload;
        var start = Stopwatch.GetTimestamp();
        Process? process;
        try
        {
            process = Process.Start(information);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        using (process)
        {
            // Read, for a full pipe would stop the process.
            var errors = process!.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new(process.ExitCode, lines, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }
}
