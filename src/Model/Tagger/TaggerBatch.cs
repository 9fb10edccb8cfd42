using LdNetGpu.Devices;

namespace LdNetGpu.Model;

/// <summary>
/// A sentence of n words as numbers. Characters: those of word 1, a space, ..., those of word n, a space, and with
/// <see cref="Configuration.SentenceEnd.Characters"/> an end symbol, at which the backward LSTM starts. The forward
/// character state is read at each word's space, the backward one at its first character.
/// <para>
/// With <see cref="Configuration.SentenceEnd.Words"/> the sentence end is one more position behind the words, n + 1 in
/// all: its word, its place among the characters, its id in the forward language model. It has no tag.
/// </para>
/// </summary>
public sealed record EncodedSentence
{
    /// <summary>Whether the sentence end is the last position.</summary>
    public bool EndsInWord { get; init; }

    /// <summary>Ids of the tagger's own words [positions].</summary>
    public required int[] Words
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Words));
    }

    /// <summary>
    /// Ids in the forward language model's vocabulary [positions]; empty without language models.
    /// </summary>
    public int[] ForwardIds
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(ForwardIds));
    } = [];

    /// <summary>Ids in the backward language model's vocabulary [n]; empty without language models.</summary>
    public int[] BackwardIds
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(BackwardIds));
    } = [];

    /// <summary>Ids of the characters, in the order that the summary gives.</summary>
    public required int[] Characters
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Characters));
    }

    /// <summary>Where each word starts, in <see cref="Characters"/> [positions]; of the end its symbol.</summary>
    public required int[] WordStarts
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(WordStarts));
    }

    /// <summary>
    /// Where each word's space stands, in <see cref="Characters"/> [positions]; of the end its symbol.
    /// </summary>
    public required int[] WordEnds
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(WordEnds));
    }

    /// <summary>Gold tags [n]; empty when unknown.</summary>
    public int[] Tags
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Tags));
    } = [];

    /// <summary>n, the words.</summary>
    public int Length => Words.Length - (EndsInWord ? 1 : 0);

    /// <param name="number">Of the sentence in its batch, for the message.</param>
    /// <exception cref="ShapeException">Parts are of different lengths, or a place is none.</exception>
    internal void RequireWhole(int number)
    {
        if (Misfit() is { } found)
            throw new ShapeException("tagger batch",
                $"sentence {number} has {Words.Length} positions, {Length} of them words, but {found}.");
    }

    // Asked of every sentence of every batch: nothing is put in words where all fits.
    string? Misfit() =>
        WordStarts.Length != Words.Length ? $"{WordStarts.Length} word starts"
        : WordEnds.Length != Words.Length ? $"{WordEnds.Length} word ends"
        : ForwardIds.Length != Words.Length && ForwardIds.Length != 0 ? $"{ForwardIds.Length} forward ids"
        : BackwardIds.Length != Length && BackwardIds.Length != 0 ? $"{BackwardIds.Length} backward ids"
        : Tags.Length != Length && Tags.Length != 0 ? $"{Tags.Length} tags"
        : (FirstOutside(WordStarts) ?? FirstOutside(WordEnds)) is { } place
            ? $"{Characters.Length} characters and a word at {place}"
        : null;

    int? FirstOutside(int[] places)
    {
        foreach (var place in places)
            if ((uint)place >= (uint)Characters.Length) return place;
        return null;
    }
}

