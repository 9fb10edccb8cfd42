using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Tokens and their ids, 0 to <see cref="Count"/> - 1. Saved as text, one token a line, the line's place is the id. Ids
/// fall with frequency (the adaptive softmax depends on it), ties in ordinal order, so that one text always gives one
/// vocabulary.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Stands for every token that is not in the vocabulary.</summary>
    public const string Unknown = "<unk>";

    /// <summary>Stands after every sentence of a language model's text.</summary>
    public const string SentenceEnd = "<eos>";

    readonly string[] tokens;
    readonly Dictionary<string, int> ids;

    /// <summary>A vocabulary of these tokens, in this order.</summary>
    /// <param name="tokens">The first one gets id 0.</param>
    /// <exception cref="ArgumentException">A token occurs twice or <see cref="IsStorable"/> denies it.</exception>
    public Vocabulary(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        this.tokens = [.. NullElements.Refused(tokens, nameof(tokens))];
        ids = new Dictionary<string, int>(this.tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < this.tokens.Length; id++)
        {
            if (!IsStorable(this.tokens[id]))
                throw new ArgumentException($"Token {id} is empty or cannot stand on a line of its own.",
                    nameof(tokens));
            if (!ids.TryAdd(this.tokens[id], id))
                throw new ArgumentException($"\"{this.tokens[id]}\" occurs twice.", nameof(tokens));
        }
        UnknownId = ids.GetValueOrDefault(Unknown, -1);
        SentenceEndId = ids.GetValueOrDefault(SentenceEnd, -1);
    }

    /// <summary>Number of ids.</summary>
    public int Count => tokens.Length;

    /// <summary>The tokens in the order of their ids.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>Id of <see cref="Unknown"/>; -1 where there is none.</summary>
    public int UnknownId { get; }

    /// <summary>Id of <see cref="SentenceEnd"/>; -1 where there is none.</summary>
    public int SentenceEndId { get; }

    /// <summary>The token of an id.</summary>
    /// <param name="id">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => (uint)id < (uint)tokens.Length ? tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Ids are 0 to {Count - 1}.");

    /// <summary>Whether the token has an id of its own.</summary>
    /// <param name="token">As written.</param>
    public bool Contains(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ids.ContainsKey(token);
    }

    /// <summary>The token's own id, where it has one.</summary>
    /// <param name="token">As written.</param>
    /// <param name="id">0 without one.</param>
    public bool TryGetId(string token, out int id)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ids.TryGetValue(token, out id);
    }

    /// <summary>The token's id, or that of <see cref="Unknown"/> (-1 without one).</summary>
    /// <param name="token">As written.</param>
    public int Id(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ids.GetValueOrDefault(token, UnknownId);
    }

    /// <summary><see cref="Id"/> of each word.</summary>
    /// <param name="words">As written.</param>
    public int[] Encode(IReadOnlyList<string> words)
    {
        NullElements.Refuse(words);
        var encoded = new int[words.Count];
        for (var i = 0; i < encoded.Length; i++) encoded[i] = Id(words[i]);
        return encoded;
    }

    /// <summary>
    /// A language model's vocabulary: tokens that occur more than <paramref name="rareCount"/> times (the paper: 3),
    /// with <see cref="Unknown"/> at the frequency of all the others together and <see cref="SentenceEnd"/> at that of
    /// the sentences. A text's own <c>&lt;unk&gt;</c> and <c>&lt;eos&gt;</c> are these two.
    /// </summary>
    /// <param name="counts">Of the training text.</param>
    /// <param name="rareCount">Tokens that occur this often or less become <see cref="Unknown"/>; 0 keeps all.</param>
    /// <param name="maximumSize">Most ids, the two special ones included; the rarest go first.</param>
    internal static Vocabulary ForLanguageModel(TokenCounts counts, int rareCount = 3, int maximumSize = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSize, 2);
        var kept = counts.Types
            .Where(pair => pair.Value > rareCount && pair.Key is not (Unknown or SentenceEnd) && IsStorable(pair.Key))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(maximumSize - 2).ToList();
        var ends = counts.Types.GetValueOrDefault(SentenceEnd);
        var unknown = counts.Tokens - ends - kept.Sum(pair => pair.Value);
        kept.Add(new(Unknown, unknown));
        kept.Add(new(SentenceEnd, counts.Sentences + ends));
        return new Vocabulary(kept.OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key));
    }

    /// <summary>Share of the counted tokens, sentence ends aside, that this vocabulary does not hold: 0 to 1.</summary>
    internal double UnknownRate(TokenCounts counts) => counts.Tokens == 0
        ? 0
        : (double)counts.Types.Where(pair => pair.Key == Unknown || !ids.ContainsKey(pair.Key)).Sum(pair => pair.Value)
            / counts.Tokens;

    /// <summary>
    /// The token survives a text file: not empty, no line break inside, no byte order mark in front, no half surrogate
    /// pair.
    /// </summary>
    /// <param name="token">Any text.</param>
    public static bool IsStorable(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length == 0 || token[0] == '\uFEFF' || token.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0) return false;
        foreach (var rune in token.EnumerateRunes())
            if (rune == Rune.ReplacementChar && !token.Contains('\uFFFD')) return false;
        return true;
    }

    /// <summary>Writes one token a line, whole or not at all.</summary>
    /// <param name="path">Overwritten.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            foreach (var token in tokens) writer.WriteLine(token);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">UTF-8, one token a line.</param>
    /// <exception cref="UserException">The file cannot be read, is empty, or names a token twice.</exception>
    public static Vocabulary Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Read(TextLines.Read(path), path);
    }

    /// <summary>The same from lines already opened; <paramref name="path"/> stands for the file in messages.</summary>
    /// <param name="lines">One token each.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="UserException">There is no token, or one stands twice.</exception>
    public static Vocabulary Read(IEnumerable<TextLine> lines, string path)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(path);
        var tokens = new List<string>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (text, number) in lines)
        {
            if (!IsStorable(text)) throw new InputException(path, number, $"no token. One token a line is expected.");
            if (!lineOf.TryAdd(text, number))
                throw new InputException(path, number,
                    $"\"{text}\" already stands in line {lineOf[text]}; ids would clash.");
            tokens.Add(text);
        }
        return tokens.Count > 0 ? new Vocabulary(tokens) : throw new UserException($"{path}: holds no tokens.");
    }
}
