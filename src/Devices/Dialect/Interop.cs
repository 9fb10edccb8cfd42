namespace LdNetGpu.Dialect;

/// <summary>Bits of a floating-point number, and back.</summary>
public static class Interop
{
    public static uint FloatAsInt(float value) => BitConverter.SingleToUInt32Bits(value);

    public static ulong FloatAsInt(double value) => BitConverter.DoubleToUInt64Bits(value);

    public static float IntAsFloat(uint value) => BitConverter.UInt32BitsToSingle(value);

    public static double IntAsFloat(ulong value) => BitConverter.UInt64BitsToDouble(value);
}

/// <summary>
/// A kernel parameter that is known when the launch compiles the kernel: it may size memory and
/// unroll loops. Each value makes a compilation of its own.
/// </summary>
public readonly record struct SpecializedValue<T>(T Value) where T : unmanaged
{
    public static implicit operator T(SpecializedValue<T> value) => value.Value;
}

/// <summary>Wishes to the device's compiler; they change no result.</summary>
public static class Pragma
{
    /// <summary>The loop that follows is unrolled: wholly, or <paramref name="times"/> rounds at once.</summary>
    public static void Unroll(int times = 0) { }
}
