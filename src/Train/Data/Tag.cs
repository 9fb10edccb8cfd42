namespace LdNetGpu.Train.Data;

/// <summary>
/// A tag taken apart as conlleval does: what stands before the first hyphen and what stands after it. <c>O</c> and
/// every tag without a hyphen have the empty type.
/// </summary>
/// <param name="Prefix">B, I, E, S or O in a well-formed tag.</param>
/// <param name="Type">As spans name it; empty for O.</param>
public readonly record struct Tag(string Prefix, string Type)
{
    /// <summary>Outside every span.</summary>
    public const string Outside = "O";

    /// <summary>Takes a tag apart; one that is none keeps its text.</summary>
    /// <param name="text">As the file has it.</param>
    public static Tag Parse(string text)
    {
        var hyphen = text.IndexOf('-');
        return hyphen < 0 ? new Tag(text, "") : new Tag(text[..hyphen], text[(hyphen + 1)..]);
    }

    /// <summary>Whether it marks no span.</summary>
    public bool IsOutside => Prefix == Outside;

    /// <summary>O, or one of B I E S followed by a hyphen and a type.</summary>
    public bool IsWellFormed => Type.Length > 0 ? Prefix is "B" or "I" or "E" or "S" : Prefix == Outside;
}
