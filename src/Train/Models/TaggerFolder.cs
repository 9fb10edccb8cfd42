using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>One language model inside a tagger's config.json.</summary>
/// <param name="Words">Vocabulary size.</param>
/// <param name="Unit">What each layer is made of.</param>
/// <param name="Embedding">Width of a word's embedding.</param>
/// <param name="Hidden">Hidden size of each layer that is left.</param>
/// <param name="Dense">Whether each layer reads all layers below it.</param>
/// <param name="Scaled">Whether layers have scales z.</param>
sealed record EncoderConfig(int Words, RecurrentUnit Unit, int Embedding, IReadOnlyList<int> Hidden, bool Dense,
    bool Scaled)
{
    // As the language model's own settings have them.
    const int Widest = 65536, MostLayers = 1000;

    public static EncoderConfig Of(EncoderShape shape) =>
        new(shape.Words, shape.Stack.Unit, shape.Stack.Embedding, shape.Stack.Hidden, shape.Stack.IsDense,
            shape.Scaled);

    /// <summary>Values outside their ranges, each with <paramref name="where"/> before it.</summary>
    public IEnumerable<string> Problems(string where)
    {
        if (Words < 1) yield return $"{where}.words: {Words} are no vocabulary.";
        if (Embedding is < 1 or > Widest) yield return $"{where}.embedding: {Embedding} is not 1 to {Widest}.";
        if (Hidden.Count > MostLayers)
            yield return $"{where}.hidden: {Hidden.Count} layers are more than {MostLayers}.";
        foreach (var hidden in Hidden.Where(hidden => hidden is < 1 or > Widest).Take(1))
            yield return $"{where}.hidden: {hidden} is not 1 to {Widest}.";
        if (!Enum.IsDefined(Unit)) yield return $"{where}.unit: {Unit} is none.";
    }

    public EncoderShape ToShape() => new(Words, new RecurrentStackShape(Unit, Embedding, Hidden, Dense), Scaled);
}

/// <summary>config.json of a tagger, whole or pruned.</summary>
/// <param name="Kind">"tagger".</param>
/// <param name="Options">Shape and training.</param>
/// <param name="Forward">Null for NoLM.</param>
/// <param name="Backward">Null for NoLM.</param>
/// <param name="Constraints">
/// What stood here before <see cref="TaggerOptions.Constraints"/> could say all of it, and then counts; else null.
/// </param>
sealed record TaggerConfig(string Kind, TaggerOptions Options, EncoderConfig? Forward, EncoderConfig? Backward,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CrfConstraints? Constraints = null)
    : IModelConfig
{
    public const string KindName = "tagger";

    public static JsonObject DefaultOptions { get; } =
        JsonSerializer.SerializeToNode(new TaggerOptions(), OptionsJson.Default.TaggerOptions)!.AsObject();

    /// <summary>The options with the constraints that count.</summary>
    public TaggerOptions WholeOptions() =>
        Constraints is { } constraints ? Options with { Constraints = constraints } : Options;

    public IEnumerable<string> Problems()
    {
        if (Forward is null != Backward is null)
            yield return "one language model of two: forward and backward are both there, or neither.";
        foreach (var problem in SettingsSchema<TaggerOptions>.Instance.ProblemsIn(Options))
            yield return "options." + problem;
        foreach (var problem in Forward?.Problems("forward") ?? []) yield return problem;
        foreach (var problem in Backward?.Problems("backward") ?? []) yield return problem;
    }
}

/// <summary>A tagger with its vocabularies.</summary>
/// <param name="Tagger">The weights; disposed of with the record.</param>
/// <param name="Vocabularies">Its words, characters and tags.</param>
public sealed record LoadedTagger(Tagger<float> Tagger, TaggerVocabularies Vocabularies) : IDisposable
{
    /// <summary>The weights; disposed of with the record.</summary>
    public Tagger<float> Tagger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Tagger));
    } = Tagger ?? throw new ArgumentNullException(nameof(Tagger));

    /// <summary>Its words, characters and tags.</summary>
    public TaggerVocabularies Vocabularies
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Vocabularies));
    } = Vocabularies ?? throw new ArgumentNullException(nameof(Vocabularies));

    /// <summary>
    /// What the CRF's scores are divided by before probabilities are taken of them; 1 leaves them as they were trained.
    /// Tags do not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no number above 0.</exception>
    public double Temperature
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "It is no number above 0.");
    } = 1;

    /// <summary>
    /// Whether the folder holds a temperature that was fitted to other weights, and is not used: a run went on since.
    /// </summary>
    public bool IsTemperatureStale { get; internal init; }

    /// <summary>Gives the model's memory back to its device.</summary>
    public void Dispose() => Tagger.Dispose();
}

/// <summary>Reads and writes a tagger's folder.</summary>
public static class TaggerFolder
{
    internal static void Write(CheckpointWriter writer, Tagger<float> tagger, TaggerVocabularies vocabularies)
    {
        var shape = tagger.Shape;
        var config = new TaggerConfig(TaggerConfig.KindName, tagger.Options,
            shape.Forward is null ? null : EncoderConfig.Of(shape.Forward),
            shape.Backward is null ? null : EncoderConfig.Of(shape.Backward));
        writer.AddText("config.json", JsonSerializer.Serialize(config, ModelConfigJson.Default.TaggerConfig));
        foreach (var (name, vocabulary) in Files(vocabularies)) writer.AddLines(name, vocabulary.Tokens);
        writer.AddTensors(CheckpointFolder.WeightsFile, StateDict.Of(tagger));
    }

