using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Metrics;

/// <summary>How well a language model predicts the words of some frequencies.</summary>
/// <param name="Name">Ranks, <c>101-1000</c>, or a special symbol.</param>
/// <param name="Words">Words of the vocabulary in the band.</param>
/// <param name="Tokens">How often they stand in the text.</param>
/// <param name="NatsPerToken">Mean loss; NaN where there are none.</param>
/// <param name="TokenShare">Of all tokens, 0 to 1.</param>
/// <param name="LossShare">Of the whole loss, 0 to 1.</param>
public sealed record FrequencyBand(string Name, int Words, long Tokens, double NatsPerToken, double TokenShare,
    double LossShare)
{
    /// <summary>Ranks, <c>101-1000</c>, or a special symbol.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = Name ?? throw new ArgumentNullException(nameof(Name));

    /// <summary>exp of <see cref="NatsPerToken"/>.</summary>
    public double Perplexity => Math.Exp(NatsPerToken);
}

/// <summary>A word of a text that was rare in training, or not seen.</summary>
/// <param name="Word">As the text has it.</param>
/// <param name="Rank">By frequency in training, from 1; null where the vocabulary does not hold it.</param>
/// <param name="Tokens">How often it stands in the text.</param>
/// <param name="NatsPerToken">Mean loss; of a word that is not in the vocabulary, that of <c>&lt;unk&gt;</c>.</param>
/// <param name="LossShare">Of the whole loss, 0 to 1.</param>
public sealed record RareWord(string Word, int? Rank, long Tokens, double NatsPerToken, double LossShare)
{
    /// <summary>As the text has it.</summary>
    public string Word
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Word));
    } = Word ?? throw new ArgumentNullException(nameof(Word));
}

/// <summary>
/// Losses of a text by the frequency that its words had in training: the ids of a language model's vocabulary fall with
/// it. A word's rank is its place among them, from 1, the special symbols left out.
/// </summary>
public static class FrequencyBands
{
    /// <summary>Bands of ranks, and <c>&lt;unk&gt;</c> and <c>&lt;eos&gt;</c> by themselves.</summary>
    /// <param name="vocabulary">A language model's.</param>
    /// <param name="text">In that vocabulary.</param>
    /// <param name="losses">Of each token.</param>
    /// <param name="limits">Last rank of each band but the last, rising, from 1 on.</param>
    /// <exception cref="ArgumentException">The limits do not rise.</exception>
    /// <exception cref="ShapeException">There is not one loss a token.</exception>
    public static IReadOnlyList<FrequencyBand> Of(Vocabulary vocabulary, ITokenSequence text,
        IReadOnlyList<float> losses, IReadOnlyList<int> limits)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(limits);
        for (var i = 0; i < limits.Count; i++)
            if (limits[i] < 1 || (i > 0 && limits[i] <= limits[i - 1]))
                throw new ArgumentException($"Limits of bands rise from 1 on: {string.Join(",", limits)}.",
                    nameof(limits));
        var ids = Ids(text, losses);
        var words = Enumerable.Range(0, vocabulary.Count).Count(id => !IsSpecial(vocabulary, id));
        int[] ends = [.. limits.Where(limit => limit < words), words];
        var counts = new long[ends.Length + 2];
        var sums = new double[counts.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var band = ids[i] == vocabulary.UnknownId ? ends.Length
                : ids[i] == vocabulary.SentenceEndId ? ends.Length + 1
                : Array.FindIndex(ends, end => Rank(vocabulary, ids[i]) <= end);
            counts[band]++;
            sums[band] += losses[i];
        }
        var whole = sums.Sum();
        FrequencyBand Band(int band, string name, int count) =>
            new(name, count, counts[band], sums[band] / counts[band], (double)counts[band] / ids.Length,
                sums[band] / whole);
        return
        [
            .. ends.Select((end, i) => Band(i, $"{(i == 0 ? 1 : ends[i - 1] + 1)}-{end}",
                end - (i == 0 ? 0 : ends[i - 1]))),
            Band(ends.Length, Vocabulary.Unknown, 1), Band(ends.Length + 1, Vocabulary.SentenceEnd, 1),
        ];
    }

    /// <summary>
    /// The words of a text beyond a rank, and those not in the vocabulary, by falling share of the loss.
    /// </summary>
    /// <param name="vocabulary">A language model's.</param>
    /// <param name="sentences">The text.</param>
    /// <param name="text">The same in that vocabulary.</param>
    /// <param name="losses">Of each token.</param>
    /// <param name="rank">The last one that is not rare.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is negative.</exception>
    /// <exception cref="ShapeException">There is not one loss a token, or the two texts differ.</exception>
    public static IReadOnlyList<RareWord> RareWords(Vocabulary vocabulary, IReadOnlyList<string[]> sentences,
        ITokenSequence text, IReadOnlyList<float> losses, int rank)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        NullElements.Refuse(sentences);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        var ids = Ids(text, losses);
        if (sentences.Sum(sentence => sentence.Length + 1L) != ids.Length)
            throw new ShapeException("rare words", $"a text of {ids.Length} tokens is not that of the sentences.");
        var found = new Dictionary<string, (int Id, long Tokens, double Loss)>(StringComparer.Ordinal);
        var (place, whole) = (0, 0.0);
        foreach (var sentence in sentences)
        {
            foreach (var word in sentence)
            {
                var id = ids[place];
                if (id == vocabulary.UnknownId || (id != vocabulary.SentenceEndId && Rank(vocabulary, id) > rank))
                {
                    var (_, tokens, loss) = found.GetValueOrDefault(word);
                    found[word] = (id, tokens + 1, loss + losses[place]);
                }
                whole += losses[place++];
            }
            whole += losses[place++];
        }
        return [.. found.Select(entry => new RareWord(entry.Key,
                entry.Value.Id == vocabulary.UnknownId ? null : Rank(vocabulary, entry.Value.Id), entry.Value.Tokens,
                entry.Value.Loss / entry.Value.Tokens, entry.Value.Loss / whole))
            .OrderByDescending(word => word.LossShare).ThenBy(word => word.Word, StringComparer.Ordinal)];
    }

    static bool IsSpecial(Vocabulary vocabulary, int id) =>
        id == vocabulary.UnknownId || id == vocabulary.SentenceEndId;

    static int Rank(Vocabulary vocabulary, int id) => id + 1
        - (vocabulary.UnknownId >= 0 && vocabulary.UnknownId < id ? 1 : 0)
        - (vocabulary.SentenceEndId >= 0 && vocabulary.SentenceEndId < id ? 1 : 0);

    static int[] Ids(ITokenSequence text, IReadOnlyList<float> losses)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Count != text.Count)
            throw new ShapeException("frequency bands", $"{losses.Count} losses of {text.Count} tokens.");
        var ids = new int[losses.Count];
        text.CopyTo(0, ids);
        return ids;
    }
}
