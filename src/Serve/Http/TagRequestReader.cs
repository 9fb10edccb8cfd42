using System.Text.Json;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Tagging;
using Microsoft.AspNetCore.Http;

namespace LdNetGpu.Serve.Http;

/// <summary>Reads the body of POST /tag, and refuses what is none, with its place.</summary>
static class TagRequestReader
{
    const string Example = "{\"text\": \"...\"} or {\"texts\": [\"...\", \"...\"]}";
    const string BlankLine = "blank", LineEnd = "line";

    /// <exception cref="RequestFault">It is no JSON, or none of a request.</exception>
    /// <exception cref="BadHttpRequestException">It is too long, or comes too slowly.</exception>
    public static async Task<TagRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        // A page of another site can have a browser send text, but no JSON without asking first.
        if (!request.HasJsonContentType())
            throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "not JSON by its content type",
                $"Send Content-Type: application/json and {Example}.");
        try
        {
            return Checked(await JsonSerializer.DeserializeAsync(request.BodyReader, ServerJson.Default.TagRequest,
                cancellation));
        }
        catch (JsonException error)
        {
            throw Bad($"{ProblemOf(error)} It stands in line {error.LineNumber + 1}, byte "
                + $"{error.BytePositionInLine + 1} of the body, which is to be {Example} in UTF-8.");
        }
    }

    /// <summary>The texts, be it one or several.</summary>
    public static string[] TextsOf(TagRequest request) => request.Texts is { } texts ? [.. texts.Select(text => text!)] : [request.Text!];

    public static OffsetUnit UnitOf(TagRequest request) => new(request.Offsets == OffsetUnit.Utf16);

    public static SentenceBreak BreakOf(TagRequest request) =>
        request.SentenceBreak == LineEnd ? SentenceBreak.Line : SentenceBreak.BlankLine;

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
        OneOf("sentence_break", request.SentenceBreak, BlankLine, LineEnd);
        return request;
    }

    static void OneOf(string key, string? value, string first, string second)
    {
        if (value is not null && value != first && value != second)
            throw Bad($"{key} is none that there is. Send \"{first}\" or \"{second}\", or leave it out.");
    }

    static RequestFault Bad(string detail) => new(StatusCodes.Status400BadRequest, "the body cannot be read", detail);
}
