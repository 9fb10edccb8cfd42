namespace LdNetGpu.Cli;

/// <summary>What the program tells the shell.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>Input, a file or a setting is at fault; the message says which.</summary>
    public const int UserFault = 1;

    /// <summary>The command line itself makes no sense.</summary>
    public const int BadUsage = 2;

    /// <summary>A defect of the program.</summary>
    public const int InternalError = 70;

    /// <summary>Ctrl-C or SIGTERM; what can be resumed is saved.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read standard output has closed it; as of a program that SIGPIPE ends.</summary>
    public const int OutputClosed = 141;
}
