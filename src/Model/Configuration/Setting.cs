using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace LdNetGpu.Model.Configuration;

/// <summary>
/// One key of an options record: its type, range, default and meaning, and how text becomes its value.
/// </summary>
sealed class Setting
{
    readonly PropertyInfo property;
    readonly SettingAttribute attribute;

    internal Setting(PropertyInfo property, SettingAttribute attribute, object defaults)
    {
        this.property = property;
        this.attribute = attribute;
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        Default = property.GetValue(defaults)!;
    }

    /// <summary>The key, in snake_case.</summary>
    public string Name { get; }

    public string Meaning => attribute.Meaning;

    /// <summary>The value when nothing is set.</summary>
    public object Default { get; }

    /// <summary>The default as a user would type it.</summary>
    public string DefaultText => Text(Default);

    /// <summary>What values it takes, for people: <c>whole number, 1 to 1000</c>.</summary>
    public string Range => property.PropertyType switch
    {
        { IsEnum: true } => string.Join('|', ChoiceWords.Of(property.PropertyType).Select(name => name.Word)),
        var type when type == typeof(bool) => "true|false",
        var type when type == typeof(double) => "number" + Bounds(),
        var type when type == typeof(IReadOnlyList<int>) => "whole numbers a,b,..." + Bounds(),
        var type when type == typeof(LabelWeights) => LabelWeights.Range,
        _ => "whole number" + Bounds(),
    };

    /// <summary>One of a few names.</summary>
    public bool IsChoice => property.PropertyType.IsEnum;

    /// <summary>true or false.</summary>
    public bool IsFlag => property.PropertyType == typeof(bool);

    /// <summary>Several whole numbers.</summary>
    public bool IsList => property.PropertyType == typeof(IReadOnlyList<int>);

    /// <summary>Text of its own form.</summary>
    public bool IsText => property.PropertyType == typeof(LabelWeights);

    /// <summary>The value in this options record, as a user would type it.</summary>
    public string TextIn(object options) => Text(property.GetValue(options)!);

    /// <summary>
    /// Reads <paramref name="text"/> as this setting's value, or says in <paramref name="problem"/> what was expected.
    /// </summary>
    public bool TryParse(string text, out object? value, out string? problem)
    {
        value = Parse(text.Trim());
        problem = value == null ? $"{Name}: '{Shorten(text)}' is not one of {Range}." : null;
        return value != null;
    }

    /// <summary>What is wrong with the value in this options record, read from a file; null when nothing is.</summary>
    internal string? ProblemIn(object options)
    {
        var value = property.GetValue(options);
        var isInside = value switch
        {
            null => false,
            bool or LabelWeights => true,
            Enum choice => ChoiceWords.Of(choice.GetType()).Any(name => name.Value.Equals(choice)),
            IReadOnlyList<int> list => list.All(part => Inside(part)),
            IConvertible number => Inside(number.ToDouble(CultureInfo.InvariantCulture)),
            _ => throw new NotSupportedException($"A setting of type {value.GetType()}."),
        };
        var shown = value is IReadOnlyList<int> numbers
            ? string.Join(',', numbers.Take(20)) : Invariant($"{value ?? "nothing"}");
        return isInside ? null : $"{Name}: '{Shorten(shown)}' is not one of {Range}.";
    }

    internal object Get(object options) => property.GetValue(options)!;

    internal void Put(object options, object value) => property.SetValue(options, value);

    object? Parse(string text)
    {
        var type = property.PropertyType;
        if (type.IsEnum)
            return ChoiceWords.Of(type).Where(name => name.Word == text).Select(name => name.Value).FirstOrDefault();
        if (type == typeof(bool)) return text switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(LabelWeights)) return LabelWeights.TryParse(text);
        if (type == typeof(IReadOnlyList<int>))
        {
            var parts = text.Length == 0 ? [] : text.Split(',').Select(part => WholeNumber(part.Trim())).ToArray();
            return parts.All(part => part is >= int.MinValue and <= int.MaxValue)
                ? parts.Select(part => (int)part!.Value).ToArray() : null;
        }
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && Inside(number) ? number : null;
        var whole = WholeNumber(text);
        if (type == typeof(long)) return whole;
        return whole is >= int.MinValue and <= int.MaxValue ? (int)whole.Value : null;
    }

    long? WholeNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Inside(number) ? number : null;

    bool Inside(double value) => double.IsFinite(value) && value >= attribute.Minimum && value <= attribute.Maximum;

    string Bounds() => (double.IsFinite(attribute.Minimum), double.IsFinite(attribute.Maximum)) switch
    {
        (true, true) => Invariant($", {attribute.Minimum} to {attribute.Maximum}"),
        (true, false) => Invariant($", {attribute.Minimum} or more"),
        (false, true) => Invariant($", {attribute.Maximum} or less"),
        _ => "",
    };

    static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        LabelWeights weights => weights.ToString(),
        IReadOnlyList<int> list => string.Join(',', list),
        Enum choice => ChoiceWords.Of(choice.GetType()).First(name => name.Value.Equals(choice)).Word,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"A setting of type {value.GetType()}."),
    };

    static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
