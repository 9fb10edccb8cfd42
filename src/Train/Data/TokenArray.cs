namespace LdNetGpu.Train.Data;

/// <summary>A text held in memory, for small ones.</summary>
public sealed class TokenArray : ITokenSequence
{
    readonly int[] ids;

    TokenArray(int[] ids, long unknownCount, long sentenceCount) => (this.ids, UnknownCount, SentenceCount) = (ids, unknownCount, sentenceCount);

    public long Count => ids.Length;

    public long UnknownCount { get; }

    public long SentenceCount { get; }

    public void CopyTo(long start, Span<int> destination) => ids.AsSpan(checked((int)start), destination.Length).CopyTo(destination);

    /// <summary>Encodes sentences with a vocabulary that holds <c>&lt;unk&gt;</c> and <c>&lt;eos&gt;</c>.</summary>
    public static TokenArray Encode(IEnumerable<IReadOnlyList<string>> sentences, Vocabulary vocabulary)
    {
        var ids = new List<int>();
        var (unknown, count) = (0L, 0L);
        foreach (var sentence in sentences)
        {
            foreach (var token in sentence)
            {
                var id = vocabulary.Id(token);
                if (id == vocabulary.UnknownId) unknown++;
                ids.Add(id);
            }
            ids.Add(vocabulary.SentenceEndId);
            count++;
        }
        return new TokenArray([.. ids], unknown, count);
    }
}
