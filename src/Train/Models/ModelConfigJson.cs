using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Models;

/// <summary>What a config.json says, before it is believed.</summary>
interface IModelConfig
{
    /// <summary>Kind of model.</summary>
    string Kind { get; }

    /// <summary>
    /// What stands for options that the file does not name: one of an older program, or made by hand.
    /// </summary>
    static abstract JsonObject DefaultOptions { get; }

    /// <summary>Values outside their ranges, a line each; empty when all is well.</summary>
    IEnumerable<string> Problems();
}

/// <summary>Reads and writes config.json without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true,
    Converters = [typeof(ChoiceWordConverter<RecurrentUnit>), typeof(ChoiceWordConverter<SelectionPenalty>),
        typeof(CrfConstraintsConverter)],
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LanguageModelConfig))]
[JsonSerializable(typeof(TaggerConfig))]
sealed partial class ModelConfigJson : JsonSerializerContext
{
    const string FileName = "config.json";

    /// <summary>A checkpoint's configuration, every value in its range.</summary>
    /// <exception cref="UserException">It is missing, damaged, of another kind of model, or out of range.</exception>
    public static TConfig Read<TConfig>(CheckpointFolder folder, JsonTypeInfo<TConfig> type, string kind)
        where TConfig : class, IModelConfig =>
        Parse(folder.ReadText(FileName), folder.PathOf(FileName), type, kind);

    /// <summary>The kind of model that a checkpoint's configuration names; null where it names none.</summary>
    public static string? KindOf(CheckpointFolder folder)
    {
        if (!folder.Has(FileName)) return null;
        try
        {
            using var document = JsonDocument.Parse(folder.ReadText(FileName));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
                    ? kind.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or UserException)
        {
            // Damaged: who reads all of it says so.
            return null;
        }
    }

    /// <summary>The same from its text; <paramref name="source"/> stands for the file in messages.</summary>
    public static TConfig Parse<TConfig>(string text, string source, JsonTypeInfo<TConfig> type, string kind)
        where TConfig : class, IModelConfig
    {
        TConfig? config;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty("kind", out var found) && found.ValueKind == JsonValueKind.String
                && found.GetString() != kind)
                throw new UserException($"{source}: a {found.GetString()}, where a {kind} is needed.");
            config = JsonSerializer.Deserialize(WithDefaults<TConfig>(text, document.RootElement), type);
            if (config is null || config.Kind != kind)
                throw new JsonException("it does not say what kind of model it is.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new UserException(
                $"{source}: not a {kind}'s configuration: {JsonProblem.Of(error, text, type)}", error);
        }
        var problems = config.Problems().ToList();
        return problems.Count == 0 ? config
            : throw new UserException(string.Join(Environment.NewLine,
                problems.Select(problem => $"{source}: {problem}")));
    }

    // Generated readers know no initial values of properties: what a file leaves out would be 0.
    static string WithDefaults<TConfig>(string text, JsonElement root) where TConfig : class, IModelConfig
    {
        if (!root.TryGetProperty("options", out var options) || options.ValueKind != JsonValueKind.Object) return text;
        var missing = TConfig.DefaultOptions.Where(option => !options.TryGetProperty(option.Key, out _)).ToList();
        if (missing.Count == 0) return text;
        var whole = JsonNode.Parse(text)!.AsObject();
        foreach (var (name, value) in missing) whole["options"]![name] = value?.DeepClone();
        return whole.ToJsonString();
    }
}
