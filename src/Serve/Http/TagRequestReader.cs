using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Tagging;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LdNetGpu.Serve.Http;

/// <summary>Reads the body of POST /tag, and refuses what is none, with its place.</summary>
static class TagRequestReader
{
    const string Example = "{\"text\": \"...\"} or {\"texts\": [\"...\", \"...\"]}";

    // ASCII is UTF-8 too.
    static readonly string[] TakenCharsets = ["utf-8", "utf8", "us-ascii"];

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
        RefuseOtherBytes(request);
        var body = await ReadWholeAsync(request.BodyReader, cancellation);
        if (JsonSyntax.ProblemOf(body) is { } problem) throw Bad($"{problem} Send {Example} in UTF-8.");
        try
        {
            return Checked(JsonSerializer.Deserialize(body, ServerJson.Default.TagRequest));
        }
        catch (JsonException error)
        {
            throw Bad($"{ProblemOf(error)} Send {Example}.");
        }
    }

    // What is compressed could be of any length; other encodings than JSON's own would be read as if they were it.
    static void RefuseOtherBytes(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding
            && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "the body is compressed",
                $"Content-Encoding: {coding} is not taken. Send the body as it is, without Content-Encoding.");
        var charset = MediaTypeHeaderValue.Parse(request.ContentType).Charset.ToString().Trim('"');
        if (charset.Length > 0 && !TakenCharsets.Contains(charset, StringComparer.OrdinalIgnoreCase))
            throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "the body is not in UTF-8",
                $"charset={charset} is not taken. Send the body in UTF-8, with Content-Type: application/json.");
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

    static string ProblemOf(JsonException error)
    {
        if (error.Path is not { Length: > 2 } path) return "The body is a value of another kind than an object.";
        var place = path[2..];
        if (error.InnerException?.Message.Contains("UTF-", StringComparison.Ordinal) == true)
            return $"{place} is no Unicode text: it has half of a surrogate pair.";
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
