using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Data;

/// <summary>Sizes of a <see cref="SyntheticCorpus"/>.</summary>
public sealed record SyntheticCorpusOptions : ISettings
{
    /// <summary>Decides every word.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Words of unlabelled text to train language models on; a twentieth of it more is held out.</summary>
    /// <value>100 to 100_000_000; 80_000 by default.</value>
    [Setting("Words of unlabelled text to train language models on; a twentieth of it more is held out.", Minimum = 100,
        Maximum = 100_000_000)]
    public int UnlabelledWords { get; init; } = 80_000;

    /// <summary>Labelled sentences to train taggers on.</summary>
    /// <value>1 to 1_000_000; 600 by default.</value>
    [Setting("Labelled sentences to train taggers on.", Minimum = 1, Maximum = 1_000_000)]
    public int TrainSentences { get; init; } = 600;

    /// <summary>Labelled sentences that choose the best epoch.</summary>
    /// <value>1 to 1_000_000; 200 by default.</value>
    [Setting("Labelled sentences that choose the best epoch.", Minimum = 1, Maximum = 1_000_000)]
    public int DevSentences { get; init; } = 200;

    /// <summary>Labelled sentences that F1 is reported on.</summary>
    /// <value>1 to 1_000_000; 300 by default.</value>
    [Setting("Labelled sentences that F1 is reported on.", Minimum = 1, Maximum = 1_000_000)]
    public int TestSentences { get; init; } = 300;

    /// <summary>Given names, families, places and organisations of the training sentences, so many of each.</summary>
    /// <value>1 to 1000; 50 by default.</value>
    [Setting("Given names, families, places and organisations of the training sentences, so many of each.", Minimum = 1,
        Maximum = 1000)]
    public int TrainNames { get; init; } = 50;

    /// <summary>The same of the dev sentences.</summary>
    /// <value>1 to 1000; 20 by default.</value>
    [Setting("The same of the dev sentences.", Minimum = 1, Maximum = 1000)]
    public int DevNames { get; init; } = 20;

    /// <summary>The same of the test sentences.</summary>
    /// <value>1 to 1000; 25 by default.</value>
    [Setting("The same of the test sentences.", Minimum = 1, Maximum = 1000)]
    public int TestNames { get; init; } = 25;

    /// <summary>Share of the labelled sentences with names in which the other words do not tell the type.</summary>
    /// <value>0 to 1; 0.5 by default.</value>
    [Setting("Share of the labelled sentences with names in which the other words do not tell the type.", Minimum = 0,
        Maximum = 1)]
    public double NeutralShare { get; init; } = 0.5;

    /// <inheritdoc/>
    public IEnumerable<string> Contradictions() => [];
}

/// <summary>
/// A made-up language with persons, places and organisations, made so that a language model has something to give. The
/// names of train, dev and test are three sets without a common word, and a name's look does not tell its type; in half
/// of the labelled sentences nothing else tells it either. The unlabelled text holds all names, most often where the
/// words around them tell. Some places share their name with an organisation or a family, and some given names are
/// ordinary words or months elsewhere. The seed alone decides every word.
/// </summary>
public sealed class SyntheticCorpus
{
    /// <summary>The type of persons' names.</summary>
    public const string Person = "PER";

    /// <summary>The type of places' names.</summary>
    public const string Place = "LOC";

    /// <summary>The type of organisations' names.</summary>
    public const string Organisation = "ORG";

    const double NamelessShare = 0.15;
    const double UnlabelledNeutralShare = 0.2;

    /// <summary>The three types, in the order in which bare names are drawn.</summary>
    public static IReadOnlyList<string> Types { get; } = [Person, Place, Organisation];

