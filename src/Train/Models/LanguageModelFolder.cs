using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Models;

/// <summary>config.json of a language model.</summary>
/// <param name="Kind">"language_model".</param>
/// <param name="Direction">"forward" or "backward".</param>
/// <param name="Words">Vocabulary size.</param>
/// <param name="Options">Shape and training.</param>
public sealed record LanguageModelConfig(string Kind, string Direction, int Words, LanguageModelOptions Options)
    : IModelConfig
{
    /// <summary>What <see cref="Kind"/> says of a language model.</summary>
    public const string KindName = "language_model";

    static JsonObject IModelConfig.DefaultOptions { get; } =
        JsonSerializer.SerializeToNode(new LanguageModelOptions(), OptionsJson.Default.LanguageModelOptions)!
            .AsObject();

    /// <summary>Whether the model reads text from its end.</summary>
    public bool IsBackward => Direction == "backward";

    IEnumerable<string> IModelConfig.Problems()
    {
        if (!LanguageModelFolder.Both.Contains(Direction))
            yield return $"direction: '{Direction}' is not one of forward|backward.";
        if (Words < 1) yield return $"words: {Words} are no vocabulary.";
        foreach (var problem in SettingsSchema<LanguageModelOptions>.Instance.ProblemsIn(Options))
            yield return "options." + problem;
    }
}

/// <summary>A language model with its vocabulary, and the folder it is kept in.</summary>
/// <param name="Config">What the folder says of it.</param>
/// <param name="Model">The weights; disposed of with the record.</param>
/// <param name="Vocabulary">Its words.</param>
public sealed record LoadedLanguageModel(LanguageModelConfig Config, LanguageModel<float> Model, Vocabulary Vocabulary)
    : IDisposable
{
    /// <summary>What the folder says of it.</summary>
    public LanguageModelConfig Config
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Config));
    } = Config ?? throw new ArgumentNullException(nameof(Config));

    /// <summary>The weights; disposed of with the record.</summary>
    public LanguageModel<float> Model
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Model));
    } = Model ?? throw new ArgumentNullException(nameof(Model));

    /// <summary>Its words.</summary>
    public Vocabulary Vocabulary
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Vocabulary));
    } = Vocabulary ?? throw new ArgumentNullException(nameof(Vocabulary));

    /// <summary>Gives the model's memory back to its device.</summary>
    public void Dispose() => Model.Dispose();
}

/// <summary>
/// Reads and writes one direction's folder; a run's folder has one for each direction, forward/ and backward/.
/// </summary>
public static class LanguageModelFolder
{
    const string VocabularyFile = "vocab/words.txt";

    /// <summary>Adds all but the training state to a checkpoint.</summary>
    /// <summary>Folders of the two directions.</summary>
    internal static readonly string[] Both = ["forward", "backward"];

    internal static void Write(CheckpointWriter writer, LanguageModelConfig config, LanguageModel<float> model,
        Vocabulary vocabulary)
    {
        writer.AddText("config.json", JsonSerializer.Serialize(config, ModelConfigJson.Default.LanguageModelConfig));
        writer.AddLines(VocabularyFile, vocabulary.Tokens);
        writer.AddTensors(CheckpointFolder.WeightsFile, StateDict.Of(model));
    }

    internal static LanguageModelConfig ReadConfig(CheckpointFolder folder) =>
        ModelConfigJson.Read(folder, ModelConfigJson.Default.LanguageModelConfig, LanguageModelConfig.KindName);

    internal static Vocabulary ReadVocabulary(CheckpointFolder folder, int words)
    {
        var vocabulary = ModelVocabulary.Read(folder, VocabularyFile);
        ModelVocabulary.Require(vocabulary, folder.PathOf(VocabularyFile), Vocabulary.Unknown, Vocabulary.SentenceEnd);
        return vocabulary.Count == words ? vocabulary
            : throw new UserException(
                $"{folder.PathOf(VocabularyFile)}: {vocabulary.Count} words, config.json says {words}: " +
                "the files are of two models.");
    }

    /// <summary>A language model of one direction.</summary>
    /// <param name="backend">Where it is to live.</param>
    /// <param name="path">The direction's own folder: one of <see cref="Directions"/>.</param>
    /// <exception cref="NoCheckpointException">The folder holds no model.</exception>
    /// <exception cref="UserException">A file is missing, damaged, or of another model.</exception>
    public static LoadedLanguageModel Load(DeviceBackend<float> backend, string path)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(path);
        NoCheckpointException.RequireName(path, "language model");
        var folder = new CheckpointFolder(path);
        return folder.Read(() => Load(backend, folder));
    }

    static LoadedLanguageModel Load(DeviceBackend<float> backend, CheckpointFolder folder)
    {
        var config = ReadConfig(folder);
        var vocabulary = ReadVocabulary(folder, config.Words);
        return folder.ReadTensors(CheckpointFolder.WeightsFile, reader =>
        {
            var stored = config with { Options = WithStoredSoftmax(config, reader) };
            var model = StateDict.Create<float, LanguageModel<float>>(reader,
                () => new(backend, stored.Options, stored.Words));
            return new LoadedLanguageModel(stored, model, vocabulary);
        });
    }

    // The published code's cut-offs end at V+1: its last cluster has a row that no word of its V has.
    static LanguageModelOptions WithStoredSoftmax(LanguageModelConfig config, SafeTensorsReader reader)
    {
        int[] cutoffs = [.. config.Options.Cutoffs.Where(cutoff => cutoff < config.Words)];
        var (last, rows) = cutoffs.Length == 0
            ? ("soft_max.head.weight", config.Words)
            : ($"soft_max.tail.{cutoffs.Length - 1}.1.weight", config.Words - cutoffs[^1]);
        return reader.Find(last)?.Shape is [var stored, ..] && stored == rows + 1
            ? config.Options with { SpareSoftmaxRow = true } : config.Options;
    }

    /// <summary>The directions under a folder: both, one, or the folder itself when it is one direction's.</summary>
    /// <param name="path">A run's folder, or one direction's.</param>
    /// <exception cref="NoCheckpointException">There is none.</exception>
    public static IReadOnlyList<string> Directions(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        NoCheckpointException.RequireName(path, "language model");
        if (new CheckpointFolder(path).Exists) return [path];
        var found = Both.Select(direction => Path.Combine(path, direction))
            .Where(folder => new CheckpointFolder(folder).Exists).ToArray();
        return found.Length > 0 ? found
            : throw new NoCheckpointException(path, "no language model: expected config.json, forward/ or backward/.");
    }
}
