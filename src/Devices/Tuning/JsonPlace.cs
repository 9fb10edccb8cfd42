using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LdNetGpu.Devices.Tuning;

/// <summary>A part of a JSON text that knows where it is, for messages.</summary>
/// <param name="source">What messages call the text.</param>
/// <param name="path">To this part: <c>results[3].times</c>.</param>
/// <param name="node">Null where the text has null, or nothing.</param>
sealed class JsonPlace(string source, string path, JsonNode? node)
{
    public bool IsNull => node is null;

    /// <summary>Not null.</summary>
    public JsonNode Node => node ?? throw Wrong("is not there");

    /// <summary>The last part of the path; empty for the whole.</summary>
    public string Name { get; private init; } = "";

    /// <summary>A member of this object, which need not be there.</summary>
    public JsonPlace this[string name] =>
        new(source, path.Length == 0 ? name : $"{path}.{name}", Object().Node[name]) { Name = name };

    /// <summary>This, an object.</summary>
    public JsonPlace Object() => Node is JsonObject ? this : throw Wrong("is no object");

    public IEnumerable<JsonPlace> Members() => ((JsonObject)Object().Node).Select(member => this[member.Key]);

    public IEnumerable<JsonPlace> Items() => Node is JsonArray array
        ? array.Select((item, i) => new JsonPlace(source, Invariant($"{path}[{i}]"), item))
        : throw Wrong("is no array");

    public string Text()
    {
        if (Node.GetValueKind() != JsonValueKind.String) throw Wrong("is no text");
        try
        {
            return Node.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            throw Wrong("has half a character");
        }
    }

    public int Whole() => Node is JsonValue value && value.TryGetValue(out int number)
        ? number : throw Wrong("is no whole number");

    public ulong Unsigned() => Node is JsonValue value && value.TryGetValue(out ulong number)
        ? number : throw Wrong("is no whole number from 0 on");

    /// <summary>A finite number from 0 on.</summary>
    public double Number() => Node is JsonValue value && value.TryGetValue(out double number)
        && double.IsFinite(number) && number >= 0 ? number : throw Wrong("is no number from 0 on");

    public double Positive() => Number() is > 0 and var number ? number : throw Wrong("is no number above 0");

    public DateTimeOffset Time() =>
        DateTimeOffset.TryParse(Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw Wrong("is no time");

    /// <summary>A member of an enum, in lower case.</summary>
    public T Choice<T>() where T : struct, Enum
    {
        var text = Text();
        foreach (var value in Enum.GetValues<T>())
            if (value.ToString().ToLowerInvariant() == text) return value;
        throw Wrong($"is '{text}' and none of "
            + string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant())));
    }

    public UserException Wrong(string problem) => new($"{source}: {path} {problem}: no record of tuning as it was "
        + "written. Tune again, into a file of this name or another.");
}
