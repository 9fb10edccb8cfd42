using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LdNetGpu.Devices;

/// <summary>What the system does to files and .NET does not tell of.</summary>
static unsafe partial class HostFile
{
    // The file has no disk behind it: a pipe, a device.
    const int InvalidArgument = 22, NotSupportedLinux = 95, NotSupportedMac = 45;

    /// <summary>
    /// Waits until the disk has all that was written to an open file. .NET's own way does the same and passes over a
    /// disk that failed (measured on .NET 10: EIO and ENOSPC from fsync went unnoticed); and what failed once is not
    /// told a second time, so this must be the only call.
    /// </summary>
    /// <exception cref="IOException">The disk did not take it; what the file holds is not known.</exception>
    public static void Synchronize(SafeHandle file)
    {
        if (OperatingSystem.IsWindows()) return;
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            Marshal.SetLastSystemError(0);
            if (Fsync((int)file.DangerousGetHandle()) == 0) return;
            var error = Marshal.GetLastSystemError();
            if (error is InvalidArgument or NotSupportedLinux or NotSupportedMac) return;
            throw new IOException($"the disk did not take it: {new Win32Exception(error).Message}", error);
        }
        finally
        {
            if (isHeld) file.DangerousRelease();
        }
    }

    // As the program sees it and not as libc has it: what stands before libc, to log or to fail, is before this too.
    static readonly delegate* unmanaged<int, int> Fsync = OperatingSystem.IsWindows() ? null
        : (delegate* unmanaged<int, int>)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "fsync");

    /// <summary>
    /// Whether something may still read what is written to an open file: false where the other end of a pipe was
    /// closed.
    /// </summary>
    /// <param name="descriptor">The system's number of the file.</param>
    public static bool HasReader(int descriptor)
    {
        if (OperatingSystem.IsWindows()) return true;
        var asked = new Asked { Descriptor = descriptor, Events = 0, Found = 0 };
        return Poll(ref asked, 1, 0) <= 0 || (asked.Found & (Failed | HungUp)) == 0;
    }

    // POLLERR is what a pipe without a reader has on Linux, POLLHUP on macOS.
    const short Failed = 8, HungUp = 16;

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Asked files, nuint count, int milliseconds);

    /// <summary>The system's pollfd.</summary>
    struct Asked
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
