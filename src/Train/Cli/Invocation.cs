using System.CommandLine;

namespace LdNetGpu.Train.Cli;

/// <summary>How the program was started: where results and messages go, and who may ask it to stop.</summary>
sealed class Invocation : InvocationConfiguration
{
    public Invocation()
    {
        EnableDefaultExceptionHandler = false;
        ProcessTerminationTimeout = null;
    }

    /// <summary>True from the moment on that the user wants the work saved and left.</summary>
    public Func<bool> StopRequested { get; init; } = () => false;
}