/// <summary>
/// Sentences side by side, time-major, padded to the longest; sorted by falling length the recurrences skip the
/// padding. Padded ids are -1 (a row of zeros), and padding changes no sentence's result.
/// </summary>
public sealed class TaggerBatch
{
    /// <summary>Pads the sentences to the longest.</summary>
    /// <param name="sentences">At least one, each of at least one word.</param>
    /// <param name="backwardEnd">Id of the sentence end token that the backward language model starts at.</param>
    /// <exception cref="ShapeException">A sentence's parts are of different lengths, a word's place is none among its
    /// characters, or padded they are more than an int counts.</exception>
    /// <exception cref="ArgumentException">
    /// There is no sentence, or one without words, or some end in a word and some do not.
    /// </exception>
    public TaggerBatch(IReadOnlyList<EncodedSentence> sentences, int backwardEnd = 0)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        for (var i = 0; i < sentences.Count; i++)
            ArgumentNullException.ThrowIfNull(sentences[i], $"{nameof(sentences)}[{i}]");
        if (sentences.Count == 0 || sentences.Any(sentence => sentence.Length == 0))
            throw new ArgumentException("A batch needs sentences of at least one word.");
        if (sentences.Any(sentence => sentence.EndsInWord != sentences[0].EndsInWord))
            throw new ArgumentException("A batch's sentences all end in a word, or none does.");
        for (var i = 0; i < sentences.Count; i++) sentences[i].RequireWhole(i);
        Batch = sentences.Count;
        Lengths = [.. sentences.Select(sentence => sentence.Length)];
        Steps = Lengths.Max();
        PositionLengths = [.. sentences.Select(sentence => sentence.Words.Length)];
        Positions = PositionLengths.Max();
        CharacterLengths = [.. sentences.Select(sentence => sentence.Characters.Length)];
        CharacterSteps = CharacterLengths.Max();
        Words = Padded(sentences, Positions, sentence => sentence.Words);
        Characters = Padded(sentences, CharacterSteps, sentence => sentence.Characters);
        WordStarts = Places(sentences, sentence => sentence.WordStarts);
        WordEnds = Places(sentences, sentence => sentence.WordEnds);
        HasLanguageModelIds = sentences.All(sentence => sentence.ForwardIds.Length == sentence.Words.Length
            && sentence.BackwardIds.Length == sentence.Length);
        ForwardIds = HasLanguageModelIds ? Padded(sentences, Positions, sentence => sentence.ForwardIds) : [];
        BackwardIds = HasLanguageModelIds
            ? Padded(sentences, Steps + 1, sentence => [.. sentence.BackwardIds, backwardEnd]) : [];
        Tags = sentences.All(sentence => sentence.Tags.Length == sentence.Length)
            ? Padded(sentences, Steps, sentence => sentence.Tags) : null;
    }

    /// <summary>B, the sentences.</summary>
    public int Batch { get; }

    /// <summary>T, the words of the longest.</summary>
    public int Steps { get; }

    /// <summary>C, the characters of the longest.</summary>
    public int CharacterSteps { get; }

    /// <summary>[B] words of each sentence.</summary>
    public int[] Lengths { get; }

    /// <summary>What the word LSTM reads of the longest: T, or T + 1 where sentences end in a word.</summary>
    public int Positions { get; }

    /// <summary>[B] positions of each sentence.</summary>
    public int[] PositionLengths { get; }

    /// <summary>[B] characters of each sentence.</summary>
    public int[] CharacterLengths { get; }

    /// <summary>[positions·B].</summary>
    public int[] Words { get; }

    /// <summary>[C·B].</summary>
    public int[] Characters { get; }

    /// <summary>Row of [C·B] where each word starts [positions·B]; -1 where padded.</summary>
    public int[] WordStarts { get; }

    /// <summary>Row of [C·B] where each word's space stands [positions·B]; -1 where padded.</summary>
    public int[] WordEnds { get; }

    /// <summary>Whether every sentence brought the language models' ids.</summary>
    public bool HasLanguageModelIds { get; }

    /// <summary>[positions·B].</summary>
    public int[] ForwardIds { get; }

    /// <summary>[(T+1)·B]: the end token follows each last word.</summary>
    public int[] BackwardIds { get; }

    /// <summary>[T·B], -1 where padded; null when a sentence has none.</summary>
    public int[]? Tags { get; }

    /// <summary>Real words, padding not counted.</summary>
    public int RealWords => Lengths.Sum();

    static int[] Padded(IReadOnlyList<EncodedSentence> sentences, int steps, Func<EncodedSentence, int[]> ids)
    {
        var batch = sentences.Count;
        var padded = new int[ShapeException.RequireSize("tagger batch", "padded ids", (long)steps * batch)];
        Array.Fill(padded, -1);
        for (var b = 0; b < batch; b++)
        {
            var own = ids(sentences[b]);
            for (var t = 0; t < own.Length; t++) padded[t * batch + b] = own[t];
        }
        return padded;
    }

    int[] Places(IReadOnlyList<EncodedSentence> sentences, Func<EncodedSentence, int[]> places)
    {
        var rows = Padded(sentences, Positions, places);
        for (var i = 0; i < rows.Length; i++)
            if (rows[i] >= 0) rows[i] = rows[i] * Batch + i % Batch;
        return rows;
    }
}
