using System.Text;
using System.Text.Json;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>Writes a tagged sentence as one object on a line.</summary>
static class TaggedJson
{
    /// <param name="output">Where to.</param>
    /// <param name="sentence">One that was cut from a text has its place in it, and its names'.</param>
    /// <param name="unit">What places are counted in.</param>
    public static void Write(TextWriter output, TaggedSentence sentence, OffsetUnit unit) =>
        output.WriteLine(Text(json => WriteSentence(json, sentence, unit)));

    /// <summary>JSON on one line.</summary>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, EntityJson.Options)) write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    static void WriteSentence(Utf8JsonWriter json, TaggedSentence sentence, OffsetUnit unit)
    {
        json.WriteStartObject();
        json.WriteNumber("line", sentence.Source!.FirstLine);
        if (sentence.Source.Text is { } text)
        {
            json.WriteNumber("start", unit.Of(text.Start));
            json.WriteNumber("end", unit.Of(text.End));
            json.WriteString("text", text.Text);
        }
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
        if (sentence.Source.Text is not null)
        {
            json.WriteStartArray("entities");
            foreach (var entity in sentence.Entities) EntityJson.Write(json, entity, unit);
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

    static void WriteReading(Utf8JsonWriter json, TaggedSentence sentence, TaggedReading reading)
    {
        json.WriteStartArray("tags");
        foreach (var tag in reading.Tags) json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WriteStartArray("spans");
        foreach (var (i, span) in reading.Spans.Index())
        {
            json.WriteStartObject();
            json.WriteNumber("start", span.Start);
            json.WriteNumber("end", span.End);
            json.WriteString("type", span.Type);
            json.WriteString("text", sentence.TextOf(span));
            if (reading.SpanConfidence is { } confidence)
                json.WriteNumber("confidence", Math.Round(confidence[i], 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
