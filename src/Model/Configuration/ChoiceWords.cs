using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Configuration;

/// <summary>The word for each choice in settings and files.</summary>
static class ChoiceWords
{
    // Choices of the layers below, which know no settings and no files.
    static readonly Dictionary<Type, (string Word, object Value)[]> OfLowerLayers = new()
    {
        [typeof(RecurrentUnit)] = [("lstm", RecurrentUnit.Lstm), ("gru", RecurrentUnit.Gru),
            ("rnn", RecurrentUnit.Tanh)],
        [typeof(SelectionPenalty)] = [("r1", SelectionPenalty.R1), ("r2", SelectionPenalty.R2),
            ("r3", SelectionPenalty.R3)],
    };

    /// <summary>In the order of their declaration.</summary>
    public static IReadOnlyList<(string Word, object Value)> Of(Type type) =>
        OfLowerLayers.TryGetValue(type, out var words)
        ? words
        : [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? field.Name, field.GetValue(null)!))];
}

/// <summary>Writes a choice of a lower layer as its word.</summary>
sealed class ChoiceWordConverter<T> : JsonConverter<T> where T : struct, Enum
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (var known in ChoiceWords.Of(typeof(T)))
            if (known.Word == word) return (T)known.Value;
        throw new JsonException(
            $"'{word}' is not one of {string.Join(", ", ChoiceWords.Of(typeof(T)).Select(known => known.Word))}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ChoiceWords.Of(typeof(T)).First(known => known.Value.Equals(value)).Word);
}