    /// <summary>Draws the whole corpus.</summary>
    /// <param name="options">Seed and sizes; by default small enough for a test.</param>
    /// <exception cref="OptionsException">One is out of its range.</exception>
    public SyntheticCorpus(SyntheticCorpusOptions? options = null)
    {
        options = SettingsSchema<SyntheticCorpusOptions>.Require(options ?? new());
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = RandomOf(0);
        var parts = new[] { options.TrainNames, options.DevNames, options.TestNames }
            .Select((perKind, part) =>
                (Names: SyntheticNames.Draw(perKind, taken, names), Ambiguities: SyntheticGrammar.Ambiguities[part]))
            .ToArray();
        Train = Labelled(0, options.TrainSentences);
        Dev = Labelled(1, options.DevSentences);
        Test = Labelled(2, options.TestSentences);
        TestNames = parts[2].Names.All.Concat(parts[2].Ambiguities.Select(word => word.Name))
            .ToHashSet(StringComparer.Ordinal);
        var unlabelled = new SyntheticWriter(parts, RandomOf(4));
        Unlabelled = Text(options.UnlabelledWords);
        UnlabelledValid = Text(options.UnlabelledWords / 20);

        RandomStream RandomOf(uint site) => new(new RandomKey(options.Seed, 0, site));

        List<Sentence> Labelled(int part, int count)
        {
            var writer = new SyntheticWriter([parts[part]], RandomOf(1 + (uint)part));
            var sentences = new List<Sentence>(count);
            var line = 1;
            for (var i = 0; i < count; i++)
            {
                var (words, tags) = writer.Sentence(options.NeutralShare, NamelessShare);
                sentences.Add(new Sentence(words, tags, line, 0));
                line += words.Length + 1;
            }
            return sentences;
        }

        List<string[]> Text(int wordCount)
        {
            var sentences = new List<string[]>();
            for (var words = 0; words < wordCount; words += sentences[^1].Length)
                sentences.Add(unlabelled.Sentence(UnlabelledNeutralShare, NamelessShare).Words);
            return sentences;
        }
    }

    /// <summary>
    /// Labelled in IOB2; line numbers are those of the file that <see cref="ConllWriter"/> makes of it.
    /// </summary>
    public IReadOnlyList<Sentence> Train { get; }

    /// <summary>Labelled in IOB2, for early stopping.</summary>
    public IReadOnlyList<Sentence> Dev { get; }

    /// <summary>Labelled in IOB2, to report F1 on.</summary>
    public IReadOnlyList<Sentence> Test { get; }

    /// <summary>
    /// Words of the names of <see cref="Test"/>; none of them is in <see cref="Train"/> or <see cref="Dev"/>.
    /// </summary>
    public IReadOnlySet<string> TestNames { get; }

    /// <summary>Text for the language models: the words of each sentence.</summary>
    public IReadOnlyList<string[]> Unlabelled { get; }

    /// <summary>Held-out text of the same kind.</summary>
    public IReadOnlyList<string[]> UnlabelledValid { get; }

    /// <summary>What <see cref="Write"/> writes.</summary>
    internal static IReadOnlyList<string> FileNames { get; } =
        ["train.conll", "dev.conll", "test.conll", "unlabelled.txt", "unlabelled.valid.txt"];

    /// <summary>
    /// Writes the corpus as other text lies in files: <c>train.conll</c>, <c>dev.conll</c> and <c>test.conll</c>, a
    /// word and its tag a line; <c>unlabelled.txt</c> and <c>unlabelled.valid.txt</c>, a sentence a line.
    /// </summary>
    /// <param name="folder">Made where it is not there; files of these names in it are written over.</param>
    /// <exception cref="OutputFolderException">Its name is empty, or a file has it.</exception>
    /// <exception cref="UserException">A file cannot be written.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public void Write(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        OutputFolder.RequireName(folder);
        Directory.CreateDirectory(folder);
        var paths = FileNames.Select(name => Path.Combine(folder, name)).ToArray();
        ConllWriter.Write(paths[0], Train);
        ConllWriter.Write(paths[1], Dev);
        ConllWriter.Write(paths[2], Test);
        WriteText(paths[3], Unlabelled);
        WriteText(paths[4], UnlabelledValid);

        static void WriteText(string path, IEnumerable<string[]> sentences) => AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            foreach (var words in sentences) writer.Write($"{string.Join(' ', words)}\n");
        });
    }
}
