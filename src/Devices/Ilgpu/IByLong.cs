namespace LdNetGpu.Devices.Ilgpu;

/// <summary>An integer type by way of a long.</summary>
interface IByLong<T>
{
    /// <summary>The same bits below, and the sign above them; of a ulong, all of its bits.</summary>
    static abstract long Extended(T x);

    /// <summary>The same number, or the largest long.</summary>
    static abstract long NearestLong(T x);

    /// <summary>As many bits as the type has.</summary>
    static abstract T LowerBits(long x);

    /// <summary>The same number, or the nearest that the type has.</summary>
    static abstract T Nearest(long x);
}

readonly struct OfSByte : IByLong<sbyte>
{
    public static long Extended(sbyte x) => x;
    public static long NearestLong(sbyte x) => x;
    public static sbyte LowerBits(long x) => (sbyte)x;
    public static sbyte Nearest(long x) => (sbyte)Math.Clamp(x, sbyte.MinValue, sbyte.MaxValue);
}

readonly struct OfByte : IByLong<byte>
{
    public static long Extended(byte x) => x;
    public static long NearestLong(byte x) => x;
    public static byte LowerBits(long x) => (byte)x;
    public static byte Nearest(long x) => (byte)Math.Clamp(x, byte.MinValue, byte.MaxValue);
}

readonly struct OfInt16 : IByLong<short>
{
    public static long Extended(short x) => x;
    public static long NearestLong(short x) => x;
    public static short LowerBits(long x) => (short)x;
    public static short Nearest(long x) => (short)Math.Clamp(x, short.MinValue, short.MaxValue);
}

readonly struct OfUInt16 : IByLong<ushort>
{
    public static long Extended(ushort x) => x;
    public static long NearestLong(ushort x) => x;
    public static ushort LowerBits(long x) => (ushort)x;
    public static ushort Nearest(long x) => (ushort)Math.Clamp(x, ushort.MinValue, ushort.MaxValue);
}

readonly struct OfInt32 : IByLong<int>
{
    public static long Extended(int x) => x;
    public static long NearestLong(int x) => x;
    public static int LowerBits(long x) => (int)x;
    public static int Nearest(long x) => (int)Math.Clamp(x, int.MinValue, int.MaxValue);
}

readonly struct OfUInt32 : IByLong<uint>
{
    public static long Extended(uint x) => x;
    public static long NearestLong(uint x) => x;
    public static uint LowerBits(long x) => (uint)x;
    public static uint Nearest(long x) => (uint)Math.Clamp(x, uint.MinValue, uint.MaxValue);
}

readonly struct OfInt64 : IByLong<long>
{
    public static long Extended(long x) => x;
    public static long NearestLong(long x) => x;
    public static long LowerBits(long x) => x;
    public static long Nearest(long x) => x;
}

readonly struct OfUInt64 : IByLong<ulong>
{
    public static long Extended(ulong x) => (long)x;
    public static long NearestLong(ulong x) => x > long.MaxValue ? long.MaxValue : (long)x;
    public static ulong LowerBits(long x) => (ulong)x;
    public static ulong Nearest(long x) => x < 0 ? 0 : (ulong)x;
}
