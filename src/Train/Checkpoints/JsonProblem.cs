using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>What is wrong in a JSON file, in words of the file: .NET's own name the types of the program.</summary>
static partial class JsonProblem
{
    /// <summary>A part of a sentence, with its full stop.</summary>
    /// <param name="error">Of <see cref="JsonSerializer"/>.</param>
    /// <param name="json">What was read, to name all that it lacks; null: as many as the error does.</param>
    /// <param name="type">What it was read as.</param>
    public static string Of(Exception error, string? json = null, JsonTypeInfo? type = null)
    {
        var text = error.Message.Split(" Path:")[0].Split(" LineNumber:")[0];
        var place = error is JsonException { Path.Length: > 2 } located ? located.Path[2..] : "the whole of it";
        if (text.Contains("could not be converted", StringComparison.Ordinal))
            return $"{place} is a value of another kind than is expected there.";
        if (text.Contains("null", StringComparison.Ordinal) && NamesType().IsMatch(text)) return $"{place} is null.";
        if (Unmapped().Match(text) is { Success: true } unmapped)
            return $"\"{unmapped.Groups["name"].Value}\" is none of its keys.";
        if (Missing().Match(text) is { Success: true } missing) 
            return $"it lacks {Lacking(json, type) ?? missing.Groups["names"].Value}.";
        return NamesType().IsMatch(text) ? $"{place} cannot be read." : text;
    }

    // .NET's own list ends after some fifty characters, without a word of the others. Null where it is of a part.
    static string? Lacking(string? json, JsonTypeInfo? type)
    {
        if (json is null || type is null) return null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            // Behind what lacks something it is no JSON any more: the first problem is the one that is told.
            return null;
        }
        using var parsed = document;
        string[] missing = [.. type.Properties.Where(property => property.IsRequired).Select(property => property.Name)
            .Except(parsed.RootElement.EnumerateObject().Select(member => member.Name))];
        return missing.Length > 0 ? Names.First(missing) : null;
    }

    [GeneratedRegex(@"'?(?:LdNetGpu|System)\.")]
    private static partial Regex NamesType();

    [GeneratedRegex(@"The JSON property '(?<name>[^']*)' could not be mapped")]
    private static partial Regex Unmapped();

    [GeneratedRegex(@"missing required properties including: (?<names>.+?)\.?$")]
    private static partial Regex Missing();
}
