using System.Runtime.InteropServices;

namespace LdNetGpu.Train.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the work to save and leave; the second is not caught and ends the process.
/// </summary>
public sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource source = new();
    readonly PosixSignalRegistration[] registrations;

    public Interruption(TextWriter messages)
    {
        Current = this;
        void Handle(PosixSignalContext context)
        {
            if (source.IsCancellationRequested) return;
            context.Cancel = true;
            messages.WriteLine("interrupted: saving and leaving; once more ends at once.");
            source.Cancel();
        }
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>The one that is listening; null in a process that called a command without it.</summary>
    public static Interruption? Current { get; private set; }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        Current = null;
        source.Dispose();
    }
}
