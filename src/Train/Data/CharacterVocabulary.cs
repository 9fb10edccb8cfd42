using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// The tagger's characters: Unicode scalar values, so that an emoji is one character. A space, which follows every word
/// in the character sequence, and <see cref="Vocabulary.Unknown"/> are always among them.
/// </summary>
public sealed class CharacterVocabulary
{
    /// <summary>Characters of a word that are read, by default.</summary>
    public const int DefaultMaximumWordCharacters = 200;

    const string Space = " ";

    /// <summary>A vocabulary of characters, as a checkpoint holds it.</summary>
    /// <param name="vocabulary">A character a token.</param>
    /// <exception cref="UserException">The tokens lack <c>&lt;unk&gt;</c> or the space.</exception>
    public CharacterVocabulary(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (vocabulary.UnknownId < 0 || !vocabulary.Contains(Space))
            throw new UserException($"A character vocabulary must hold {Vocabulary.Unknown} and the space.");
        Vocabulary = vocabulary;
        SpaceId = vocabulary.Id(Space);
    }

    /// <summary>The characters and their ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Number of ids.</summary>
    public int Count => Vocabulary.Count;

    /// <summary>Id of the space, which follows every word.</summary>
    public int SpaceId { get; }

    /// <summary>
    /// <c>&lt;unk&gt;</c>, the space, then characters that occur more than <paramref name="rareCount"/> times, by
    /// falling frequency.
    /// </summary>
    /// <param name="sentences">The training text.</param>
    /// <param name="rareCount">Characters that occur this often or less become unknown; 0 keeps all.</param>
    public static CharacterVocabulary Build(IEnumerable<Sentence> sentences, int rareCount = 0)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        var counts = TokenCounts.Of(
            NullElements.Refused(sentences, nameof(sentences)).Select(
                sentence => sentence.Words.SelectMany(word => word.EnumerateRunes().Select(rune => rune.ToString()))));
        var kept =
            counts.Types.Where(pair => pair.Value > rareCount && pair.Key != Space && Vocabulary.IsStorable(pair.Key))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key);
        return new CharacterVocabulary(new Vocabulary([Vocabulary.Unknown, Space, .. kept]));
    }

    /// <summary>
    /// Ids of a word's characters, without the space after it. Of a longer word than <paramref name="maximum"/> the
    /// first and the last half of that many are read: what a word is shows at its ends, and one broken word of 300,000
    /// characters costs no more than a long one.
    /// </summary>
    /// <param name="word">Of any length.</param>
    /// <param name="maximum">At least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is less than 2.</exception>
    public int[] Encode(string word, int maximum = DefaultMaximumWordCharacters)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 2);
        var ids = new List<int>(Math.Min(word.Length, maximum));
        var length = word.Length <= maximum ? word.Length : word.EnumerateRunes().Count();
        var head = (maximum + 1) / 2;
        var tail = length - maximum / 2;
        var place = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            if (length <= maximum || place < head || place >= tail) ids.Add(Vocabulary.Id(rune.ToString()));
            place++;
        }
        return [.. ids];
    }
}
