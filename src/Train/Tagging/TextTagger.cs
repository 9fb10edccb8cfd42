using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Tags text as it comes, in bounded memory: sentences are taken a window at a time, sorted by length within it, and
/// given back in their order; a sentence that is too long to be held at once is tagged in pieces
/// (<see cref="TextTaggerOptions.PieceWords"/>).
/// </summary>
/// <param name="loaded">The tagger and its vocabularies; the caller disposes of it.</param>
/// <param name="options">How many readings, and what with; by default the best one alone.</param>
public sealed class TextTagger(LoadedTagger loaded, TextTaggerOptions? options = null)
{
    // The model's own sequences among which a reading is looked for, and added up.
    const int SequencesAReading = 2;

    readonly LoadedTagger loaded = loaded ?? throw new ArgumentNullException(nameof(loaded));
    readonly TextTaggerOptions options = options ?? new();
    readonly SpanProbabilities spans = new(loaded.Vocabularies.Tags);

    /// <summary>Tags a stream of sentences, which must be tokenised as the tagger's training text was.</summary>
    /// <param name="sentences">Read as the results are taken.</param>
    /// <param name="progress">Told of every batch; how many words there are in all is not known.</param>
    /// <param name="cancellation">Looked at before every batch, as the results are taken.</param>
    /// <exception cref="OperationCanceledException">Cancelled; thrown where the next result is taken.</exception>
    /// <returns>One for each, in their order; one without words has one reading, without tags.</returns>
    public IEnumerable<TaggedSentence> Tag(IEnumerable<Sentence> sentences, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return TagWindows(sentences, progress, cancellation);
    }

    IEnumerable<TaggedSentence> TagWindows(IEnumerable<Sentence> sentences, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        var reporter = new WorkReporter(progress, "tagging", 0, "words");
        foreach (var window in SentenceBatches.Windows(
            NullElements.Refused(sentences, nameof(sentences)), options.WindowWords))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var tagged in TagWindow(window, reporter, cancellation)) yield return tagged;
        }
    }

    /// <summary>Tags one sentence.</summary>
    /// <param name="words">Tokenised as the tagger's training text was.</param>
    /// <exception cref="UserException">There is no word.</exception>
    public TaggedSentence Tag(params string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        for (var i = 0; i < words.Length; i++) ArgumentNullException.ThrowIfNull(words[i], $"{nameof(words)}[{i}]");
        if (words.Length == 0) throw new UserException("A sentence to tag needs a word at least.");
        return TagWindow([new Sentence(words, null, 1, 0)], new WorkReporter(null, "tagging", words.Length, "words"),
            CancellationToken.None)[0];
    }

    TaggedSentence[] TagWindow(IReadOnlyList<Sentence> window, WorkReporter reporter, CancellationToken cancellation)
    {
        var nothing = new TaggedReading([], options.Readings > 1 ? 1 : null, options.WithConfidence ? [] : null)
        {
            SpanConfidence = options.WithSpanConfidence ? [] : null,
        };
        var tagged = window.Select(sentence => new TaggedSentence(sentence.Words, [nothing]) { Source = sentence })
            .ToArray();
        var full = Enumerable.Range(0, window.Count).Where(number => window[number].Words.Length > 0).ToArray();
        var pieces = full.SelectMany(number => Pieces(window[number])).ToList();
        var batches = SentenceBatches.ByWordBudget([.. pieces.Select(piece => piece.Words.Length)],
            TaggerEvaluation.WordBudget);
        var parts = SentenceBatches.InOrder(batches, batches.SelectMany(numbers =>
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = TagBatch([.. numbers.Select(number => pieces[number])]);
            reporter.Advance(numbers.Sum(number => pieces[number].Words.Length));
            return batch;
        }));
        var start = 0;
        foreach (var number in full)
        {
            var count = PiecesOf(window[number]);
            var own = parts.AsSpan(start, count).ToArray();
            var whole = PieceReadings.Join(Array.ConvertAll(own, part => part.Readings), options.Readings);
            // Most sentences have no span, and need none of it.
            var scores = new Lazy<ChainProbabilities[]>(() => Array.ConvertAll(own,
                part => new ChainProbabilities(part.Scores!.Times(1 / loaded.Temperature))));
            tagged[number] = tagged[number] with
            {
                Readings = Array.ConvertAll(whole, reading => Named(reading, scores)),
            };
            start += count;
        }
        return tagged;
    }

    int PiecesOf(Sentence sentence) => (sentence.Words.Length - 1) / options.PieceWords + 1;

    IEnumerable<Sentence> Pieces(Sentence sentence) => PiecesOf(sentence) == 1
        ? [sentence]
        : sentence.Words.Chunk(options.PieceWords).Select(words => sentence with { Words = words, Tags = null });

    /// <summary>What is known of a piece.</summary>
    /// <param name="Readings">The best one first.</param>
    /// <param name="Scores">Null unless spans' probabilities are asked for.</param>
    readonly record struct Part(TaggerReading[] Readings, ChainScores? Scores);

    Part[] TagBatch(Sentence[] pieces)
    {
        var batch = new TaggerBatch([.. pieces.Select(loaded.Vocabularies.Encode)], loaded.Vocabularies.BackwardEnd);
        var (readings, scores) = loaded.Tagger.Read(batch,
            options.Readings == 1 ? 1 : SequencesAReading * options.Readings, options.WithConfidence,
            loaded.Temperature, options.WithSpanConfidence);
        return [.. readings.Select((own, b) =>
            new Part(options.Readings == 1 ? own : Distinct(own), scores.ElementAtOrDefault(b)))];
    }

    // Sequences of the model's own tags may mark the same: S-X and B-X are both B-X.
    TaggerReading[] Distinct(TaggerReading[] readings) =>
    [
        .. readings.GroupBy(reading => string.Join(' ', Names(reading)))
            .Select(alike => alike.First() with
            {
                LogProbability = LogSum([.. alike.Select(one => one.LogProbability!.Value)]),
            })
            .OrderByDescending(reading => reading.LogProbability).Take(options.Readings),
    ];

    // At most log 1: a sum of exponentials may come to a rounding more.
    static double LogSum(double[] logs)
    {
        var largest = logs.Max();
        return double.IsInfinity(largest) ? largest
            : Math.Min(0, largest + Math.Log(logs.Sum(one => Math.Exp(one - largest))));
    }

    string[] Names(TaggerReading reading) => TagConversion.Convert(
        Array.ConvertAll(reading.Tags, tag => loaded.Vocabularies.Tags[tag]), TagScheme.Iob2);

    TaggedReading Named(TaggerReading reading, Lazy<ChainProbabilities[]> scores)
    {
        var named = new TaggedReading(Names(reading),
            reading.LogProbability is { } known ? Math.Exp(known) : null, reading.Confidence);
        return !options.WithSpanConfidence ? named
            : named with { SpanConfidence = [.. named.Spans.Select(span => spans.Of(span, scores.Value))] };
    }
}
