using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LdNetGpu.Serve.Http;

/// <summary>What is no JSON in a body, and where, in words of the body.</summary>
static class JsonSyntax
{
    const int MostDepth = 64;

    /// <returns>A sentence; null where the body is one value of JSON in UTF-8.</returns>
    public static string? ProblemOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            while (reader.Read()) continue;
        }
        catch (JsonException error)
        {
            var place = LineStart(body, error.LineNumber ?? 0) + (int)(error.BytePositionInLine ?? 0);
            if (body.Trim(" \t\r\n"u8).IsEmpty) return "The body is empty.";
            return place >= body.Length
                ? $"The body ends after {PlaceOf(body, body.Length - 1)}, in the midst of its JSON."
                : $"{Found(body, place, ref reader)}, in {PlaceOf(body, place)}.";
        }
        return Utf8.IsValid(body) ? null : $"Bytes that are no UTF-8 are in {PlaceOf(body, FirstInvalid(body))}.";
    }

    // Of a byte that JSON cannot have there.
    static string Found(ReadOnlySpan<byte> body, int place, ref Utf8JsonReader reader)
    {
        // A bracket is counted once what follows it is read.
        var isOpening = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        var depth = reader.CurrentDepth + (isOpening ? 1 : 0);
        var letter = LetterAt(body, place);
        var before = body[..place];
        if (place == 0 && body.StartsWith(Encoding.UTF8.Preamble))
            return "A byte order mark, which JSON has not, stands";
        if (before.EndsWith("\\"u8)) return $"\\{letter} is no escape of JSON: a backslash is written as \\\\";
        if (body[place] < ' ')
            return Invariant($"A control character stands in a string, where it is written as \\u{body[place]:x4}");
        if (body[place] == '\'') return "' begins no string in JSON, which has double quotes";
        if (body[place] is (byte)'[' or (byte)'{' && depth >= MostDepth)
            return $"Arrays and objects are in one another more than {MostDepth} deep";
        if (body[place] is (byte)']' or (byte)'}' && before.TrimEnd(" \t\r\n"u8).EndsWith(","u8))
            return $"{letter} follows a comma";
        return depth == 0 && reader.TokenType != JsonTokenType.None
            ? $"{letter} follows the end of the JSON" : $"{letter} is not what JSON has there";
    }

    static string LetterAt(ReadOnlySpan<byte> body, int place) =>
        Rune.DecodeFromUtf8(body[place..], out var rune, out _) == System.Buffers.OperationStatus.Done
        && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format ? rune.ToString()
            : Invariant($"byte 0x{body[place]:X2}");

    static string PlaceOf(ReadOnlySpan<byte> body, int place)
    {
        var before = body[..place];
        return $"line {before.Count((byte)'\n') + 1}, byte {place - before.LastIndexOf((byte)'\n')}";
    }

    static int LineStart(ReadOnlySpan<byte> body, long line)
    {
        var start = 0;
        for (; line > 0; line--) start += body[start..].IndexOf((byte)'\n') + 1;
        return start;
    }

    static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        var place = 0;
        while (Rune.DecodeFromUtf8(body[place..], out _, out var length) == System.Buffers.OperationStatus.Done)
            place += length;
        return place;
    }
}
