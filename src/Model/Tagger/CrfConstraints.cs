using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>Which tag transitions a CRF allows.</summary>
public enum CrfConstraints
{
    /// <summary>All K tags everywhere, start and end too: the published code's sum.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>
    /// Start only before the first tag, end only after the last: probabilities are over real tag sequences. The
    /// default.
    /// </summary>
    [JsonStringEnumMemberName("structure")] Structure,

    /// <summary>
    /// Also the tag scheme's rules: after B-PER or I-PER only I-PER or E-PER, and so on. Tags are never inconsistent.
    /// </summary>
    [JsonStringEnumMemberName("scheme")] Scheme,
}

/// <summary>
/// Writes constraints as their words; reads what was written before there were three words too: true for
/// <see cref="CrfConstraints.Scheme"/>, false for <see cref="CrfConstraints.Structure"/>, words with a capital.
/// </summary>
sealed class CrfConstraintsConverter : JsonConverter<CrfConstraints>
{
    /// <inheritdoc/>
    public override CrfConstraints Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True ? CrfConstraints.Scheme : CrfConstraints.Structure;
        var word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        var names = ChoiceWords.Of(typeof(CrfConstraints));
        foreach (var (known, value) in names)
            if (string.Equals(known, word, StringComparison.OrdinalIgnoreCase)) return (CrfConstraints)value;
        throw new JsonException($"'{word}' is not one of {string.Join(", ", names.Select(name => name.Word))}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CrfConstraints value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ChoiceWords.Of(typeof(CrfConstraints)).First(name => name.Value.Equals(value)).Word);
}

/// <summary>Builds the additive mask [K, K] (0 or -infinity, from x to) of a tag set.</summary>
static class CrfMasks
{
    /// <param name="tags">K names, the last two the start and the end tag; IOBES or IOB2 when the scheme's rules are
    /// wanted.</param>
    /// <param name="constraints">Which tags may follow which.</param>
    public static float[] Mask(IReadOnlyList<string> tags, CrfConstraints constraints)
    {
        var count = tags.Count;
        int start = count - 2, end = count - 1;
        var mask = new float[count * count];
        if (constraints == CrfConstraints.None) return mask;
        var isIobes = tags.Take(start).Any(tag => tag is "S" or "E"
            || tag.StartsWith("S-", StringComparison.Ordinal) || tag.StartsWith("E-", StringComparison.Ordinal));
        for (var from = 0; from < count; from++)
            for (var to = 0; to < count; to++)
            {
                var allowed = to != start && from != end && !(from == start && to == end);
                if (allowed && constraints == CrfConstraints.Scheme)
                    allowed = Follows(from == start ? "O" : tags[from], to == end ? "O" : tags[to], isIobes);
                if (!allowed) mask[from * count + to] = float.NegativeInfinity;
            }
        return mask;
    }

    // In IOBES a span that began must go on or end in its own type; in IOB2 only I- needs a span of its type before it.
    static bool Follows(string from, string to, bool isIobes)
    {
        var open = isIobes ? from[0] is 'B' or 'I' : from[0] is not 'O';
        var continues = to[0] is 'I' or 'E';
        var sameType = from.AsSpan(1).SequenceEqual(to.AsSpan(1));
        return isIobes ? open ? continues && sameType : !continues : !continues || open && sameType;
    }
}
