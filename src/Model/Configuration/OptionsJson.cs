using System.Text.Json.Serialization;

namespace LdNetGpu.Model.Configuration;

/// <summary>Writes the options records as JSON with snake_case keys, without reflection at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(LanguageModelOptions))]
[JsonSerializable(typeof(TaggerOptions))]
[JsonSerializable(typeof(PruneOptions))]
public sealed partial class OptionsJson : JsonSerializerContext;
