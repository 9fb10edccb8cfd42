using System.CommandLine;
using LdNetGpu.Cli.Commands;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Mpi;
using LdNetGpu.Train;

namespace LdNetGpu.Cli;

/// <summary>From arguments to exit code: parse, run, and turn every failure into one message and a code.</summary>
public static class LdnetProgram
{
    /// <summary>The process: the console, Ctrl-C and SIGTERM.</summary>
    public static int Run(string[] args)
    {
        // Open MPI gives each rank a terminal of its own, whatever mpirun writes to: no bar is drawn there, and nothing
        // of what .NET says to terminals comes before the results.
        if (Launcher.IsPresent) Environment.SetEnvironmentVariable("TERM", "dumb");
        Console.SetError(StandardStreams.IsClosed(StandardStreams.Error)
            ? TextWriter.Null : new LastingWriter(Console.Error));
        if (StandardStreams.IsClosed(StandardStreams.Output))
            return Failure.Report(new UserException("standard output is closed: results have nowhere to go. Send them "
                + "to /dev/null if they are not wanted."), Console.Error);
        using var interruption = new Interruption(Console.Error);
        return Run(args, StandardOutput.Open(), Console.Error, interruption.Token);
    }

    /// <summary>The same inside another program.</summary>
    /// <param name="args">As on the command line.</param>
    /// <param name="output">Results.</param>
    /// <param name="messages">Progress and errors.</param>
    /// <param name="cancellation">Asked once a training step; cancelled: save and leave.</param>
    /// <param name="observer">Told how far training, evaluation and tagging are, besides what is shown.</param>
    public static int Run(
        string[] args, TextWriter output, TextWriter messages, CancellationToken cancellation = default,
        IProgress<WorkProgress>? observer = null)
    {
        var root = RootProgram.Command;
        var parsed = root.Parse(args);
        var asksForHelp = parsed.Action is System.CommandLine.Help.HelpAction or HelpWithExamples;
        if (!asksForHelp && (parsed.Errors.Count > 0 || UsageError.UnknownOptions(parsed).Any()))
            return ReportUsage(parsed, messages);
        try
        {
            var code = parsed.Invoke(
                new Invocation { Output = output, Error = messages, Cancellation = cancellation, Observer = observer });
            output.Flush();
            return code;
        }
        catch (Exception error) when (!Debugging)
        {
            StandardOutput.TryFlush(output);
            return Failure.Report(error, messages, parsed);
        }
    }

    // Of processes that train together all have the same command line.
    static int ReportUsage(ParseResult parsed, TextWriter messages)
    {
        if (parsed.CommandResult.Command.Options.Contains(CommonOptions.RankTimeout))
            UnjoinedRank.Tell(ExitCode.BadUsage, _ => UsageError.Report(parsed, messages));
        else UsageError.Report(parsed, messages);
        return ExitCode.BadUsage;
    }

    // A developer's switch: exceptions fly, with stack trace.
    static bool Debugging => Environment.GetEnvironmentVariable("LDNET_DEBUG") == "1";
}
