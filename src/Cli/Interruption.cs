using System.Diagnostics;
using System.Runtime.InteropServices;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the work to leave; what has nothing to save and does not, because it waits for a
/// pipe or is in the midst of something long, is ended within a second. Training leaves after its step, saved. The
/// second signal is not caught and ends the process.
/// </summary>
sealed class Interruption : IDisposable
{
    // Time to leave in order, after the last moment at which there was something to save.
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    readonly PosixSignalRegistration[] registrations;
    readonly CancellationTokenSource source = new();
    readonly TextWriter messages;
    readonly Func<bool> savesWork;
    readonly Action<int> exit;
    volatile bool isOver;

    /// <param name="messages">Standard error.</param>
    public Interruption(TextWriter messages) : this(messages, () => UnsavedWork.Exists, Environment.Exit)
    {
    }

    /// <param name="messages">Told of the signal.</param>
    /// <param name="savesWork">Whether ending now would lose work.</param>
    /// <param name="exit">Ends the process with a code.</param>
    internal Interruption(TextWriter messages, Func<bool> savesWork, Action<int> exit)
    {
        (this.messages, this.savesWork, this.exit) = (messages, savesWork, exit);
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, context =>
        {
            if (source.IsCancellationRequested) return;
            context.Cancel = true;
            Interrupt();
        }));
    }

    /// <summary>What runs tells of its interruption itself, where its events go, or another rank does.</summary>
    public static bool IsToldByWork { get; set; }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        isOver = true;
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }

    /// <summary>What the first signal does.</summary>
    internal void Interrupt()
    {
        new Thread(EndUnlessSaving) { IsBackground = true, Name = "ldnet interruption" }.Start();
        if (!IsToldByWork) messages.WriteLine("interrupted: leaving after this step; once more ends at once.");
        source.Cancel();
    }

    void EndUnlessSaving()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Grace; Thread.Sleep(Look))
        {
            if (isOver) return;
            if (savesWork()) clock.Restart();
        }
        // A bar that was drawn leaves the terminal without its cursor.
        if (!Console.IsErrorRedirected) messages.Write("\e[?25h");
        if (!isOver) exit(ExitCode.Interrupted);
    }
}
