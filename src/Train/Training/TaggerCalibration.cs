using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using MathNet.Numerics;

namespace LdNetGpu.Train.Training;

/// <summary>How far a tagger's probabilities are what comes true on a labelled text, at one temperature.</summary>
/// <param name="Temperature">What the CRF's scores were divided by.</param>
/// <param name="Loss">
/// Mean negative log-likelihood of the sentences' tags, in nats; null where the model knows those of none.
/// </param>
/// <param name="Spans">
/// Of each predicted span its exact probability, and whether gold has it with the same words and type.
/// </param>
/// <param name="Tags">Of each word its tag's probability, and whether the tag is gold's, both in IOB2.</param>
public sealed record CalibrationReport(double Temperature, double? Loss, Reliability Spans, Reliability Tags)
{
    /// <summary>Of each predicted span its exact probability, and whether gold has it.</summary>
    public Reliability Spans
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Spans));
    } = Spans ?? throw new ArgumentNullException(nameof(Spans));

    /// <summary>Of each word its tag's probability, and whether the tag is gold's, both in IOB2.</summary>
    public Reliability Tags
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Tags));
    } = Tags ?? throw new ArgumentNullException(nameof(Tags));
}

/// <summary>
/// Measures a tagger's probabilities on a labelled text, and fits the one temperature that makes them likeliest
/// (temperature scaling, Guo et al., ICML 2017, of the CRF's scores). The text is run through the tagger once; its
/// scores are kept, a number for each word and tag.
/// </summary>
public sealed class TaggerCalibration
{
    /// <summary>The least temperature that is looked at.</summary>
    public const double LeastTemperature = 0.05;

    /// <summary>The largest temperature that is looked at.</summary>
    public const double LargestTemperature = 20;

    const double Precision = 1e-6;
    const int MostSteps = 200;

    readonly LabelledFile file;
    readonly SpanProbabilities spans;
    readonly SortedSet<string> known;
    readonly int[][] alike;
    readonly JudgedSentence[] sentences;

