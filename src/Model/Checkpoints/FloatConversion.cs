using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>Stored bytes as values, with the floating-point types converted into each other.</summary>
static class FloatConversion
{
    public static void Convert<T>(ReadOnlySpan<byte> bytes, TensorType stored, Span<T> values) where T : unmanaged
    {
        if (stored == TensorTypes.Of<T>()) bytes.CopyTo(MemoryMarshal.AsBytes(values));
        else if (typeof(T) == typeof(float)) Floats(bytes, stored, MemoryMarshal.Cast<T, float>(values));
        else Doubles(bytes, stored, MemoryMarshal.Cast<T, double>(values));
    }

    static void Floats(ReadOnlySpan<byte> bytes, TensorType stored, Span<float> values)
    {
        if (stored == TensorType.F64)
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), values);
        else if (stored == TensorType.F16)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        else
        {
            var upper = MemoryMarshal.Cast<byte, ushort>(bytes);
            for (var i = 0; i < upper.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
        }
    }

    static void Doubles(ReadOnlySpan<byte> bytes, TensorType stored, Span<double> values)
    {
        var floats = stored == TensorType.F32 ? MemoryMarshal.Cast<byte, float>(bytes) : Narrow(bytes, stored);
        for (var i = 0; i < floats.Length; i++) values[i] = floats[i];
    }

    static ReadOnlySpan<float> Narrow(ReadOnlySpan<byte> bytes, TensorType stored)
    {
        var floats = new float[bytes.Length / 2];
        Floats(bytes, stored, floats);
        return floats;
    }
}
