using System.CommandLine;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli;

/// <summary>Says what went wrong without a stack trace.</summary>
static class Failure
{
    const int NoSpaceUnix = 28;
    const int QuotaExceededLinux = 122;
    const int DiskFullWindows = unchecked((int)0x80070070);

    /// <param name="error">What ended the command.</param>
    /// <param name="output">Where people are told.</param>
    /// <param name="command">The command line, whose options advice may name; null: all of them.</param>
    public static int Report(Exception error, TextWriter output, ParseResult? command = null)
    {
        if (error is OperationCanceledException) return ExitCode.Interrupted;
        if (StandardOutput.IsClosed(error)) return ExitCode.OutputClosed;
        if (UserMessage(error, command) is { } message)
        {
            output.WriteLine("error: " + message);
            return ExitCode.UserFault;
        }
        output.WriteLine($"internal error: {error.GetType().Name}: {OneLine(error.Message)} " +
            "This is a defect of ldnet: please report it; LDNET_DEBUG=1 shows where.");
        return ExitCode.InternalError;
    }

    /// <summary>True where a write failed for want of space on the disk.</summary>
    public static bool IsDiskFull(IOException error) =>
        error.HResult is NoSpaceUnix or QuotaExceededLinux or DiskFullWindows;

    static string? UserMessage(Exception error, ParseResult? command) => error switch
    {
        AggregateException { InnerExceptions: [var only] } => UserMessage(only, command),
        UserException user => Advice.After(user, command),
        FileNotFoundException { FileName: { } file } => $"{file}: no such file.",
        DirectoryNotFoundException => error.Message,
        IOException io when IsDiskFull(io) =>
            $"{OneLine(io.Message)} Free some space and start again; what was saved before is intact.",
        IOException or UnauthorizedAccessException => OneLine(error.Message),
        InvalidDataException => OneLine(error.Message),
        OutOfMemoryException => "not enough memory for what was to be read or computed at once. Divide the input, or "
            + "give the process more.",
        _ => null,
    };

    static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
