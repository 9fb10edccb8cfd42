namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>The character n-grams of a word as fastText makes and hashes them.</summary>
/// <param name="Shortest">Characters of the shortest.</param>
/// <param name="Longest">Characters of the longest; 0 for none at all.</param>
readonly record struct FastTextNgrams(int Shortest, int Longest)
{
    const uint FnvOffset = 2166136261, FnvPrime = 16777619;

    static ReadOnlySpan<byte> SentenceEnd => "</s>"u8;

    /// <summary>A hash for each n-gram of &lt;word&gt;, in order; the end of a sentence has none.</summary>
    /// <param name="word">UTF-8.</param>
    public IEnumerable<uint> Hashes(byte[] word)
    {
        if (Longest == 0 || word.AsSpan().SequenceEqual(SentenceEnd)) yield break;
        byte[] marked = [(byte)'<', .. word, (byte)'>'];
        for (var start = 0; start < marked.Length; start++)
        {
            if (IsContinuation(marked[start])) continue;
            var hash = FnvOffset;
            var end = start;
            for (var n = 1; end < marked.Length && n <= Longest; n++)
            {
                do hash = Next(hash, marked[end++]);
                while (end < marked.Length && IsContinuation(marked[end]));
                if (n >= Shortest && !(n == 1 && (start == 0 || end == marked.Length))) yield return hash;
            }
        }
    }

    static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    // fastText extends the sign of each byte, which FNV-1a itself does not.
    static uint Next(uint hash, byte value) => (hash ^ (uint)(sbyte)value) * FnvPrime;
}
