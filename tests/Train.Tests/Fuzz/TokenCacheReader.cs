using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>A token cache in any state: it is the corpus, or none and made anew.</summary>
static class TokenCacheReader
{
    public static FuzzedReader Of(TestFiles files)
    {
        var vocabulary = new Vocabulary(["<eos>", "<unk>", "a", "b", "c"]);
        var corpus = new Corpus([files.Write("text", [.. "a b\n\nq c a\n"u8])]);
        var path = files.PathOf("train.tokens");
        int[] expected = [2, 3, 0, 1, 4, 2, 0];
        TokenCache.Open(path, corpus, vocabulary).Dispose();
        var fingerprint = TokenCacheHeader.FingerprintOf(corpus, vocabulary);
        var valid = File.ReadAllBytes(path);
        byte[][] seeds = [valid, [], [.. "LDNETTK1"u8], valid[..^3], [.. valid, 0, 0, 0, 0], Overflowing(valid)];
        return new(seeds, bytes =>
        {
            files.Write("train.tokens", bytes);
            using var cache = TokenCache.TryOpen(path, fingerprint, vocabulary.Count, wasBuilt: false);
            Assert.Equal(bytes.AsSpan().SequenceEqual(valid), cache is not null);
            if (cache is null) return;
            var ids = new int[cache.Count];
            cache.CopyTo(0, ids);
            Assert.Equal(expected, ids);
            Assert.Equal((1, 2), (cache.UnknownCount, cache.SentenceCount));
        });
    }

    // Four times this count is 28 again in 64 bits.
    static byte[] Overflowing(byte[] valid)
    {
        var changed = valid.ToArray();
        BitConverter.GetBytes((1L << 62) + 7).CopyTo(changed, 8);
        return changed;
    }
}
