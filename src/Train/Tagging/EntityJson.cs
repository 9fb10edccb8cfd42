using System.Text.Encodings.Web;
using System.Text.Json;

namespace LdNetGpu.Train.Tagging;

/// <summary>A name in a text as Hugging Face's pipelines give it.</summary>
static class EntityJson
{
    /// <summary>Letters of any script as they are.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, TaggedEntity entity, OffsetUnit unit)
    {
        json.WriteStartObject();
        json.WriteString("entity_group", entity.Type);
        if (entity.Confidence is { } confidence) json.WriteNumber("score", Math.Round(confidence, 6));
        json.WriteString("word", entity.Slice.Text);
        json.WriteNumber("start", unit.Of(entity.Slice.Start));
        json.WriteNumber("end", unit.Of(entity.Slice.End));
        json.WriteEndObject();
    }
}
