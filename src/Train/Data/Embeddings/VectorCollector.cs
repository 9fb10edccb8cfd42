using System.Text;
using System.Text.Unicode;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>Takes words as a file has them, decides which are kept, and counts the others.</summary>
/// <param name="wanted">Words to keep; null keeps all.</param>
sealed class VectorCollector(Func<string, bool>? wanted)
{
    readonly Dictionary<string, float[]> vectors = new(StringComparer.Ordinal);
    long words, duplicates, broken, firstBroken;

    /// <summary>The word as text, where its vector is to be read and given to <see cref="Keep"/>; else null.</summary>
    /// <param name="word">As the file has it.</param>
    /// <param name="place">Line or number in the file, for the report.</param>
    public string? Offer(ReadOnlySpan<byte> word, long place)
    {
        if (word.IsEmpty || !Utf8.IsValid(word))
        {
            broken++;
            if (firstBroken == 0) firstBroken = place;
            return null;
        }
        words++;
        var text = Encoding.UTF8.GetString(word);
        if (wanted is not null && !wanted(text)) return null;
        if (!vectors.ContainsKey(text)) return text;
        duplicates++;
        return null;
    }

    public void Keep(string word, float[] vector) => vectors.Add(word, vector);

    public bool IsEmpty => words + broken == 0;

    public EmbeddingTable Table(string format, int dimension, long? declared = null) =>
        new(vectors, new(format, words, dimension, duplicates, broken, firstBroken, declared));
}
