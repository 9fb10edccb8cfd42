using System.Runtime.InteropServices;

namespace LdNetGpu.Devices;

/// <summary>
/// Memory of the process outside the garbage-collected heap. Where the system has them on request (Linux, "madvise"), a
/// large piece gets pages of 2 MiB: a matrix whose rows are read a few columns at a time touches another page every
/// row, and with small ones each of them costs a walk of the page table, in a virtual machine a long one.
/// </summary>
static unsafe partial class HostMemory
{
    /// <summary>Size and alignment of a large page on x86-64 and, with small pages of 4 KiB, on ARM64.</summary>
    public const long LargePage = 2 << 20;

    /// <exception cref="OutOfMemoryException">The system has no such piece.</exception>
    public static nint Allocate(long bytes, int alignment)
    {
        var isLarge = bytes >= LargePage;
        var memory = NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? (nuint)LargePage : (nuint)alignment);
        // Advice: a kernel without large pages refuses it, and the memory is as good as it was.
        if (isLarge && OperatingSystem.IsLinux()) _ = MemoryAdvice((nint)memory, (nuint)bytes, HugePage);
        return (nint)memory;
    }

    public static void Free(nint memory) => NativeMemory.AlignedFree((void*)memory);

    const int HugePage = 14; // MADV_HUGEPAGE

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvice(nint start, nuint bytes, int advice);
}
