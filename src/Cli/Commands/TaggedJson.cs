using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>Writes a tagged sentence as one object on a line.</summary>
static class TaggedJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, TaggedSentence sentence)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("line", sentence.Source!.FirstLine);
            json.WriteStartArray("words");
            foreach (var word in sentence.Words) json.WriteStringValue(word);
            json.WriteEndArray();
            WriteReading(json, sentence, sentence.Readings[0]);
            if (sentence.Confidence is { } confidences)
            {
                json.WriteStartArray("confidence");
                foreach (var value in confidences) json.WriteNumberValue(Math.Round(value, 6));
                json.WriteEndArray();
            }
            if (sentence.Readings[0].Probability is not null)
            {
                json.WriteStartArray("nbest");
                foreach (var reading in sentence.Readings)
                {
                    json.WriteStartObject();
                    json.WriteNumber("probability", reading.Probability!.Value);
                    WriteReading(json, sentence, reading);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    static void WriteReading(Utf8JsonWriter json, TaggedSentence sentence, TaggedReading reading)
    {
        json.WriteStartArray("tags");
        foreach (var tag in reading.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteStartArray("spans");
        foreach (var span in reading.Spans)
        {
            json.WriteStartObject();
            json.WriteNumber("start", span.Start);
            json.WriteNumber("end", span.End);
            json.WriteString("type", span.Type);
            json.WriteString("text", sentence.TextOf(span));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
