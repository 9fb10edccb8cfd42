using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Tagging;
using Microsoft.AspNetCore.Http;

namespace LdNetGpu.Serve.Http;

/// <summary>Reads the body of POST /tag, and refuses what is none, with its place.</summary>
static class TagRequestReader
{
    const string Example = "{\"text\": \"...\"} or {\"texts\": [\"...\", \"...\"]}";

    /// <summary>What is said of a body that is something else.</summary>
    public static RequestFault NotJson => new(StatusCodes.Status415UnsupportedMediaType,
        "not JSON by its content type", $"Send Content-Type: application/json and {Example}.");

    /// <exception cref="RequestFault">It is no JSON, or none of a request.</exception>
    /// <exception cref="BadHttpRequestException">It is too long, or comes too slowly.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<TagRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        // A page of another site can have a browser send text, but no JSON without asking first.
        if (!request.HasJsonContentType()) throw NotJson;
        var body = await ReadWholeAsync(request.BodyReader, cancellation);
        try
        {
            return Checked(Parse(body));
        }
        catch (JsonException error)
        {
            throw Bad($"{ProblemOf(error)} It stands in line {error.LineNumber + 1}, byte "
                + $"{error.BytePositionInLine + 1} of the body, which is to be {Example} in UTF-8.");
        }
    }

    /// <summary>The texts, be it one or several.</summary>
    public static string[] TextsOf(TagRequest request) =>
        request.Texts is { } texts ? [.. texts.Select(text => text!)] : [request.Text!];

    public static OffsetUnit UnitOf(TagRequest request) => new(request.Offsets == OffsetUnit.Utf16);

    public static SentenceBreak BreakOf(TagRequest request) =>
        SentenceBreakName.Of(request.SentenceBreak ?? SentenceBreakName.BlankLine);

    // Kestrel ends a body that is too long or too slow. A read that is ended by its token would leave the connection in
    // the midst of it.
    static async Task<byte[]> ReadWholeAsync(PipeReader reader, CancellationToken cancellation)
    {
        await using var end = cancellation.Register(reader.CancelPendingRead);
        while (true)
        {
            var part = await reader.ReadAsync(CancellationToken.None);
            var whole = part.IsCompleted ? part.Buffer.ToArray() : null;
            reader.AdvanceTo(whole is null ? part.Buffer.Start : part.Buffer.End, part.Buffer.End);
            if (whole is not null) return whole;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    static TagRequest? Parse(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        var request = JsonSerializer.Deserialize(ref reader, ServerJson.Default.TagRequest);
        // Throws where something follows.
        reader.Read();
        return request;
    }

    static string ProblemOf(JsonException error)
    {
        var place = error.Path is { Length: > 2 } path ? path[2..] : "the body";
        if (error.InnerException?.Message.Contains("UTF-", StringComparison.Ordinal) == true)
            return $"{place} is no Unicode text: it has half of a surrogate pair, or bytes that are no UTF-8.";
        return error.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? $"{place} is there twice."
            : JsonProblem.Of(error);
    }

    static TagRequest Checked(TagRequest? request)
    {
        if (request is null) throw Bad($"The body is null. Send {Example}.");
        if (request.Text is null == request.Texts is null)
            throw Bad($"The body has {(request.Text is null ? "neither text nor" : "both text and")} texts. Send "
                + $"{Example}.");
        if (request.Texts is { } texts && Array.IndexOf<string?>(texts, null) is >= 0 and var place)
            throw Bad($"texts[{place}] is null. Send a text, which may be empty.");
        OneOf("offsets", request.Offsets, OffsetUnit.CodePoints, OffsetUnit.Utf16);
        OneOf("sentence_break", request.SentenceBreak, SentenceBreakName.BlankLine,
            SentenceBreakName.LineEnd);
        return request;
    }

    static void OneOf(string key, string? value, string first, string second)
    {
        if (value is not null && value != first && value != second)
            throw Bad($"{key} is none that there is. Send \"{first}\" or \"{second}\", or leave it out.");
    }

    static RequestFault Bad(string detail) => new(StatusCodes.Status400BadRequest, "the body cannot be read", detail);
}
