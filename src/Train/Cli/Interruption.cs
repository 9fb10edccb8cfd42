using System.Runtime.InteropServices;

namespace LdNetGpu.Train.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the work to save and leave; the second is not caught and ends the process.
/// </summary>
sealed class Interruption : IDisposable
{
    readonly PosixSignalRegistration[] registrations;
    volatile bool isRequested;

    public Interruption(TextWriter messages)
    {
        void Handle(PosixSignalContext context)
        {
            if (isRequested) return;
            context.Cancel = true;
            messages.WriteLine("interrupted: leaving after this step; once more ends at once.");
            isRequested = true;
        }
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>True after the first signal.</summary>
    public bool IsRequested => isRequested;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
    }
}
