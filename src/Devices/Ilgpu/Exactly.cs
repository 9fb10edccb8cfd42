using ILGPU;

namespace LdNetGpu.Devices.Ilgpu;

/// <summary>Functions of a line each, with C#'s meaning.</summary>
static class Exactly
{
    public static float CopySign(float x, float sign) =>
        BitConverter.Int32BitsToSingle(
            (BitConverter.SingleToInt32Bits(x) & int.MaxValue) | (BitConverter.SingleToInt32Bits(sign) & int.MinValue));

    public static float Max(float x, float y) => float.IsNaN(x) || float.IsNaN(y) ? float.NaN : IntrinsicMath.Max(x, y);

    public static float Min(float x, float y) => float.IsNaN(x) || float.IsNaN(y) ? float.NaN : IntrinsicMath.Min(x, y);

    public static double CopySign(double x, double sign) =>
        BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(x) & long.MaxValue)
            | (BitConverter.DoubleToInt64Bits(sign) & long.MinValue));

    public static double Max(double x, double y) => double.IsNaN(x) || double.IsNaN(y)
        ? double.NaN : IntrinsicMath.Max(x, y);

    public static double Min(double x, double y) => double.IsNaN(x) || double.IsNaN(y)
        ? double.NaN : IntrinsicMath.Min(x, y);

    public static float MaxNumber(float x, float y) => IntrinsicMath.Max(x, y);

    public static float MinNumber(float x, float y) => IntrinsicMath.Min(x, y);

    public static float Clamp(float x, float low, float high) => x < low ? low : x > high ? high : x;

    public static double MaxNumber(double x, double y) => IntrinsicMath.Max(x, y);

    public static double MinNumber(double x, double y) => IntrinsicMath.Min(x, y);

    public static double Clamp(double x, double low, double high) => x < low ? low : x > high ? high : x;

    public static int MaxNumber(int x, int y) => IntrinsicMath.Max(x, y);

    public static int MinNumber(int x, int y) => IntrinsicMath.Min(x, y);

    public static int Clamp(int x, int low, int high) => x < low ? low : x > high ? high : x;

    public static uint MaxNumber(uint x, uint y) => IntrinsicMath.Max(x, y);

    public static uint MinNumber(uint x, uint y) => IntrinsicMath.Min(x, y);

    public static uint Clamp(uint x, uint low, uint high) => x < low ? low : x > high ? high : x;

    public static long MaxNumber(long x, long y) => IntrinsicMath.Max(x, y);

    public static long MinNumber(long x, long y) => IntrinsicMath.Min(x, y);

    public static long Clamp(long x, long low, long high) => x < low ? low : x > high ? high : x;

    public static ulong MaxNumber(ulong x, ulong y) => IntrinsicMath.Max(x, y);

    public static ulong MinNumber(ulong x, ulong y) => IntrinsicMath.Min(x, y);

    public static ulong Clamp(ulong x, ulong low, ulong high) => x < low ? low : x > high ? high : x;

    public static sbyte Clamp(sbyte x, sbyte low, sbyte high) => x < low ? low : x > high ? high : x;

    public static byte Clamp(byte x, byte low, byte high) => x < low ? low : x > high ? high : x;

    public static short Clamp(short x, short low, short high) => x < low ? low : x > high ? high : x;

    public static ushort Clamp(ushort x, ushort low, ushort high) => x < low ? low : x > high ? high : x;
}
