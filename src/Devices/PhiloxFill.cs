using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LdNetGpu.Devices;

/// <summary>
/// Many neighbouring elements of one draw at once: the same bits as <see cref="RandomKey.Bits"/>, several times as
/// fast.
/// </summary>
static class PhiloxFill
{
    /// <summary>words[i] = key.Bits(4 · firstBlock + i); whole blocks only.</summary>
    /// <exception cref="ArgumentException">The number of words is no multiple of 4.</exception>
    public static void Fill(RandomKey key, long firstBlock, Span<uint> words)
    {
        if (words.Length % 4 != 0)
            throw new ArgumentException($"{words.Length} words: Philox makes them four at a time.", nameof(words));
        if (Avx2.IsSupported)
        {
            var vectors = words[..(words.Length / 32 * 32)];
            FillVectors(key, (ulong)firstBlock, vectors);
            words = words[vectors.Length..];
            firstBlock += vectors.Length / 4;
        }
        for (var i = 0; i < words.Length; i += 4, firstBlock++)
        {
            var block = (ulong)firstBlock;
            (words[i], words[i + 1], words[i + 2], words[i + 3]) =
                Philox.Block((uint)block, (uint)(block >> 32), key.Site, key.Step, (uint)key.Seed,
                    (uint)(key.Seed >> 32));
        }
    }

    // Eight blocks at once, two sets of four. A counter word sits in the low half of a 64-bit lane, where vpmuludq
    // takes it; what the last product left in the high half is never read, so a round needs no shuffles.
    static void FillVectors(RandomKey key, ulong block, Span<uint> words)
    {
        const ulong M0 = 0xD2511F53, M1 = 0xCD9E8D57;
        const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85;
        var m0 = Vector256.Create(M0).AsUInt32();
        var m1 = Vector256.Create(M1).AsUInt32();
        // Lane order 0 2 1 3: unpacking low and high halves then yields blocks 0, 1 and 2, 3.
        var offsets = Vector256.Create(0ul, 2, 1, 3);
        var site = Vector256.Create((ulong)key.Site);
        var step = Vector256.Create((ulong)key.Step);
        ref var destination = ref MemoryMarshal.GetReference(words);
        for (nuint i = 0; i < (nuint)words.Length; i += 32, block += 8)
        {
            var a0 = Vector256.Create(block) + offsets;
            var b0 = Vector256.Create(block + 4) + offsets;
            var (a1, b1) = (a0 >>> 32, b0 >>> 32);
            var (a2, b2, a3, b3) = (site, site, step, step);
            var (k0, k1) = ((uint)key.Seed, (uint)(key.Seed >> 32));
            for (var round = 0; round < 10; round++)
            {
                var (key0, key1) = (Vector256.Create((ulong)k0), Vector256.Create((ulong)k1));
                var (p, q) = (Avx2.Multiply(a0.AsUInt32(), m0), Avx2.Multiply(a2.AsUInt32(), m1));
                (a0, a1, a2, a3) = ((q >>> 32) ^ a1 ^ key0, q, (p >>> 32) ^ a3 ^ key1, p);
                (p, q) = (Avx2.Multiply(b0.AsUInt32(), m0), Avx2.Multiply(b2.AsUInt32(), m1));
                (b0, b1, b2, b3) = ((q >>> 32) ^ b1 ^ key0, q, (p >>> 32) ^ b3 ^ key1, p);
                k0 += W0;
                k1 += W1;
            }
            Store(a0, a1, a2, a3, ref destination, i);
            Store(b0, b1, b2, b3, ref destination, i + 16);
        }
    }

    static void Store(Vector256<ulong> x0, Vector256<ulong> x1, Vector256<ulong> x2, Vector256<ulong> x3,
        ref uint destination, nuint i)
    {
        const byte OddWords = 0b1010_1010;
        var first = Avx2.Blend(x0.AsUInt32(), (x1 << 32).AsUInt32(), OddWords).AsUInt64();
        var second = Avx2.Blend(x2.AsUInt32(), (x3 << 32).AsUInt32(), OddWords).AsUInt64();
        Avx2.UnpackLow(first, second).AsUInt32().StoreUnsafe(ref destination, i);
        Avx2.UnpackHigh(first, second).AsUInt32().StoreUnsafe(ref destination, i + 8);
    }
}
