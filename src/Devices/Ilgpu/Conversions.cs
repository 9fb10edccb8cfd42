namespace LdNetGpu.Devices.Ilgpu;

/// <summary>
/// C#'s conversions for ILGPU, which cannot see through <c>T.CreateTruncating</c> and CreateChecked: .NET asks there
/// what type it has. Named by the type converted to. NaN becomes 0, which PTX makes of a float and not of a double.
/// Those of integers to integers take the lower bits; <see cref="IntegerConversions"/> has the rest.
/// </summary>
static class Conversions
{
    public static float Single(float value) => value;
    public static float Single(double value) => (float)value;
    public static float Single(int value) => (float)value;
    public static float Single(uint value) => (float)value;
    public static float Single(long value) => (float)value;
    public static float Single(ulong value) => (float)value;

    public static double Double(float value) => (double)value;
    public static double Double(double value) => value;
    public static double Double(int value) => (double)value;
    public static double Double(uint value) => (double)value;
    public static double Double(long value) => (double)value;
    public static double Double(ulong value) => (double)value;

    public static int Int32(float value) => float.IsNaN(value) ? 0 : (int)value;
    public static int Int32(double value) => double.IsNaN(value) ? 0 : (int)value;
    public static int Int32(int value) => value;
    public static int Int32(uint value) => (int)value;
    public static int Int32(long value) => (int)value;
    public static int Int32(ulong value) => (int)value;

    public static uint UInt32(float value) => float.IsNaN(value) ? 0 : (uint)value;
    public static uint UInt32(double value) => double.IsNaN(value) ? 0 : (uint)value;
    public static uint UInt32(int value) => (uint)value;
    public static uint UInt32(uint value) => value;
    public static uint UInt32(long value) => (uint)value;
    public static uint UInt32(ulong value) => (uint)value;

    public static long Int64(float value) => float.IsNaN(value) ? 0 : (long)value;
    public static long Int64(double value) => double.IsNaN(value) ? 0 : (long)value;
    public static long Int64(int value) => (long)value;
    public static long Int64(uint value) => (long)value;
    public static long Int64(long value) => value;
    public static long Int64(ulong value) => (long)value;

    public static ulong UInt64(float value) => float.IsNaN(value) ? 0 : (ulong)value;
    public static ulong UInt64(double value) => double.IsNaN(value) ? 0 : (ulong)value;
    public static ulong UInt64(int value) => (ulong)value;
    public static ulong UInt64(uint value) => (ulong)value;
    public static ulong UInt64(long value) => (ulong)value;
    public static ulong UInt64(ulong value) => value;
}
