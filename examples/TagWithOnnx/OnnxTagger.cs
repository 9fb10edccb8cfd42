using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LdNetGpu.TagWithOnnx;

/// <summary>A tagger from its ONNX file alone.</summary>
public sealed class OnnxTagger : IDisposable
{
    readonly InferenceSession session;
    readonly Dictionary<string, string> metadata;
    readonly Dictionary<string, Dictionary<string, int>> ids = [];
    readonly string[] tags;

    public OnnxTagger(string path, SessionOptions? options = null)
    {
        session = new InferenceSession(path, options ?? new());
        metadata = session.ModelMetadata.CustomMetadataMap;
        if (metadata.GetValueOrDefault("format") != "LdNetGpu.Tagger")
            throw new InvalidDataException($"{path}: is no tagger that 'ldnet export onnx' wrote.");
        // The last two are the CRF's start and end, which mark nothing.
        tags = [.. metadata["tags"].Split('\n')[..^2], "O", "O"];
        foreach (var name in new[] { "words", "characters", "forward_words", "backward_words" })
            if (metadata.TryGetValue(name, out var lines))
                ids[name] = lines.Split('\n').Select((text, id) => (text, id))
                    .ToDictionary(pair => pair.text, pair => pair.id, StringComparer.Ordinal);
    }

    /// <summary>IOB2 tags, one a word.</summary>
    /// <param name="sentences">Of one word at least each.</param>
    public string[][] Tag(IReadOnlyList<string[]> sentences)
    {
        var characters = sentences.Select(words => words.Select(Characters).ToArray()).ToArray();
        List<NamedOnnxValue> inputs =
        [
            Rows("words", sentences.Select(words => words.Select(WordId))),
            Rows("characters", characters.Select(words => words.SelectMany(word => word))),
            Rows("word_starts", characters.Select(words => words.Select((_, i) => Length(words, i)))),
            Rows("word_ends", characters.Select(words => words.Select((_, i) => Length(words, i + 1) - 1))),
        ];
        foreach (var name in new[] { "forward_words", "backward_words" })
            if (ids.ContainsKey(name))
                inputs.Add(Rows(name, sentences.Select(words => words.Select(word => Id(name, word)))));
        using var results = session.Run(inputs, ["tags"]);
        var best = results[0].AsTensor<long>();
        return [.. sentences.Select((words, b) => Iob2([.. words.Select((_, t) => tags[best[b, t]])]))];
    }

    public void Dispose() => session.Dispose();

    // A sentence a row, -1 behind its end.
    static NamedOnnxValue Rows(string name, IEnumerable<IEnumerable<int>> sentences)
    {
        var rows = sentences.Select(row => row.ToArray()).ToArray();
        var padded = new DenseTensor<long>([rows.Length, rows.Max(row => row.Length)]);
        padded.Fill(-1);
        for (var b = 0; b < rows.Length; b++)
            for (var t = 0; t < rows[b].Length; t++) padded[b, t] = rows[b][t];
        return NamedOnnxValue.CreateFromTensor(name, padded);
    }

    // Of the first words' characters and spaces.
    static int Length(int[][] words, int count) => words.Take(count).Sum(word => word.Length);

    int Id(string vocabulary, string text) => ids[vocabulary].GetValueOrDefault(text, ids[vocabulary]["<unk>"]);

    int WordId(string word) => metadata["lowercase"] == "false" && ids["words"].TryGetValue(word, out var id)
        ? id : Id("words", word.ToLowerInvariant());

    // A word's characters and a space; of a word of more than 200 the first and the last 100.
    int[] Characters(string word)
    {
        var runes = word.EnumerateRunes().ToArray();
        if (runes.Length > 200) runes = [.. runes[..100], .. runes[^100..]];
        return [.. runes.Append(new Rune(' ')).Select(rune => Id("characters", rune.ToString()))];
    }

    // The model's tags may be IOBES: S- begins a span, E- ends one.
    static string[] Iob2(string[] tags) =>
    [
        .. tags.Select((tag, t) => tag == "O" ? tag
            : (t == 0 || tag[0] is 'B' or 'S' || tags[t - 1][0] is 'O' or 'E' or 'S' || tags[t - 1][1..] != tag[1..]
                ? "B" : "I") + tag[1..]),
    ];
}