    /// <summary>Runs the text through the tagger.</summary>
    /// <param name="loaded">The tagger; its own temperature plays no part.</param>
    /// <param name="file">With gold tags.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellation">Looked at after every batch.</param>
    /// <exception cref="UserException">The file holds no sentence.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    public TaggerCalibration(LoadedTagger loaded, LabelledFile file, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArgumentNullException.ThrowIfNull(file);
        this.file = file.RequireSentences("text to calibrate on");
        var vocabularies = loaded.Vocabularies;
        var tags = vocabularies.Tags;
        spans = new(tags);
        var printed = Enumerable.Range(0, tags.Count).Select(id => InIob2(tags[id])).ToArray();
        alike = Array.ConvertAll(printed,
            tag => Enumerable.Range(0, printed.Length).Where(id => printed[id] == tag).ToArray());
        var encoded = file.Sentences.Select(vocabularies.Encode).ToArray();
        var reporter = new WorkReporter(progress, "tagging", file.WordCount, "words");
        var batches = SentenceBatches.ByWordBudget(Array.ConvertAll(encoded, one => one.Length),
            TaggerEvaluation.WordBudget);
        known = SpanTypes.Of(tags);
        sentences = SentenceBatches.InOrder(batches, batches.SelectMany(numbers =>
        {
            var batch = new TaggerBatch([.. numbers.Select(number => encoded[number])], vocabularies.BackwardEnd);
            var (readings, scores) = loaded.Tagger.Read(batch, 1, false, 1, withScores: true);
            cancellation.ThrowIfCancellationRequested();
            reporter.Advance(batch.RealWords);
            return numbers.Select((number, b) =>
                Judge(file.Sentences[number], readings[b][0].Tags, scores[b], tags, known));
        }));
    }

    /// <summary>Sentences whose tags the model knows: those that count for the loss.</summary>
    public int KnownSentences => sentences.Count(sentence => sentence.GoldIds is not null);

    /// <summary>What the probabilities are worth at a temperature.</summary>
    /// <param name="temperature">Above 0.</param>
    /// <param name="bins">Bins of each <see cref="Reliability"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is no number above 0, or there is no
    /// bin.</exception>
    public CalibrationReport Measure(double temperature, int bins = 10)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "It is no number above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        List<JudgedPrediction> ofSpans = [], ofTags = [];
        foreach (var sentence in sentences)
        {
            var probabilities = new ChainProbabilities(sentence.Scores.Times(1 / temperature));
            foreach (var span in sentence.Spans)
                ofSpans.Add(new(spans.Of(span, [probabilities]), sentence.GoldSpans.Contains(span)));
            for (var word = 0; word < sentence.Tags.Length; word++)
                ofTags.Add(new(Math.Min(1, alike[sentence.Ids[word]].Sum(tag => probabilities.Marginal(word, tag))),
                    sentence.Tags[word] == sentence.GoldTags[word]));
        }
        return new(temperature, KnownSentences == 0 ? null : Loss(temperature), new(ofSpans, bins),
            new(ofTags, bins));
    }

    /// <summary>
    /// The temperature at which the gold tags are likeliest, <see cref="LeastTemperature"/> to
    /// <see cref="LargestTemperature"/>. Their negative log-likelihood is convex in 1 / T, so there is one least.
    /// </summary>
    /// <param name="name">Of the labelled text, to be kept with it; null for the file's own.</param>
    /// <exception cref="UserException">
    /// The model knows the tags of no sentence, or the types of less than half of the spans.
    /// </exception>
    public TaggerTemperature Fit(string? name = null)
    {
        if (KnownSentences == 0)
            throw new UserException($"{file.Name}: the tagger knows the types of no sentence's tags: there is nothing "
                + "to fit its probabilities to.");
        RequireKnownSpans();
        var temperature = Math.Exp(FindMinimum.OfScalarFunctionConstrained(logarithm => Loss(Math.Exp(logarithm)),
            Math.Log(LeastTemperature), Math.Log(LargestTemperature), Precision, MostSteps));
        return new(temperature, name ?? file.Name, KnownSentences, Loss(1), Loss(temperature));
    }

    // Sentences with other types play no part: what is left would be mostly words without a span.
    void RequireKnownSpans()
    {
        var gold = sentences.SelectMany(sentence => sentence.GoldSpans).ToArray();
        var foreign = gold.Where(span => !known.Contains(span.Type)).ToArray();
        if (2 * foreign.Length > gold.Length)
            throw new UserException(Invariant($"{file.Name}: {foreign.Length:N0} of {gold.Length:N0} spans have types ")
                + "that the tagger does not know: "
                + $"{Names.First(foreign.Select(span => span.Type).Distinct().Order(StringComparer.Ordinal))}. Of the "
                + "others too few are left to fit its probabilities to: give text with the tagger's types, "
                + $"{Names.First(known)}.");
    }

    // Mean over the sentences whose tags the model knows.
    double Loss(double temperature)
    {
        var (sum, count) = (0.0, 0);
        foreach (var sentence in sentences)
        {
            if (sentence.GoldIds is not { } gold) continue;
            var scores = sentence.Scores.Times(1 / temperature);
            sum += scores.LogPartition() - scores.Score(gold);
            count++;
        }
        return sum / count;
    }

    static JudgedSentence Judge(Sentence sentence, int[] ids, ChainScores scores, TagVocabulary tags,
        IReadOnlySet<string> known)
    {
        var predicted = TagConversion.Convert(Array.ConvertAll(ids, id => tags[id]), TagScheme.Iob2);
        var gold = TagConversion.ToSpans(sentence.Tags!);
        var isKnown = gold.All(span => known.Contains(span.Type));
        var goldIds = isKnown ? tags.Encode(sentence, "") : null;
        return new(scores, ids, predicted, TagConversion.ToSpans(predicted),
            // What the constraints forbid has no likelihood.
            goldIds is not null && double.IsFinite(scores.Score(goldIds)) ? goldIds : null,
            TagConversion.Convert(sentence.Tags!, TagScheme.Iob2), [.. gold]);
    }

    static string InIob2(string tag) => Tag.Parse(tag) switch
    {
        { Prefix: "S" } single => (single with { Prefix = "B" }).ToString(),
        { Prefix: "E" } last => (last with { Prefix = "I" }).ToString(),
        var other => other.ToString(),
    };

    /// <summary>A sentence, what the tagger said of it, and what is right.</summary>
    /// <param name="Scores">At temperature 1.</param>
    /// <param name="Ids">Predicted, of the tagger.</param>
    /// <param name="Tags">Predicted, IOB2.</param>
    /// <param name="Spans">Predicted.</param>
    /// <param name="GoldIds">Null where the model has none of them.</param>
    /// <param name="GoldTags">IOB2.</param>
    /// <param name="GoldSpans">Of the gold tags.</param>
    sealed record JudgedSentence(ChainScores Scores, int[] Ids, string[] Tags, IReadOnlyList<EntitySpan> Spans,
        int[]? GoldIds, string[] GoldTags, HashSet<EntitySpan> GoldSpans);
}
