using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>Everything that turns a tagger's sentences into numbers.</summary>
/// <param name="Words">The tagger's own words.</param>
/// <param name="Characters">Characters of words.</param>
/// <param name="Tags">Tags in IOBES or IOB2, with start and end.</param>
/// <param name="ForwardWords">The forward language model's vocabulary; null for NoLM.</param>
/// <param name="BackwardWords">The backward language model's vocabulary; null for NoLM.</param>
public sealed record TaggerVocabularies(
    Vocabulary Words, CharacterVocabulary Characters, TagVocabulary Tags, Vocabulary? ForwardWords,
    Vocabulary? BackwardWords)
{
    /// <summary>The tagger's own words.</summary>
    public Vocabulary Words
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Words));
    } = Words ?? throw new ArgumentNullException(nameof(Words));

    /// <summary>Characters of words.</summary>
    public CharacterVocabulary Characters
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Characters));
    } = Characters ?? throw new ArgumentNullException(nameof(Characters));

    /// <summary>Tags in IOBES or IOB2, with start and end.</summary>
    public TagVocabulary Tags
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Tags));
    } = Tags ?? throw new ArgumentNullException(nameof(Tags));

    /// <summary>Whether <see cref="Words"/> are in lower case; else a word is looked up as written first.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Where the tagger reads a sentence end, whose symbol is <see cref="Vocabulary.SentenceEnd"/>.</summary>
    public SentenceEnd SentenceEnd { get; init; }

    /// <summary>Id at which the backward language model starts.</summary>
    public int BackwardEnd => BackwardWords?.SentenceEndId ?? 0;

    /// <summary>A sentence as numbers, without its tags: what tagging needs.</summary>
    /// <param name="sentence">Of one word at least.</param>
    public EncodedSentence Encode(Sentence sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var words = sentence.Words;
        var ids = new WordVocabulary(Words, Lowercase);
        var characters = new List<int>();
        var starts = new int[words.Length];
        var ends = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            starts[i] = characters.Count;
            characters.AddRange(Characters.Encode(words[i]));
            ends[i] = characters.Count;
            characters.Add(Characters.SpaceId);
        }
        if (SentenceEnd != SentenceEnd.None) characters.Add(Characters.Vocabulary.SentenceEndId);
        var encoded = new EncodedSentence
        {
            Words = Array.ConvertAll(words, ids.Id),
            ForwardIds = ForwardWords?.Encode(words) ?? [],
            BackwardIds = BackwardWords?.Encode(words) ?? [],
            Characters = [.. characters],
            WordStarts = starts,
            WordEnds = ends,
        };
        return SentenceEnd == SentenceEnd.Words ? WithEnd(encoded) : encoded;
    }

    EncodedSentence WithEnd(EncodedSentence sentence) => sentence with
    {
        EndsInWord = true,
        Words = [.. sentence.Words, Words.SentenceEndId],
        ForwardIds = ForwardWords is { } forward ? [.. sentence.ForwardIds, forward.SentenceEndId] : [],
        WordStarts = [.. sentence.WordStarts, sentence.Characters.Length - 1],
        WordEnds = [.. sentence.WordEnds, sentence.Characters.Length - 1],
    };

    /// <summary>The same with the sentence end's symbol in the vocabularies that need it.</summary>
    internal TaggerVocabularies With(SentenceEnd end) => this with
    {
        SentenceEnd = end,
        Characters = end == SentenceEnd.None ? Characters : new(WithSymbol(Characters.Vocabulary)),
        Words = end == SentenceEnd.Words ? WithSymbol(Words) : Words,
    };

    /// <summary>Makes sure that the vocabularies have the sentence end's symbol where it is read.</summary>
    /// <exception cref="UserException">One has not.</exception>
    internal TaggerVocabularies RequireSentenceEnd(string folder)
    {
        Require("vocab/characters.txt", Characters.Vocabulary, SentenceEnd != SentenceEnd.None);
        Require("vocab/words.txt", Words, SentenceEnd == SentenceEnd.Words);
        Require("vocab/forward_words.txt", ForwardWords, SentenceEnd == SentenceEnd.Words);
        return this;

        void Require(string file, Vocabulary? vocabulary, bool isRead)
        {
            if (isRead && vocabulary?.SentenceEndId < 0)
                throw new UserException($"{folder}: {file} has no {Vocabulary.SentenceEnd}, which the tagger reads "
                    + "behind a sentence: the published code's newline is to be called so.");
        }
    }

    static Vocabulary WithSymbol(Vocabulary vocabulary) => vocabulary.Contains(Vocabulary.SentenceEnd)
        ? vocabulary : new([.. vocabulary.Tokens, Vocabulary.SentenceEnd]);

    /// <summary>With its tags; an unknown one is an error that names file and line.</summary>
    /// <param name="sentence">With tags, in any scheme.</param>
    /// <param name="file">Its file, for the message.</param>
    /// <exception cref="ArgumentException">The sentence has no tags.</exception>
    /// <exception cref="ShapeException">It has other than one tag a word.</exception>
    /// <exception cref="InputException">A tag is unknown.</exception>
    public EncodedSentence EncodeLabelled(Sentence sentence, string file)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(file);
        return Encode(sentence) with { Tags = Tags.Encode(sentence, file) };
    }
}
