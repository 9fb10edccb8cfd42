namespace LdNetGpu.Train.Data;

/// <summary>
/// A tag taken apart as conlleval does: what stands before the first hyphen and what stands after it. <c>O</c> and
/// every tag without a hyphen have the empty type: <c>B</c> and <c>I</c> alone mark spans of no type.
/// </summary>
/// <param name="Prefix">O, or a letter of some <see cref="TagScheme"/> in a well-formed tag.</param>
/// <param name="Type">As spans name it; empty for O and for spans without a type.</param>
public readonly record struct Tag(string Prefix, string Type)
{
    /// <summary>O, or a letter of some <see cref="TagScheme"/> in a well-formed tag.</summary>
    public string Prefix
    {
        get => field ?? "";
        init => field = value ?? throw new ArgumentNullException(nameof(Prefix));
    } = Prefix ?? throw new ArgumentNullException(nameof(Prefix));

    /// <summary>As spans name it; empty for O and for spans without a type.</summary>
    public string Type
    {
        get => field ?? "";
        init => field = value ?? throw new ArgumentNullException(nameof(Type));
    } = Type ?? throw new ArgumentNullException(nameof(Type));

    /// <summary>Outside every span.</summary>
    public const string Outside = "O";

    /// <summary>Takes a tag apart; one that is none keeps its text.</summary>
    /// <param name="text">As the file has it.</param>
    public static Tag Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hyphen = text.IndexOf('-');
        return hyphen < 0 ? new Tag(text, "") : new Tag(text[..hyphen], text[(hyphen + 1)..]);
    }

    /// <summary>Whether it marks no span.</summary>
    public bool IsOutside => Prefix == Outside;

    /// <summary>O alone, or a letter that some <see cref="TagScheme"/> has, with a type or without.</summary>
    public bool IsWellFormed =>
        IsOutside ? Type.Length == 0 : Prefix is "B" or "I" or "E" or "S" or "L" or "U" or "M" or "W";

    /// <summary>The same in the letters of IOBES: U and W are S, L is E, M is I.</summary>
    internal Tag InIobes => Prefix switch
    {
        "U" or "W" => this with { Prefix = "S" },
        "L" => this with { Prefix = "E" },
        "M" => this with { Prefix = "I" },
        _ => this,
    };

    /// <summary>As a file has it: <c>B-PER</c>, <c>O</c>, <c>B</c>.</summary>
    public override string ToString() => Type.Length == 0 ? Prefix : $"{Prefix}-{Type}";
}
