using System.Runtime.InteropServices;

namespace LdNetGpu.Devices.Mpi;

/// <summary>Sleeps shorter than .NET's own, whose least is a millisecond.</summary>
static unsafe partial class ShortSleep
{
    /// <summary>Gives the core to others for at least so long; a signal may end it before.</summary>
    /// <param name="microseconds">Below a million.</param>
    public static void Microseconds(int microseconds)
    {
        var wanted = new TimeSpec(0, microseconds * 1000);
        NanoSleep(&wanted, null);
    }

    [StructLayout(LayoutKind.Sequential)]
    readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);

    [DllImport("libc", EntryPoint = "nanosleep")]
    static extern int NanoSleep(TimeSpec* wanted, TimeSpec* left);
}
