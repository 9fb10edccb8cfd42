using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LdNetGpu.Model.Configuration;

/// <summary>Reads settings from JSON text; every defect is reported with its line and column, all at once.</summary>
static class SettingsJson
{
    /// <summary>
    /// Puts the members of one JSON object into <paramref name="sections"/>: directly for a single unnamed section,
    /// else one object a section.
    /// </summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="source">File name for messages.</param>
    /// <param name="sections">Where values go.</param>
    /// <param name="problems">Receives one line a defect.</param>
    public static void Read(ReadOnlySpan<byte> json, string source, IReadOnlyList<SettingsSection> sections,
        ICollection<string> problems)
    {
        if (!Utf8.IsValid(json))
        {
            problems.Add($"{source}: not UTF-8 text. Expected a JSON object such as {{\"layers\": 4}}.");
            return;
        }
        var reader = new Utf8JsonReader(json,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                problems.Add($"{At(json, source, reader)}expected a JSON object such as {{\"layers\": 4}}.");
            else if (sections is [{ Name: "" } only]) ReadObject(ref reader, json, source, only, problems);
            else ReadSections(ref reader, json, source, sections, problems);
            while (reader.Read()) { }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var line = (error as JsonException)?.LineNumber ?? 0;
            var column = (error as JsonException)?.BytePositionInLine ?? 0;
            var reason = error.Message.Split(" LineNumber:")[0];
            problems.Add($"{source}, line {line + 1}, column {column + 1}: not valid JSON: {reason}");
        }
    }

    static void ReadSections(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string source, IReadOnlyList<SettingsSection> sections,
        ICollection<string> problems)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var where = At(json, source, reader);
            var name = reader.GetString()!;
            reader.Read();
            var section = sections.FirstOrDefault(candidate => candidate.Name == name);
            if (section != null && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, json, source, section, problems);
                continue;
            }
            problems.Add(section == null
                ? $"{where}unknown section '{name}'; "
                + $"expected {string.Join(", ", sections.Select(candidate => candidate.Name))}."
                : $"{where}'{name}' must be an object of settings.");
            reader.Skip();
        }
    }

    static void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string source, SettingsSection section,
        ICollection<string> problems)
    {
        var seen = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var where = At(json, source, reader);
            var key = reader.GetString()!;
            if (!seen.Add(key)) problems.Add($"{where}'{key}' is given twice.");
            reader.Read();
            var setting = section.Schema.Find(key);
            if (TryText(ref reader, setting, out var text)) section.Set(key, text, where, problems);
            else problems.Add($"{where}{key}: a JSON {Kind(reader.TokenType)} where {setting!.Range} is expected.");
        }
    }

    // The value as a user would type it after '='; false when its JSON kind cannot be this setting's.
    static bool TryText(ref Utf8JsonReader reader, Setting? setting, out string text)
    {
        text = "";
        if (setting == null)
        {
            reader.Skip();
            return true;
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when setting.IsList:
                var parts = new List<string>();
                var numbers = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    numbers &= reader.TokenType == JsonTokenType.Number;
                    if (reader.TokenType == JsonTokenType.Number) parts.Add(Raw(reader));
                    else reader.Skip();
                }
                text = string.Join(',', parts);
                return numbers;
            case JsonTokenType.String when setting.IsChoice || setting.IsText:
                text = reader.GetString()!;
                return true;
            case JsonTokenType.True or JsonTokenType.False when setting.IsFlag:
            case JsonTokenType.Number when setting is { IsChoice: false, IsFlag: false, IsList: false, IsText: false }:
                text = Raw(reader);
                return true;
            default:
                reader.Skip();
                return false;
        }
    }

    static string Raw(in Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);

    static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.EndObject => "object",
        JsonTokenType.EndArray => "array",
        JsonTokenType.True or JsonTokenType.False => "boolean",
        _ => token.ToString().ToLowerInvariant(),
    };

    static string At(ReadOnlySpan<byte> json, string source, in Utf8JsonReader reader)
    {
        var before = json[..(int)reader.TokenStartIndex];
        var column = before.Length - (before.LastIndexOf((byte)'\n') + 1);
        return $"{source}, line {before.Count((byte)'\n') + 1}, column {column + 1}: ";
    }
}
