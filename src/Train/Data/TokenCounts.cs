using System.Runtime.InteropServices;

namespace LdNetGpu.Train.Data;

/// <summary>How often each token occurs, and how many sentences there are.</summary>
sealed class TokenCounts
{
    readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);

    /// <summary>Tokens seen, sentence ends not among them.</summary>
    public long Tokens { get; private set; }

    /// <summary>Sentences seen.</summary>
    public long Sentences { get; private set; }

    /// <summary>Count of each type.</summary>
    public IReadOnlyDictionary<string, long> Types => counts;

    public void Add(IEnumerable<string> sentence)
    {
        foreach (var token in sentence)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, token, out _)++;
            Tokens++;
        }
        Sentences++;
    }

    /// <summary>Counts a whole text, streaming.</summary>
    public static TokenCounts Of(IEnumerable<IEnumerable<string>> sentences)
    {
        var counts = new TokenCounts();
        foreach (var sentence in sentences) counts.Add(sentence);
        return counts;
    }
}
