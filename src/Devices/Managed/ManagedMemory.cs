using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LdNetGpu.Devices.Managed;

/// <summary>
/// Bytes of global, shared or local memory, and beside them who used which last. Undefined content reads as NaN.
/// </summary>
sealed class ManagedMemory : DeviceMemory
{
    // Of a buffer's addresses in a profile: no buffer has as many bytes.
    const int AddressBits = 32;

    static long buffers;
    readonly MemoryKind kind;
    readonly byte[] bytes;
    int granule;
    AccessRecord[]? records;

    /// <param name="kind">Whose it is.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="granule">
    /// The bytes that one record of uses stands for, <see cref="Granule{T}"/>, until a view of smaller numbers is used.
    /// </param>
    /// <param name="check">Whether uses are recorded.</param>
    public ManagedMemory(MemoryKind kind, long length, int granule, bool check) : base(null, length, 1)
    {
        // Nothing to release, and many of them: one for each local array of each lane.
        GC.SuppressFinalize(this);
        this.kind = kind;
        if (kind == MemoryKind.Global) Start = Interlocked.Increment(ref buffers) << AddressBits;
        bytes = GC.AllocateUninitializedArray<byte>(checked((int)length), pinned: kind == MemoryKind.Global);
        // So that ILGPU's views of it work on the host, too.
        if (kind == MemoryKind.Global && length > 0) NativePtr = Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
        this.granule = granule;
        if (!check) return;
        bytes.AsSpan().Fill(0xFF);
        records = new AccessRecord[(length + granule - 1) / granule];
    }

    /// <summary>As errors call it.</summary>
    public string Name => kind switch
    {
        MemoryKind.Global => "global memory",
        MemoryKind.Shared => "shared memory",
        _ => "local memory",
    };

    public MemoryKind Kind => kind;

    /// <summary>
    /// The address of its first byte: a global buffer's is like no other's, shared memory's counts from the group's
    /// first.
    /// </summary>
    public long Start { get; init; }

    public bool IsGlobal => kind == MemoryKind.Global;

    public bool IsShared => kind == MemoryKind.Shared;

    public long Bytes => bytes.Length;

    public bool IsChecked => records is not null;

    public ref T At<T>(long offset) where T : unmanaged => ref Unsafe.As<byte, T>(ref bytes[offset]);

    /// <summary>The records of an element of that type at that offset.</summary>
    public Span<AccessRecord> Records<T>(long offset) where T : unmanaged
    {
        if (Granule<T>() < granule) Refine(Granule<T>());
        return Records(offset, Unsafe.SizeOf<T>());
    }

    /// <summary>The records of that many bytes at that offset.</summary>
    public Span<AccessRecord> Records(long offset, int size)
    {
        // A granule is a power of two.
        var shift = BitOperations.Log2((uint)granule);
        var first = offset >> shift;
        return records.AsSpan((int)first, (int)((offset + size - 1 >> shift) - first + 1));
    }

    // A record of a larger granule holds for each of its parts.
    void Refine(int finer)
    {
        var (coarse, parts) = (records!, granule / finer);
        records = new AccessRecord[(bytes.Length + finer - 1) / finer];
        for (var i = 0; i < records.Length; i++) records[i] = coarse[i / parts];
        granule = finer;
    }

    /// <summary>The bytes of a number, or of the smallest in a struct: what lanes may use apart.</summary>
    public static int Granule<T>() where T : unmanaged => GranuleOf<T>.Bytes;

    static class GranuleOf<T>
    {
        public static readonly int Bytes = Smallest(typeof(T));

        static int Smallest(Type type) => type.IsEnum ? Smallest(type.GetEnumUnderlyingType())
            : type.IsPrimitive ? Math.Min(8, RuntimeHelpers.SizeOf(type.TypeHandle))
            : type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(field => Smallest(field.FieldType)).DefaultIfEmpty(1).Min();
    }

    public Span<byte> Span(long offset, long length) => bytes.AsSpan((int)offset, (int)length);

    /// <summary>The host has written there.</summary>
    public void Initialise(long offset, long length)
    {
        if (records is null || length == 0) return;
        foreach (ref var record in Records(offset, checked((int)length))) record.IsInitialised = true;
    }

    /// <summary>Whether its buffer went back to the device.</summary>
    public bool IsReleased { get; private set; }

    public void Release() => (records, IsReleased) = (null, true);
}

enum MemoryKind { Global, Shared, Local }

/// <summary>
/// The last uses of one element: the last write, and two reads by different lanes, enough to catch
/// any later write that is ordered after not all of them.
/// </summary>
struct AccessRecord
{
    public Access Write, FirstRead, SecondRead;
    public bool IsInitialised, WriteIsAtomic, IsInFlight;
}

/// <summary>
/// A use of an element: by which lane of the grid (from 1; 0 for none), when, and where in the source.
/// </summary>
record struct Access(int Lane, int Tick, int Site);
