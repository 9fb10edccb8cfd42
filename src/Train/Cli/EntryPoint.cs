using System.CommandLine;

namespace LdNetGpu.Train.Cli;

/// <summary>From arguments to exit code: parse, run, and turn every failure into one message and a code.</summary>
public static class EntryPoint
{
    public static int Run(string[] args)
    {
        var root = RootProgram.Build();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not (System.CommandLine.Help.HelpAction or HelpWithExamples)) return UsageError.Report(parsed, Console.Error);
        using var interruption = new Interruption(Console.Error);
        try
        {
            var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            Console.Out.Flush();
            return interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : code;
        }
        catch (Exception error) when (!Debugging)
        {
            return Failure.Report(error, interruption.Token.IsCancellationRequested, Console.Error);
        }
    }

    // A developer's switch: exceptions fly, with stack trace.
    static bool Debugging => Environment.GetEnvironmentVariable("LDNET_DEBUG") == "1";
}