    /// <summary>
    /// A tagger, whole or pruned, with its vocabularies, and with its temperature where one was fitted
    /// (<see cref="TaggerTemperature"/>).
    /// </summary>
    /// <param name="backend">Where it is to live.</param>
    /// <param name="path">The folder that a run wrote.</param>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">A file is missing, damaged, or of another model.</exception>
    public static LoadedTagger Load(DeviceBackend<float> backend, string path)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(path);
        NoCheckpointException.RequireName(path, "tagger");
        var folder = new CheckpointFolder(path);
        return folder.Read(() => Load(backend, folder));
    }

    static LoadedTagger Load(DeviceBackend<float> backend, CheckpointFolder folder)
    {
        var path = folder.Root;
        var config = ModelConfigJson.Read(folder, ModelConfigJson.Default.TaggerConfig, TaggerConfig.KindName);
        var vocabularies = new TaggerVocabularies(
            Words("vocab/words.txt"), Named("vocab/characters.txt", text => new CharacterVocabulary(text)),
            Named("vocab/tags.txt", text => new TagVocabulary(text)),
            config.Forward is null ? null : Words("vocab/forward_words.txt"),
            config.Backward is null ? null : Words("vocab/backward_words.txt"))
        {
            Lowercase = config.Options.Lowercase,
            SentenceEnd = config.Options.SentenceEnd,
        }.RequireSentenceEnd(path);
        RequireScheme(folder.PathOf("vocab/tags.txt"), vocabularies.Tags, config.Options.Scheme);
        RequireCount(path, "vocab/forward_words.txt", vocabularies.ForwardWords, config.Forward);
        RequireCount(path, "vocab/backward_words.txt", vocabularies.BackwardWords, config.Backward);
        var shape = ShapeOf(vocabularies, config.Forward?.ToShape(), config.Backward?.ToShape());
        var tagger = folder.ReadTensors(CheckpointFolder.WeightsFile, reader =>
            StateDict.Create<float, Tagger<float>>(reader, () => new(backend, config.WholeOptions(), shape)));
        return TaggerTemperature.Read(folder) switch
        {
            null => new(tagger, vocabularies),
            { IsOfTheseWeights: true, Temperature: var temperature } => new(tagger, vocabularies)
            {
                Temperature = temperature,
            },
            _ => new(tagger, vocabularies) { IsTemperatureStale = true },
        };

        Vocabulary Words(string name)
        {
            var words = ModelVocabulary.Read(folder, name);
            ModelVocabulary.Require(words, folder.PathOf(name), Vocabulary.Unknown);
            return words;
        }

        T Named<T>(string name, Func<Vocabulary, T> make)
        {
            var vocabulary = ModelVocabulary.Read(folder, name);
            try
            {
                return make(vocabulary);
            }
            catch (UserException error)
            {
                throw new UserException($"{folder.PathOf(name)}: {error.Message}", error);
            }
        }
    }

    // Tags of another scheme would be decoded, and the spans that they mark be others.
    internal static void RequireScheme(string path, TagVocabulary tags, TaggerScheme scheme)
    {
        var letters = SchemeLetters.All(scheme == TaggerScheme.Iob2
            ? TagScheme.Iob2 : TagScheme.Iobes);
        foreach (var text in tags.Vocabulary.Tokens.Take(tags.StartId))
            if (Tag.Parse(text) is var tag && !(tag.IsOutside ? tag.IsWellFormed : letters.Contains(tag.Prefix)))
                throw new UserException($"{path}: {text} is no tag of {scheme.ToString().ToLowerInvariant()}, the "
                    + "scheme that config.json says: the files are of two models, or one was edited.");
    }

    internal static TaggerShape ShapeOf(TaggerVocabularies vocabularies, EncoderShape? forward,
        EncoderShape? backward) =>
        new(vocabularies.Characters.Count, vocabularies.Words.Count, [.. vocabularies.Tags.Vocabulary.Tokens], forward,
            backward);

    static void RequireCount(string path, string file, Vocabulary? words, EncoderConfig? encoder)
    {
        if (encoder?.Words != words?.Count)
            throw new UserException($"{path}: {file} has {words?.Count} words, config.json says {encoder?.Words}: " +
                "the files are of two models.");
    }

    internal static IEnumerable<(string Name, Vocabulary Vocabulary)> Files(TaggerVocabularies vocabularies)
    {
        yield return ("vocab/words.txt", vocabularies.Words);
        yield return ("vocab/characters.txt", vocabularies.Characters.Vocabulary);
        yield return ("vocab/tags.txt", vocabularies.Tags.Vocabulary);
        if (vocabularies.ForwardWords is { } forward) yield return ("vocab/forward_words.txt", forward);
        if (vocabularies.BackwardWords is { } backward) yield return ("vocab/backward_words.txt", backward);
    }
}
