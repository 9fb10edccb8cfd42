using System.Diagnostics;

namespace LdNetGpu.Bench;

/// <summary>Runs a program to its end.</summary>
static class ChildProcess
{
    /// <summary>Exit status, lines of standard output, last line of standard error, and seconds from start to end.</summary>
    public sealed record Outcome(int Status, string[] Lines, string Error, double Seconds);

    /// <summary>Null where there is no such program.</summary>
    public static Outcome? Run(string program, params IEnumerable<string> arguments)
    {
        var information = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
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
            var errors = process!.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new(process.ExitCode, Lines(output), Lines(errors.Result).LastOrDefault() ?? "", Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
