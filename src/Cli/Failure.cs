using System.CommandLine;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Cli;

/// <summary>Says what went wrong without a stack trace.</summary>
static class Failure
{
    /// <param name="error">What ended the command.</param>
    /// <param name="output">Where people are told.</param>
    /// <param name="command">The command line, whose options advice may name; null: all of them.</param>
    public static int Report(Exception error, TextWriter output, ParseResult? command = null)
    {
        if (error is OperationCanceledException) return ExitCode.Interrupted;
        if (StandardOutput.IsClosed(error)) return ExitCode.OutputClosed;
        // Another rank tells people.
        if (error is RankFailedException { IsReported: true }) return ExitCode.UserFault;
        if (UserMessage(error, command) is { } message)
        {
            output.WriteLine("error: " + Printable.Of(message));
            return ExitCode.UserFault;
        }
        output.WriteLine($"internal error: {error.GetType().Name}: {Printable.Of(OneLine(error.Message))} " +
            "This is a defect of ldnet: please report it; LDNET_DEBUG=1 shows where.");
        return ExitCode.InternalError;
    }

    /// <summary>What the user can mend, in words; null where it is a defect.</summary>
    public static string? UserMessage(Exception error, ParseResult? command) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => UserMessage(only, command),
        UserException user => Advice.After(user, command),
        FileNotFoundException { FileName: { } file } => $"{file}: no such file.",
        DirectoryNotFoundException => error.Message,
        IOException io when FileOperations.IsDiskFull(io) =>
            $"{OneLine(io.Message).TrimEnd('.')}. Free some space and start again; what was saved before is intact.",
        IOException or UnauthorizedAccessException => OneLine(error.Message),
        InvalidDataException => OneLine(error.Message),
        OutOfMemoryException => "not enough memory for what was to be read or computed at once. Divide the input, or "
            + "give the process more.",
        _ => null,
    };

    static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
