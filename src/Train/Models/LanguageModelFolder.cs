using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
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
public sealed record LanguageModelConfig(string Kind, string Direction, int Words, LanguageModelOptions Options)
{
    public const string KindName = "language_model";

    public bool IsBackward => Direction == "backward";
}

/// <summary>A language model with its vocabulary, and the folder it is kept in.</summary>
public sealed record LoadedLanguageModel(LanguageModelConfig Config, LanguageModel<float> Model, Vocabulary Vocabulary) : IDisposable
{
    public void Dispose() => Model.Dispose();
}

/// <summary>Reads and writes one direction's folder; a run's folder has one for each direction, forward/ and backward/.</summary>
public static class LanguageModelFolder
{
    const string VocabularyFile = "vocab/words.txt";

    /// <summary>Adds all but the training state to a checkpoint.</summary>
    public static void Write(CheckpointWriter writer, LanguageModelConfig config, LanguageModel<float> model, Vocabulary vocabulary)
    {
        writer.AddText("config.json", JsonSerializer.Serialize(config, ModelConfigJson.Default.LanguageModelConfig));
        writer.AddLines(VocabularyFile, vocabulary.Tokens);
        writer.AddTensors("model.safetensors", StateDict.Of(model));
    }

    public static LanguageModelConfig ReadConfig(CheckpointFolder folder) =>
        ModelConfigJson.Read(folder, ModelConfigJson.Default.LanguageModelConfig, config => config.Kind, LanguageModelConfig.KindName);

    public static Vocabulary ReadVocabulary(CheckpointFolder folder, int words)
    {
        var vocabulary = ModelVocabulary.Read(folder, VocabularyFile);
        return vocabulary.Count == words ? vocabulary
            : throw new UserException($"{folder.PathOf(VocabularyFile)}: {vocabulary.Count} words, config.json says {words}: " +
                "the files are of two models.");
    }

    public static LoadedLanguageModel Load(DeviceBackend<float> backend, string path)
    {
        var folder = new CheckpointFolder(path);
        var config = ReadConfig(folder);
        var vocabulary = ReadVocabulary(folder, config.Words);
        var model = new LanguageModel<float>(backend, config.Options, config.Words);
        folder.ReadTensors("model.safetensors", reader =>
        {
            StateDict.Load(model, reader);
            return true;
        });
        return new(config, model, vocabulary);
    }

    /// <summary>The directions under a folder: both, one, or the folder itself when it is one direction's.</summary>
    public static IReadOnlyList<string> Directions(string path)
    {
        if (new CheckpointFolder(path).Exists) return [path];
        var found = new[] { "forward", "backward" }.Select(direction => Path.Combine(path, direction))
            .Where(folder => new CheckpointFolder(folder).Exists).ToArray();
        return found.Length > 0 ? found
            : throw new NoCheckpointException(path, "no language model: expected config.json, forward/ or backward/.");
    }
}

/// <summary>Reads and writes config.json without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true,
    Converters = [typeof(ChoiceWordConverter<RecurrentUnit>), typeof(ChoiceWordConverter<SelectionPenalty>)],
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LanguageModelConfig))]
[JsonSerializable(typeof(TaggerConfig))]
public sealed partial class ModelConfigJson : JsonSerializerContext
{
    internal static TConfig Read<TConfig>(CheckpointFolder folder, JsonTypeInfo<TConfig> type, Func<TConfig, string> kind, string expected)
        where TConfig : class
    {
        const string name = "config.json";
        var text = folder.ReadText(name);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty("kind", out var found) && found.GetString() != expected)
                throw new UserException($"{folder.PathOf(name)}: a {found.GetString()}, where a {expected} is needed.");
            var config = JsonSerializer.Deserialize(text, type);
            return config is not null && kind(config) == expected ? config
                : throw new JsonException("it does not say what kind of model it is.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UserException($"{folder.PathOf(name)}: not a {expected}'s configuration: {error.Message}", error);
        }
    }
}
