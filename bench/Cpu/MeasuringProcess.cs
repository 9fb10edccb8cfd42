using System.Diagnostics;
using System.Text.Json;
using LdNetGpu.Devices;

namespace LdNetGpu.Bench;

/// <summary>
/// A process, ours or the peer's, that holds one row ready and measures it whenever it is its turn: it says
/// <see cref="Measurement.Ready"/> after its warm-up, then reads a line and prints a <see cref="Measurement"/>, again
/// and again until its input ends.
/// </summary>
sealed class MeasuringProcess : IDisposable
{
    /// <summary>
    /// Between turns, until the other side's idle threads, which spin for some milliseconds, have gone to sleep.
    /// </summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly Process process;
    readonly Task<string> errors;
    readonly string what;
    string lastComment = "";

    /// <summary>Starts the process and returns when it is ready.</summary>
    public MeasuringProcess(string what, string program, IEnumerable<string> arguments, string? preload = null)
    {
        this.what = what;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (preload is not null) start.Environment["LD_PRELOAD"] = preload;
        process = Process.Start(start)!;
        errors = process.StandardError.ReadToEndAsync();
        NextLine(line => line == Measurement.Ready);
    }

    public Measurement TakeTurn()
    {
        Thread.Sleep(Pause);
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        return JsonSerializer.Deserialize<Measurement>(NextLine(line => line.StartsWith('{')))!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    string NextLine(Predicate<string> isWanted)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (isWanted(line)) return line;
            lastComment = line;
        }
        process.WaitForExit();
        throw new UserException(
            $"{what}: exit {process.ExitCode}, {lastComment} {errors.Result.Trim().Split('\n')[^1]}");
    }
}
