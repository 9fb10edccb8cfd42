using System.Globalization;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Tests.Tagging;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Import;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Data;

/// <summary>
/// Every property of the records that say how text is read, scored, tagged and drawn changes what comes out. (Settings
/// of models and training are in the quickstart's own test, what runs and imports are told in theirs.)
/// </summary>
public sealed class OptionsEffectTests : IDisposable
{
    static readonly Type[] Records =
    [
        typeof(ConllOptions), typeof(DataCheckOptions), typeof(RawTextOptions), typeof(SamplingOptions),
        typeof(SpanScoreOptions), typeof(TextTaggerOptions),
    ];

    readonly TestFiles files = TestFiles.InMemory();
    readonly CountingBackend backend = new();

    public void Dispose() => files.Dispose();

    public static TheoryData<string> Properties => [.. Records.SelectMany(record => record
        .GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic
            | System.Reflection.BindingFlags.Instance)
        .Where(property => property.CanWrite && property.Name != "EqualityContract")
        .Select(property => $"{record.Name}.{property.Name}"))];

    [Theory, MemberData(nameof(Properties))]
    public void ChangesWhatComesOut(string property)
    {
        var (standard, changed) = Results(property);
        Assert.NotEqual(standard, changed);
    }

    /// <summary>
    /// Run options aside, which say what to work on, and those of ranks: tests of training on them set each.
    /// </summary>
    [Fact]
    public void EveryRecordOfOptionsIsHere() => Assert.Equal(
        Records.Select(record => record.Name),
        typeof(ConllOptions).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract
                && !type.Name.EndsWith("RunOptions", StringComparison.Ordinal)
                && type != typeof(RankGroupOptions)
                && type != typeof(SyntheticCorpusOptions) && type != typeof(TorchImportOptions))
            .Select(type => type.Name).Order(StringComparer.Ordinal));

    /// <summary>What comes out with the default, and with another value.</summary>
    (string Standard, string Changed) Results(string property) => property switch
    {
        "ConllOptions.Separator" => (Read("a,b O\n"), Read("a,b O\n", new() { Separator = ',' })),
        "ConllOptions.WordColumn" => (Read("a b O\n"), Read("a b O\n", new() { WordColumn = 1 })),
        "ConllOptions.TagColumn" => (Read("a I O\n"), Read("a I O\n", new() { TagColumn = 1 })),
        "ConllOptions.Comment" => (Read("%a O\nb O\n"), Read("%a O\nb O\n", new() { Comment = "%" })),
        "ConllOptions.KeepsLines" => (Read("a O\n\n\nb O\n"), Read("a O\n\n\nb O\n", new() { KeepsLines = true })),
        "ConllOptions.MostWords" => (Read("a O\nb O\n"), Read("a O\nb O\n", new() { MostWords = 1 })),
        "DataCheckOptions.Conll" => (Check("a B-X\n"), Check("a B-X\n", new() { Conll = false })),
        "DataCheckOptions.Columns" =>
            (Check("a bc O\n"), Check("a bc O\n", new() { Columns = new() { WordColumn = 1 } })),
        "DataCheckOptions.Scheme" => (Check("a B-X\n"), Check("a B-X\n", new() { Scheme = TagScheme.Iobes })),
        "DataCheckOptions.Embeddings" =>
            (Check("a O\n"), Check("a O\n", new() { Embeddings = files.Write("vectors", "a 1\n") })),
        "DataCheckOptions.Vocabulary" => (Check("a O\n"), Check("a O\n", new() { Vocabulary = new(["a"]) })),
        "DataCheckOptions.Examples" => (Check("a Q\nb O\nc O\n"), Check("a Q\nb O\nc O\n", new() { Examples = 0 })),
        "RawTextOptions.Break" => (Cut("a\nb"), Cut("a\nb", new() { Break = SentenceBreak.Line })),
        "RawTextOptions.MostWords" => (Cut("a b"), Cut("a b", new() { MostWords = 1 })),
        "SamplingOptions.Temperature" => (Sampled(), Sampled(new() { Temperature = 0 })),
        "SamplingOptions.TopK" => (Sampled(), Sampled(new() { TopK = 1 })),
        "SamplingOptions.Length" => (Sampled(), Sampled(new() { Length = 3 })),
        "SamplingOptions.Seed" => (Sampled(), Sampled(new() { Seed = 2 })),
        "SpanScoreOptions.Delimiter" => (Score("a,B-X B-X,O\n"), Score("a,B-X B-X,O\n", new() { Delimiter = ',' })),
        "SpanScoreOptions.GoldColumn" => (Score("B-X O O\n"), Score("B-X O O\n", new() { GoldColumn = 0 })),
        "SpanScoreOptions.PredictedColumn" => (Score("B-X O O\n"), Score("B-X O O\n", new() { PredictedColumn = 0 })),
        "SpanScoreOptions.Comment" => (Score("%a O O\nb O O\n"), Score("%a O O\nb O O\n", new() { Comment = "%" })),
        "SpanScoreOptions.Raw" => (Score("a X X\n"), Score("a X X\n", new() { Raw = true })),
        "SpanScoreOptions.OutsideTag" =>
            (Score("a X X\n", new() { Raw = true }), Score("a X X\n", new() { Raw = true, OutsideTag = "X" })),
        "TextTaggerOptions.Readings" => (Tagged(new()), Tagged(new() { Readings = 2 })),
        "TextTaggerOptions.WithConfidence" => (Tagged(new()), Tagged(new() { WithConfidence = true })),
        "TextTaggerOptions.WithSpanConfidence" => (Tagged(new()), Tagged(new() { WithSpanConfidence = true })),
        "TextTaggerOptions.PieceWords" => (Tagged(new() { WithConfidence = true }),
            Tagged(new() { WithConfidence = true, PieceWords = 1 })),
        "TextTaggerOptions.WindowWords" => (Tagged(new()), Tagged(new() { WindowWords = 1 })),
        _ => throw new ArgumentException($"{property} is new: say here what it changes.", nameof(property)),
    };

    static string Read(string text, ConllOptions? options = null) => Or(() => string.Join('|',
        ConllReader.Read(Stream(text), "input", options).Select(sentence => $"{string.Join(' ', sentence.Words)}/"
            + string.Join(' ', sentence.Tags!) + sentence.FirstLine)));

    static string Cut(string text, RawTextOptions? options = null) =>
        string.Join('|', RawText.Sentences(text, options).Select(sentence => string.Join(' ', sentence.Words)));

    string Sampled(SamplingOptions? options = null)
    {
        string Torch(string name) => RepositoryRoot.Combine("tests", "Goldens", "torch", name);
        var folder = files.PathOf("lm");
        if (!Directory.Exists(folder))
            TorchImport.Run(backend, new()
            {
                Model = Torch("lm.zip.th"), Vocabulary = Torch("lm_map.pk"), Output = folder, IsBackward = false,
            });
        using var loaded = LanguageModelFolder.Load(backend, folder);
        return string.Join(' ', LanguageModelSampler.Sample(loaded, [], options));
    }

    string Check(string text, DataCheckOptions? options = null) => Or(() =>
        System.Text.Json.JsonSerializer.Serialize(DataCheck.Check(files.Write("checked", text), options),
            DataReportJson.Default.DataReport));

    static string Score(string text, SpanScoreOptions? options = null) => Or(() =>
        string.Join('\n', SpanReportText.Lines(
            SpanScoreReader.Score(TextLines.Read(Stream(text), "input"), "input", options))));

    string Tagged(TextTaggerOptions options)
    {
        using var loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);
        var read = 0;
        var first = new TextTagger(loaded, options).Tag(SmallCorpus.Dev.Sentences.Select(sentence =>
        {
            read++;
            return sentence;
        })).First();
        return string.Create(CultureInfo.InvariantCulture,
            $"{read} read, {first.Readings.Count} readings, confidences {string.Join(' ', first.Confidence ?? [])}, "
            + $"of spans {first.Readings[0].SpanConfidence is not null}");
    }

    static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    static string Or(Func<string> result)
    {
        try
        {
            return result();
        }
        catch (UserException refused)
        {
            return refused.Message;
        }
    }
}
