using LdNetGpu.Train;

namespace LdNetGpu.Cli;

/// <summary>From arguments to exit code: parse, run, and turn every failure into one message and a code.</summary>
public static class LdnetProgram
{
    /// <summary>The process: the console, Ctrl-C and SIGTERM.</summary>
    public static int Run(string[] args)
    {
        Console.SetError(new LastingWriter(Console.Error));
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
        var root = RootProgram.Build();
        var parsed = root.Parse(args);
        var asksForHelp = parsed.Action is System.CommandLine.Help.HelpAction or HelpWithExamples;
        if (parsed.Errors.Count > 0 && !asksForHelp) return UsageError.Report(parsed, messages);
        try
        {
            var code = parsed.Invoke(
                new Invocation { Output = output, Error = messages, Cancellation = cancellation, Observer = observer });
            output.Flush();
            return code;
        }
        catch (Exception error) when (!Debugging)
        {
            return Failure.Report(error, messages, parsed);
        }
    }

    // A developer's switch: exceptions fly, with stack trace.
    static bool Debugging => Environment.GetEnvironmentVariable("LDNET_DEBUG") == "1";
}
