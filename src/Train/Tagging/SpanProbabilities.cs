using LdNetGpu.Model;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// The probability that a span is there with exactly its words and its type: of all tag sequences that say so, whatever
/// they say of other words. Tags that break their scheme mark what conlleval reads (<see cref="ChunkRules"/>), which
/// looks at a tag and the one before it: so a span is a step that opens it, steps that go on, and one that closes it.
/// </summary>
sealed class SpanProbabilities
{
    readonly Tag[] tags;

    // [K x K], row = from.
    readonly bool[] starts, ends;

    /// <param name="vocabulary">Of the tagger.</param>
    public SpanProbabilities(TagVocabulary vocabulary)
    {
        tags = [.. Enumerable.Range(0, vocabulary.Count).Select(id => Tag.Parse(vocabulary[id]))];
        (starts, ends) = (new bool[tags.Length * tags.Length], new bool[tags.Length * tags.Length]);
        var outside = new Tag(Tag.Outside, "");
        for (var from = 0; from < tags.Length; from++)
            for (var to = 0; to < tags.Length; to++)
            {
                var before = ChunkRules.ToIob2(outside, tags[from]);
                var here = ChunkRules.ToIob2(tags[from], tags[to]);
                starts[Step(from, to)] = ChunkRules.Starts(before, here);
                ends[Step(from, to)] = ChunkRules.Ends(before, here);
            }
    }

    /// <summary>A span's probability.</summary>
    /// <param name="span">Of the whole sentence.</param>
    /// <param name="pieces">
    /// The sentence's pieces, which are independent: a span across a border is there when each has its part.
    /// </param>
    public double Of(EntitySpan span, IReadOnlyList<ChainProbabilities> pieces)
    {
        var (probability, start) = (1.0, 0);
        foreach (var piece in pieces)
        {
            var (first, end) = (Math.Max(span.Start - start, 0), Math.Min(span.End - start, piece.Length));
            if (first < end) probability *= Of(new EntitySpan(first, end, span.Type), piece);
            start += piece.Length;
        }
        return probability;
    }

    double Of(EntitySpan span, ChainProbabilities sentence) => sentence.Of(span.Start, span.End,
        (from, to) => starts[Step(from, to)] && tags[to].Type == span.Type,
        (from, to) => !tags[to].IsOutside && !starts[Step(from, to)] && !ends[Step(from, to)],
        (from, to) => ends[Step(from, to)]);

    int Step(int from, int to) => from * tags.Length + to;
}
