using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Configuration;

/// <summary>Writes the options records as JSON with snake_case keys, without reflection at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    WriteIndented = true,
    Converters = [typeof(ChoiceWordConverter<RecurrentUnit>), typeof(ChoiceWordConverter<SelectionPenalty>),
        typeof(CrfConstraintsConverter)])]
[JsonSerializable(typeof(LanguageModelOptions))]
[JsonSerializable(typeof(TaggerOptions))]
[JsonSerializable(typeof(PruneOptions))]
sealed partial class OptionsJson : JsonSerializerContext;
