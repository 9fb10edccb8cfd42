using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>Vocabularies, tags and sentences as small as a tagger can have, for checks.</summary>
static class ToyTagging
{
    public const int Words = 9, ForwardWords = 11, BackwardWords = 10, Space = 0, EndSymbol = 1;

    const int Characters = 7;

    /// <summary>IOBES over two types, start and end last.</summary>
    public static readonly string[] Tags = ["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B", "S-B", "<start>",
        "<end>"];

    public static readonly TaggerOptions Options =
        new() { CharEmbedding = 2, CharHidden = 3, WordEmbedding = 4, WordHidden = 3, LmProjection = 4, Dropout = 0 };

    /// <summary>Dense LSTMs of 3 layers forward and 2 backward.</summary>
    public static TaggerShape Shape(bool scaled = false) => new(Characters, Words, Tags,
        new(ForwardWords, new(RecurrentUnit.Lstm, 3, [2, 3, 2]), scaled),
        new(BackwardWords, new(RecurrentUnit.Lstm, 2, [3, 2]), scaled));

    /// <summary>The same without language models.</summary>
    public static TaggerShape ShapeWithoutLanguageModels() => new(Characters, Words, Tags);

    public static TaggerBatch Batch(params IReadOnlyList<EncodedSentence> sentences) =>
        new(sentences, backwardEnd: BackwardWords - 1);

    /// <summary>A sentence of random words under tags that follow the scheme.</summary>
    public static EncodedSentence Sentence(RandomStream random, int length)
    {
        List<int> characters = [], starts = [], ends = [];
        for (var word = 0; word < length; word++)
        {
            starts.Add(characters.Count);
            for (var letters = 1 + random.NextInt(4); letters > 0; letters--)
                characters.Add(2 + random.NextInt(Characters - 2));
            ends.Add(characters.Count);
            characters.Add(Space);
        }
        characters.Add(EndSymbol);
        return new()
        {
            Words = Ids(Words), ForwardIds = Ids(ForwardWords - 1), BackwardIds = Ids(BackwardWords - 1),
            Characters = [.. characters], WordStarts = [.. starts], WordEnds = [.. ends],
            Tags = GoldTags(random, length),
        };

        int[] Ids(int bound) => [.. Enumerable.Range(0, length).Select(_ => random.NextInt(bound))];
    }

    static int[] GoldTags(RandomStream random, int length)
    {
        var tags = new List<int>();
        while (tags.Count < length)
        {
            var left = length - tags.Count;
            var type = 1 + 4 * random.NextInt(2);
            int[] piece = random.NextInt(left >= 3 ? 4 : left >= 2 ? 3 : 2) switch
            {
                0 => [0],
                1 => [type + 3],
                2 => [type, type + 2],
                _ => [type, type + 1, type + 2],
            };
            tags.AddRange(piece);
        }
        return [.. tags];
    }
}
