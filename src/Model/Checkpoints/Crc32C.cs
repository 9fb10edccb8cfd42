using System.Numerics;
using System.Runtime.InteropServices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>
/// CRC-32C (Castagnoli), the processor's own instruction where it has one: finds every flip of up to 32 neighbouring
/// bits.
/// </summary>
struct Crc32C
{
    uint state = uint.MaxValue;

    public Crc32C()
    {
    }

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly uint Value => ~state;

    /// <summary>Takes in more bytes; the result does not depend on how they are divided over calls.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc,
                BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (var value in bytes[(bytes.Length / 8 * 8)..]) crc = BitOperations.Crc32C(crc, value);
        state = crc;
    }

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32C();
        crc.Append(bytes);
        return crc.Value;
    }
}
