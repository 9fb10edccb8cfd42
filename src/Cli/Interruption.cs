using System.Runtime.InteropServices;

namespace LdNetGpu.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the work to save and leave; the second is not caught and ends the process.
/// </summary>
sealed class Interruption : IDisposable
{
    readonly PosixSignalRegistration[] registrations;
    readonly CancellationTokenSource source = new();

    public Interruption(TextWriter messages)
    {
        void Handle(PosixSignalContext context)
        {
            if (source.IsCancellationRequested) return;
            context.Cancel = true;
            messages.WriteLine("interrupted: leaving after this step; once more ends at once.");
            source.Cancel();
        }
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
