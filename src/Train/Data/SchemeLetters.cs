namespace LdNetGpu.Train.Data;

/// <summary>The letters that a scheme writes on a span of several words and on one of a single word.</summary>
/// <param name="First">On the first word.</param>
/// <param name="Inside">On the words between.</param>
/// <param name="Last">On the last word.</param>
/// <param name="Single">On the word of a span of one word.</param>
readonly record struct SchemeLetters(string First, string Inside, string Last, string Single)
{
    static readonly Dictionary<TagScheme, string[]> Written = Enum.GetValues<TagScheme>()
        .Where(scheme => scheme != TagScheme.Auto).ToDictionary(scheme => scheme, WrittenBy);

    /// <summary>Letters of a scheme; IOB1's are those of a span that touches none of its type.</summary>
    /// <exception cref="ArgumentException">The scheme is <see cref="TagScheme.Auto"/>.</exception>
    public static SchemeLetters Of(TagScheme scheme) => scheme switch
    {
        TagScheme.Iob1 or TagScheme.Io => new("I", "I", "I", "I"),
        TagScheme.Iob2 => new("B", "I", "I", "B"),
        TagScheme.Iobes => new("B", "I", "E", "S"),
        TagScheme.Bilou => new("B", "I", "L", "U"),
        TagScheme.Bmes => new("B", "M", "E", "S"),
        TagScheme.Bmewo => new("B", "M", "E", "W"),
        not TagScheme.Auto => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "No such tag scheme."),
        _ => throw new ArgumentException($"{scheme} has no letters of its own: detect the scheme first.",
            nameof(scheme)),
    };

    /// <summary>A span's last word is marked as such, so that a span which began must end.</summary>
    public bool MarksTheEnd => Last != Inside;

    /// <summary>All letters that a scheme may write, O aside, in ordinal order.</summary>
    public static IReadOnlyList<string> All(TagScheme scheme)
    {
        _ = Of(scheme);
        return Written[scheme];
    }

    static string[] WrittenBy(TagScheme scheme)
    {
        var letters = Of(scheme);
        string[] written = [letters.First, letters.Inside, letters.Last, letters.Single];
        return [.. (scheme == TagScheme.Iob1 ? [.. written, "B"] : written).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The letter of a word of a span.</summary>
    public string Letter(bool first, bool last) => (first, last) switch
    {
        (true, true) => Single,
        (true, false) => First,
        (false, true) => Last,
        _ => Inside,
    };
}
