using System.CommandLine;
using LdNetGpu.Train;

namespace LdNetGpu.Cli;

/// <summary>How the program was started: where results and messages go, and who may ask it to stop.</summary>
sealed class Invocation : InvocationConfiguration
{
    public Invocation()
    {
        EnableDefaultExceptionHandler = false;
        ProcessTerminationTimeout = null;
    }

    /// <summary>Cancelled when the user wants the work saved and left.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Told of the library's work besides the user.</summary>
    public IProgress<WorkProgress>? Observer { get; init; }
}
