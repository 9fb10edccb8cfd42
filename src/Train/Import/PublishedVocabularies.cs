using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Import;

/// <summary>
/// The maps from tokens to ids that the published code pickles: <c>w_map</c> with a language model's text,
/// <c>gw_map</c>, <c>c_map</c>, <c>y_map</c>, <c>flm_map</c> and <c>blm_map</c> with a tagger's.
/// </summary>
sealed class PublishedVocabularies
{
    readonly PickleDictionary root;
    readonly string source;

    /// <param name="stream">The pickle is all of it.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="UserException">It is no pickle of a dictionary, damaged, or holds what is no data.</exception>
    public PublishedVocabularies(Stream stream, string source)
    {
        this.source = source;
        var bytes = new PickleBytes(new BufferedStream(stream, 1 << 16), stream.Length, source);
        root = new PickleReader(bytes, new PlainNames()).Read() as PickleDictionary
            ?? throw new UserException($"{source}: the pickle is no dictionary, where one of maps is expected.");
    }

    /// <summary>Whether there is a map.</summary>
    /// <param name="map">Its name.</param>
    public bool Has(string map) => root.GetValueOrDefault(map) is PickleDictionary;

    /// <summary>The tokens of a map by their ids.</summary>
    /// <param name="map">Its name.</param>
    /// <param name="count">Ids that the model has.</param>
    /// <param name="end">What the map calls the sentence's end; null where it has none.</param>
    /// <exception cref="UserException">There is no such map, or it does not fit the model.</exception>
    public Vocabulary Of(string map, int count, string? end = null)
    {
        var ids = root.GetValueOrDefault(map) as PickleDictionary
            ?? throw new UserException($"{source}: has no map '{map}'.");
        if (ids.Count != count)
            throw new UserException(Invariant($"{source}: '{map}' has {ids.Count} tokens, the model {count} rows for ")
                + "them: the files are of two models.");
        var tokens = new string?[count];
        // What shares the id of <unk> is read as <unk> is.
        if (ids.GetValueOrDefault(Vocabulary.Unknown) is long unknown and >= 0 && unknown < count)
            tokens[unknown] = Vocabulary.Unknown;
        foreach (var (key, value) in ids)
        {
            if (key is not string token || value is not long id || id < 0 || id >= count)
                throw new UserException($"{source}: '{map}' gives {Shown(key)} the id {Shown(value)}, and ids are 0 to "
                    + Invariant($"{count - 1}."));
            if (tokens[id] is { } other && other != token && other != Vocabulary.Unknown)
                throw new UserException($"{source}: '{map}' gives {Shown(other)} and {Shown(token)} one id, {id}.");
            tokens[id] ??= token == end ? Vocabulary.SentenceEnd : token;
        }
        return Named(map, tokens);
    }

    // A row without a token, or whose token cannot stand on a line, is looked up by nothing.
    Vocabulary Named(string map, string?[] tokens)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++)
        {
            if (tokens[id] is not { } token || !Vocabulary.IsStorable(token)) tokens[id] = Invariant($"<row:{id}>");
            if (!named.Add(tokens[id]!))
                throw new UserException($"{source}: '{map}' has {Shown(tokens[id])} and what would be called so here.");
        }
        return new(tokens!);
    }

    static string Shown(object? value)
    {
        var text = value is string or long or double ? Invariant($"{value}") : "no number";
        return $"'{new string([.. text.Take(60).Select(c => char.IsControl(c) ? '?' : c)])}'";
    }
}
