using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Metrics;

/// <summary>
/// Spans of one type: in the gold column, in the predicted column, and in both with the same borders and type.
/// </summary>
/// <param name="Gold">Spans in the gold column.</param>
/// <param name="Predicted">Spans in the predicted column.</param>
/// <param name="Correct">Spans in both, with the same borders and type.</param>
public sealed record SpanCounts(long Gold, long Predicted, long Correct)
{
    /// <summary>Correct over predicted, in percent; 0 where nothing was predicted.</summary>
    public double Precision => Predicted == 0 ? 0 : 100.0 * Correct / Predicted;

    /// <summary>Correct over gold, in percent; 0 where there is no gold span.</summary>
    public double Recall => Gold == 0 ? 0 : 100.0 * Correct / Gold;

    /// <summary>Harmonic mean of precision and recall, in percent; 0 where both are 0.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

/// <summary>What conlleval prints.</summary>
/// <param name="Tokens">Words scored.</param>
/// <param name="CorrectTags">Words whose predicted tag is the gold tag.</param>
/// <param name="Overall">All types together.</param>
/// <param name="Types">Each type that occurs in either column, in ordinal order.</param>
public sealed record SpanReport(long Tokens, long CorrectTags, SpanCounts Overall,
    IReadOnlyDictionary<string, SpanCounts> Types)
{
    /// <summary>All types together.</summary>
    public SpanCounts Overall
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Overall));
    } = Overall ?? throw new ArgumentNullException(nameof(Overall));

    /// <summary>Each type that occurs in either column, in ordinal order.</summary>
    public IReadOnlyDictionary<string, SpanCounts> Types { get; init => field = Whole(value); } = Whole(Types);

    /// <summary>Correct tags over words, in percent; 0 without words.</summary>
    public double Accuracy => Tokens == 0 ? 0 : 100.0 * CorrectTags / Tokens;

    /// <summary>F1 over all types, in percent.</summary>
    public double F1 => Overall.F1;

    /// <summary>
    /// Tags that no scheme has, <c>X-PER</c> or a bare <c>PER</c>, which were scored as conlleval scores them; null
    /// where there are none.
    /// </summary>
    public UnknownTags? UnknownTags { get; init; }

    static IReadOnlyDictionary<string, SpanCounts> Whole(IReadOnlyDictionary<string, SpanCounts> types)
    {
        ArgumentNullException.ThrowIfNull(types, nameof(Types));
        foreach (var (type, counts) in types) ArgumentNullException.ThrowIfNull(counts, $"{nameof(Types)}[{type}]");
        return types;
    }
}

/// <summary>Tags of no scheme in a file that was scored.</summary>
/// <param name="Count">How many, in both columns.</param>
/// <param name="Tag">The first.</param>
/// <param name="Line">Its line, from 1.</param>
public sealed record UnknownTags(long Count, string Tag, int Line);

/// <summary>
/// Counts spans as conlleval does (CoNLL-2000 and after), one word at a time. Tags in any <see cref="TagScheme"/>; the
/// two columns need not agree in scheme: IOBES and its kin are turned into IOB2 word by word first
/// (<see cref="ChunkRules.ToIob2"/>), then conlleval's rules apply, valid tags or not. A span is correct when type,
/// start and end agree.
/// </summary>
public sealed class SpanScore
{
    static readonly Tag Outside = new(Tag.Outside, "");

    readonly SortedDictionary<string, (long Gold, long Predicted, long Correct)> types = new(StringComparer.Ordinal);
    Column gold = new(Outside, Outside), predicted = new(Outside, Outside);
    bool agreeing;
    long tokens, correctTags;

    /// <summary>A column's last tag as it was written, and as IOB2.</summary>
    readonly record struct Column(Tag Raw, Tag Iob2)
    {
        public Column Next(Tag raw) => new(raw, ChunkRules.ToIob2(Raw, raw));
    }

    /// <summary>Scores one sentence: its gold and its predicted tags, in one order.</summary>
    /// <param name="goldTags">One a word.</param>
    /// <param name="predictedTags">As many.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public void Add(IReadOnlyList<string> goldTags, IReadOnlyList<string> predictedTags)
    {
        NullElements.Refuse(goldTags);
        NullElements.Refuse(predictedTags);
        if (goldTags.Count != predictedTags.Count)
            throw new ArgumentException($"{goldTags.Count} gold tags against {predictedTags.Count} predicted tags.",
                nameof(predictedTags));
        for (var i = 0; i < goldTags.Count; i++) AddWord(goldTags[i], predictedTags[i]);
        EndSentence();
    }

    /// <summary>Scores the next word of the sentence.</summary>
    /// <param name="goldTag">In any scheme.</param>
    /// <param name="predictedTag">In any scheme.</param>
    public void AddWord(string goldTag, string predictedTag)
    {
        ArgumentNullException.ThrowIfNull(goldTag);
        ArgumentNullException.ThrowIfNull(predictedTag);
        Step(Tag.Parse(goldTag), Tag.Parse(predictedTag));
        tokens++;
        if (gold.Iob2 == predicted.Iob2) correctTags++;
    }

    /// <summary>Ends the sentence and every open span with it.</summary>
    public void EndSentence() => Step(Outside, Outside);

    /// <summary>The figures so far; call after <see cref="EndSentence"/>.</summary>
    public SpanReport Report()
    {
        var counts = new SortedDictionary<string, SpanCounts>(StringComparer.Ordinal);
        foreach (var (type, (inGold, inPredicted, correct)) in types) counts[type] =
            new SpanCounts(inGold, inPredicted, correct);
        var overall = new SpanCounts(counts.Values.Sum(c => c.Gold), counts.Values.Sum(c => c.Predicted),
            counts.Values.Sum(c => c.Correct));
        return new SpanReport(tokens, correctTags, overall, counts);
    }

    void Step(Tag goldTag, Tag predictedTag)
    {
        var nextGold = gold.Next(goldTag);
        var nextPredicted = predicted.Next(predictedTag);
        if (agreeing)
        {
            var goldEnds = ChunkRules.Ends(gold.Iob2, nextGold.Iob2);
            var predictedEnds = ChunkRules.Ends(predicted.Iob2, nextPredicted.Iob2);
            if (goldEnds && predictedEnds)
            {
                Count(gold.Iob2.Type, correct: 1);
                agreeing = false;
            }
            else if (goldEnds != predictedEnds || nextGold.Iob2.Type != nextPredicted.Iob2.Type)
            {
                agreeing = false;
            }
        }
        var goldStarts = ChunkRules.Starts(gold.Iob2, nextGold.Iob2);
        var predictedStarts = ChunkRules.Starts(predicted.Iob2, nextPredicted.Iob2);
        if (goldStarts && predictedStarts && nextGold.Iob2.Type == nextPredicted.Iob2.Type) agreeing = true;
        if (goldStarts) Count(nextGold.Iob2.Type, inGold: 1);
        if (predictedStarts) Count(nextPredicted.Iob2.Type, inPredicted: 1);
        (gold, predicted) = (nextGold, nextPredicted);
    }

    void Count(string type, long inGold = 0, long inPredicted = 0, long correct = 0)
    {
        var old = types.GetValueOrDefault(type);
        types[type] = (old.Gold + inGold, old.Predicted + inPredicted, old.Correct + correct);
    }
}
