using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A text held in memory, for small ones.</summary>
public sealed class TokenArray : ITokenSequence
{
    readonly int[] ids;

    TokenArray(int[] ids, long unknownCount, long sentenceCount) =>
        (this.ids, UnknownCount, SentenceCount) = (ids, unknownCount, sentenceCount);

    /// <inheritdoc/>
    public long Count => ids.Length;

    /// <inheritdoc/>
    public long UnknownCount { get; }

    /// <inheritdoc/>
    public long SentenceCount { get; }

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> destination)
    {
        if (start < 0 || start > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{destination.Length} ids from {start} on, of {Count}.");
        ids.AsSpan((int)start, destination.Length).CopyTo(destination);
    }

    /// <summary>Encodes sentences with a vocabulary that holds <c>&lt;unk&gt;</c> and <c>&lt;eos&gt;</c>.</summary>
    /// <param name="sentences">Words of each.</param>
    /// <param name="vocabulary">A language model's.</param>
    public static TokenArray Encode(IEnumerable<IReadOnlyList<string>> sentences, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var ids = new List<int>();
        var (unknown, count) = (0L, 0L);
        foreach (var sentence in sentences)
        {
            NullElements.Refuse(sentence, $"{nameof(sentences)}[{count}]");
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
