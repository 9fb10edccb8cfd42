using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Train.Data;

/// <summary>One division of a labelled file: trained and stopped on the rest, tested on the part left out.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Train">What is trained on.</param>
/// <param name="Dev">For early stopping.</param>
/// <param name="Test">The part left out.</param>
/// <param name="TestPlaces">Where the sentences of <paramref name="Test"/> stand in the file, from 0.</param>
public sealed record Fold(int Number, LabelledFile Train, LabelledFile Dev, LabelledFile Test,
    IReadOnlyList<int> TestPlaces)
{
    /// <summary>What is trained on.</summary>
    public LabelledFile Train
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Train));
    } = Train ?? throw new ArgumentNullException(nameof(Train));

    /// <summary>For early stopping.</summary>
    public LabelledFile Dev
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Dev));
    } = Dev ?? throw new ArgumentNullException(nameof(Dev));

    /// <summary>The part left out.</summary>
    public LabelledFile Test
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Test));
    } = Test ?? throw new ArgumentNullException(nameof(Test));

    /// <summary>Where the sentences of <see cref="Test"/> stand in the file, from 0.</summary>
    public IReadOnlyList<int> TestPlaces
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(TestPlaces));
    } = TestPlaces ?? throw new ArgumentNullException(nameof(TestPlaces));
}

/// <summary>Divides one labelled file k times, so that each of its sentences is tested once.</summary>
public static class CrossValidation
{
    /// <summary>
    /// Shuffles the units by <paramref name="seed"/> and cuts them into <paramref name="count"/> parts of sizes that
    /// differ by one at most. Fold k is tested on part k; of the other units a tenth, one at least, is for early
    /// stopping where no <paramref name="dev"/> is given, and the rest is trained on. Parts keep the file's order.
    /// </summary>
    /// <param name="file">To be divided.</param>
    /// <param name="count">Folds, 2 or more.</param>
    /// <param name="seed">Decides the division alone.</param>
    /// <param name="unit">What stays together.</param>
    /// <param name="dev">For early stopping in every fold; null to take it from the file.</param>
    /// <exception cref="TooFewToSplitException">There are too few units.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 folds, or there is no such unit.</exception>
    public static IReadOnlyList<Fold> Folds(LabelledFile file, int count, ulong seed,
        SplitUnit unit = SplitUnit.Document, LabelledFile? dev = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var unitOf = DocumentSplit.Units(file.Sentences, unit);
        var units = unitOf.Distinct().ToArray();
        // One unit for dev and one to train on are left of the other parts.
        var needed = dev is null && count == 2 ? 4 : count;
        if (units.Length < needed)
            throw new TooFewToSplitException(file.Name, unit, units.Length, file.Sentences.Count,
                $"be divided into {count} folds", needed);
        new RandomStream(new RandomKey(seed, 0, 0)).Shuffle<int>(units);
        return [.. Enumerable.Range(0, count).Select(part => Part(file, unitOf, units, part, count, dev))];
    }

    static Fold Part(LabelledFile file, int[] unitOf, int[] units, int part, int count, LabelledFile? dev)
    {
        var (first, end) = (units.Length * part / count, units.Length * (part + 1) / count);
        int[] rest = [.. units[..first], .. units[end..]];
        var tested = units[first..end].ToHashSet();
        var stopping = rest.Take(dev is null ? Math.Max(1, rest.Length / 10) : 0).ToHashSet();
        var places = Enumerable.Range(0, unitOf.Length).ToLookup(
            i => tested.Contains(unitOf[i]) ? "test" : stopping.Contains(unitOf[i]) ? "dev" : "train");
        LabelledFile Of(string role) => file with
        {
            Name = $"{file.Name} (fold {part + 1}, {role})",
            Sentences = [.. places[role].Select(i => file.Sentences[i])],
        };
        return new(part + 1, Of("train"), dev ?? Of("dev"), Of("test"), [.. places["test"]]);
    }

    /// <summary>Spans of a whole file, tested fold by fold, as conlleval counts them.</summary>
    /// <param name="file">With gold tags.</param>
    /// <param name="predicted">Tags of every sentence, in the file's order, in any scheme.</param>
    /// <exception cref="ShapeException">There are not tags for each sentence.</exception>
    public static SpanReport Score(LabelledFile file, IReadOnlyList<string[]> predicted)
    {
        Require(file, predicted);
        var score = new SpanScore();
        for (var i = 0; i < predicted.Count; i++) score.Add(file.Sentences[i].Tags!, predicted[i]);
        return score.Report();
    }

    /// <summary>
    /// Writes word, gold tag and predicted tag, in IOB2, with a TAB between them, a blank line after each sentence.
    /// </summary>
    /// <param name="path">Overwritten, whole or not at all.</param>
    /// <param name="file">With gold tags.</param>
    /// <param name="predicted">Tags of every sentence, in the file's order, in any scheme.</param>
    /// <exception cref="ShapeException">There are not tags for each sentence.</exception>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, LabelledFile file, IReadOnlyList<string[]> predicted)
    {
        ArgumentNullException.ThrowIfNull(path);
        Require(file, predicted);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            foreach (var (sentence, tags) in file.Sentences.Zip(predicted))
            {
                var (gold, found) = (TagConversion.Convert(sentence.Tags!, TagScheme.Iob2),
                    TagConversion.Convert(tags, TagScheme.Iob2));
                for (var i = 0; i < gold.Length; i++) writer.WriteLine($"{sentence.Words[i]}\t{gold[i]}\t{found[i]}");
                writer.WriteLine();
            }
        });
    }

    static void Require(LabelledFile file, IReadOnlyList<string[]> predicted)
    {
        ArgumentNullException.ThrowIfNull(file);
        NullElements.Refuse(predicted);
        if (predicted.Count != file.Sentences.Count)
            throw new ShapeException("cross-validation",
                $"{predicted.Count} sentences have predicted tags, {file.Sentences.Count} gold ones.");
    }
}
