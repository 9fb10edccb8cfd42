namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>How tightly C's operators bind; a part that binds less tightly than its place needs parentheses.</summary>
static class Precedence
{
    public const int Primary = 16, Unary = 15, Multiply = 13, Add = 12, Shift = 11, Relation = 10, Equality = 9,
        And = 8, Xor = 7, Or = 6, LogicalAnd = 5, LogicalOr = 4, Conditional = 3, Assignment = 2;
}

/// <summary>A translated expression.</summary>
/// <param name="Text">C's text; of a view or array, the pointer to its first element.</param>
sealed record Expression(string Text, int Binding = Precedence.Primary)
{
    /// <summary>One letter of <see cref="Space"/> for each pointer inside the value.</summary>
    public string Spaces { get; init; } = "";

    /// <summary>Of a view or array: how many elements it has.</summary>
    public string? Length { get; init; }

    /// <summary>Where the variable itself lies; needed when its address is taken.</summary>
    public char Home { get; init; } = Space.Private;

    /// <summary>
    /// Of a sum, difference or product of signed integers: the same in unsigned ones of so many bits, where C too lets
    /// it wrap around.
    /// </summary>
    public (int Bits, Expression Value)? Unsigned { get; init; }

    /// <summary>The text where an operator of this strength takes it.</summary>
    public string Within(int binding) => Binding < binding ? $"({Text})" : Text;

    public Expression Member(string name) => new($"{Within(Precedence.Primary)}.{name}") { Home = Home };

    /// <summary>A pointer to this variable.</summary>
    public Expression Address() => Text.StartsWith("*", StringComparison.Ordinal)
        ? new(Text.Substring(1)) { Spaces = Home.ToString() }
        : new("&" + Within(Precedence.Unary), Precedence.Unary) { Spaces = Home.ToString() };

    public override string ToString() => Text;
}

/// <summary>
/// Kinds of memory a pointer may reach. A target without address spaces knows <see cref="Generic"/> only.
/// </summary>
static class Space
{
    /// <summary>Global memory through a pointer to const.</summary>
    public const char ReadOnly = 'r';

    public const char Global = 'g', Shared = 's', Private = 'p', Generic = '*';

    public static string Name(char space) => space switch
    {
        Global => "global",
        ReadOnly => "readonly",
        Shared => "shared",
        Private => "local",
        _ => "generic",
    };
}
