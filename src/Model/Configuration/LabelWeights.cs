using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LdNetGpu.Model.Configuration;

/// <summary>
/// What gold labels weigh in a tagger's training loss: <c>O=0.5,PER=2</c>. A label is a tag of the tagger's
/// (<c>B-PER</c>), <c>O</c>, or a type of spans, which stands for each of its tags that is not named itself; labels
/// that are not named weigh 1.
/// </summary>
[JsonConverter(typeof(LabelWeightsConverter))]
public sealed class LabelWeights : IEquatable<LabelWeights>
{
    const string NoneText = "none";

    // A loss in float that is multiplied by more loses what the other sentences say.
    const double Largest = 1e6;

    readonly (string Label, double Weight)[] weights;

    LabelWeights((string, double)[] weights) => this.weights = weights;

    /// <summary>Every label weighs 1.</summary>
    public static LabelWeights None { get; } = new([]);

    /// <summary>What values there are, for people.</summary>
    internal const string Range = "label=weight,... with weights from 0 to 1000000, or none";

    /// <summary>Whether every label weighs 1 for want of another weight.</summary>
    public bool IsNone => weights.Length == 0;

    /// <summary>The labels that are named, with their weights.</summary>
    public IReadOnlyList<(string Label, double Weight)> Named => weights;

    /// <summary>Weights as text, <c>O=0.5,PER=2</c>; <c>none</c> for none.</summary>
    /// <param name="text">Labels without a comma, each at most once; weights from 0 to 1,000,000.</param>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static LabelWeights Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text) ?? throw new FormatException($"'{text}' is not {Range}.");
    }

    /// <summary>The same; null where the text is none.</summary>
    internal static LabelWeights? TryParse(string text)
    {
        if (text is NoneText or "") return None;
        var weights = new List<(string Label, double Weight)>();
        foreach (var part in text.Split(','))
        {
            var equals = part.LastIndexOf('=');
            var label = equals < 0 ? "" : part[..equals].Trim();
            if (label.Length == 0 || weights.Exists(known => known.Label == label)
                || !double.TryParse(part.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture,
                    out var weight) || weight is not (>= 0 and <= Largest))
                return null;
            weights.Add((label, weight));
        }
        return new([.. weights]);
    }

    /// <summary>The weight of each tag.</summary>
    /// <param name="tags">Of a tagger, the last two start and end.</param>
    /// <exception cref="OptionsException">A label is none of theirs.</exception>
    internal double[] Of(IReadOnlyList<string> tags)
    {
        var real = tags.Take(tags.Count - 2).ToArray();
        string[] known = [.. real.Select(TypeOf).Concat(real).Distinct(StringComparer.Ordinal)];
        var strange = weights.Select(entry => entry.Label).Where(label => !known.Contains(label)).ToArray();
        if (strange.Length > 0)
            throw new OptionsException([.. strange.Select(label => $"label_weights: the tagger has no label '{label}'; "
                + $"it has {string.Join(", ", real.Select(TypeOf).Distinct(StringComparer.Ordinal))}.")]);
        return [.. tags.Select(tag => Find(tag) ?? Find(TypeOf(tag)) ?? 1)];
    }

    double? Find(string label)
    {
        foreach (var (name, weight) in weights)
            if (name == label) return weight;
        return null;
    }

    // B-PER is of the type PER; O, and a tag without a type, are their own.
    static string TypeOf(string tag) => tag.IndexOf('-') is > 0 and var dash ? tag[(dash + 1)..] : tag;

    /// <inheritdoc/>
    public bool Equals(LabelWeights? other) => other is not null && weights.AsSpan().SequenceEqual(other.weights);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => IsNone ? NoneText
        : string.Join(',', weights.Select(entry => Invariant($"{entry.Label}={entry.Weight}")));
}

/// <summary>Writes label weights as their text.</summary>
sealed class LabelWeightsConverter : JsonConverter<LabelWeights>
{
    /// <inheritdoc/>
    public override LabelWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is null ? throw new JsonException($"label weights are text, {LabelWeights.Range}.")
            : LabelWeights.TryParse(text) ?? throw new JsonException($"'{text}' is not {LabelWeights.Range}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LabelWeights value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
