using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LdNetGpu.Bench;

/// <summary>A network device whose packets this process reads and writes, in a network namespace. Linux.</summary>
sealed unsafe partial class TunDevice : IDisposable
{
    const int ReadWrite = 2, CloseOnExecute = 0x80000, NewNet = 0x40000000, NameLength = 16;
    // TUNSETIFF; IFF_TUN | IFF_NO_PI: IP packets and nothing around them.
    const nuint SetInterface = 0x400454ca;
    const short PacketsAlone = 0x1001;

    readonly SafeFileHandle handle;

    TunDevice(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Opens a device that <c>ip tuntap add</c> has made.</summary>
    /// <param name="space">Namespace's name.</param>
    /// <param name="name">Device's name.</param>
    /// <exception cref="Win32Exception">It is not there, or may not be opened.</exception>
    public static TunDevice Open(string space, string name)
    {
        TunDevice? opened = null;
        Exception? error = null;
        // A thread of its own, which enters the namespace and ends there.
        var thread = new Thread(() =>
        {
            try
            {
                using var entry = File.OpenHandle($"/var/run/netns/{space}");
                Check(EnterNamespace(entry.DangerousGetHandle().ToInt32(), NewNet), $"setns {space}");
                opened = Open(name);
            }
            catch (Exception problem)
            {
                error = problem;
            }
        });
        thread.Start();
        thread.Join();
        return opened ?? throw new IOException($"{space}/{name}: {error!.Message}", error);
    }

    /// <summary>Waits for a packet.</summary>
    /// <returns>Its bytes; 0 where the device is gone.</returns>
    public int Read(byte[] packet)
    {
        fixed (byte* place = packet)
            return (int)Math.Max(0, Read(handle, place, (nuint)packet.Length));
    }

    /// <summary>Hands a packet on; it is lost where the other side has no room.</summary>
    public void Write(byte[] packet)
    {
        fixed (byte* place = packet) Write(handle, place, (nuint)packet.Length);
    }

    public void Dispose() => handle.Dispose();

    static TunDevice Open(string name)
    {
        var handle = new SafeFileHandle(Open("/dev/net/tun", ReadWrite | CloseOnExecute), ownsHandle: true);
        if (handle.IsInvalid) throw new Win32Exception();
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        System.Text.Encoding.ASCII.GetBytes(name, new Span<byte>(request, NameLength - 1));
        *(short*)(request + NameLength) = PacketsAlone;
        Check(Control(handle, SetInterface, request), $"TUNSETIFF {name}");
        return new(handle);
    }

    static void Check(int code, string call)
    {
        if (code >= 0) return;
        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(int file, int kind);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, byte* place, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, byte* place, nuint length);
}
