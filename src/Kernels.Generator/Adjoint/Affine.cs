namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>What part of its work an index tells.</summary>
enum AxisKind
{
    /// <summary>The lane itself, of a kernel over one axis.</summary>
    Lane,

    /// <summary>The lane divided by a number of columns.</summary>
    Row,

    /// <summary>The rest of that division.</summary>
    Column,

    /// <summary>The lane's X, of a kernel over two axes.</summary>
    X,

    /// <summary>Its Y.</summary>
    Y,
}

/// <param name="Kind">What it tells.</param>
/// <param name="Last">The largest it becomes, as C# on the host.</param>
/// <param name="Divisor">Of rows and columns: the number of columns, as C#.</param>
sealed record Axis(AxisKind Kind, string Last, string Divisor = "");

/// <summary>A part of an integer's sum: an axis times a coefficient, or what is the same for every lane.</summary>
/// <param name="Axis">Null for what is the same.</param>
/// <param name="Coefficient">"1" for one.</param>
/// <param name="Text">Of what is the same, as C#.</param>
/// <param name="Largest">The largest it becomes, as C# on the host.</param>
/// <param name="Smallest">The smallest.</param>
sealed record Term(Axis? Axis, string Coefficient, string Text, string Largest, string Smallest)
{
    public static Term Of(Axis axis) => new(axis, "1", "", axis.Last, "0");

    public Term Times(string factor) => new(Axis, Coefficient == "1" ? factor : $"{Coefficient} * {factor}",
        Product(Text, factor), Product(Largest, factor), Product(Smallest, factor));

    public Term Negated() => this with
    {
        Text = Minus(Text), Largest = Minus(Smallest), Smallest = Minus(Largest),
    };

    static string Minus(string text) => text is "0" or "" ? text
        : text.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.') ? "-" + text : $"-({text})";

    static string Product(string left, string right) => left is "0" or "" ? left : $"{left} * {right}";
}

/// <summary>
/// An integer in terms of the lane: a sum of axes with coefficients, of loops' indices and of what is the same for
/// every lane.
/// </summary>
sealed record Affine
{
    /// <summary>Nothing is known of it: it may depend on data.</summary>
    public static Affine Opaque { get; } = new() { IsOpaque = true };

    /// <summary>Whether a term may depend on data.</summary>
    public bool IsOpaque { get; init; }

    public IReadOnlyList<Term> Terms { get; init; } = [];

    public IEnumerable<Term> Axes => Terms.Where(term => term.Axis is not null);

    /// <summary>The largest it becomes on the host: axes and loops' indices are at their ends.</summary>
    public string Largest => Sum(term => term.Largest);

    /// <summary>The smallest it becomes.</summary>
    public string Smallest => Sum(term => term.Smallest);

    /// <summary>
    /// As C# of the kernel's parameters; null where it is not the same for every lane and every round of a loop.
    /// </summary>
    public string? Fixed => IsOpaque || Axes.Any() || Largest != Smallest ? null
        : Largest.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.') || Largest[0] == '(' ? Largest
        : $"({Largest})";

    /// <summary>The one axis it goes along, an element a step; null where there is none or several.</summary>
    public Axis? Only => !IsOpaque && Axes.Count() == 1 && Axes.First() is { Coefficient: "1" } term ? term.Axis : null;

    /// <summary>What is added to the axes, as text; empty for nothing.</summary>
    public string Offset =>
        string.Join(" + ", Terms.Where(term => term.Axis is null && term.Text != "0").Select(term => term.Text));

    public static Affine Of(string text) => Of(text, text, text);

    /// <summary>What is the same for every lane, such as a loop's index, between two ends.</summary>
    public static Affine Of(string text, string largest, string smallest) =>
        new() { Terms = [new(null, "1", text, largest, smallest)] };

    public static Affine Of(Axis axis) => new() { Terms = [Term.Of(axis)] };

    public Affine Plus(Affine other) => new()
    {
        IsOpaque = IsOpaque || other.IsOpaque,
        Terms = [.. Terms, .. other.Terms],
    };

    /// <summary>Itself times a number that is the same for every lane.</summary>
    public Affine Times(string factor) => this with { Terms = [.. Terms.Select(term => term.Times(factor))] };

    /// <summary>The other way round; of what is the same for every lane.</summary>
    public Affine Negated() => this with { Terms = [.. Terms.Select(term => term.Negated())] };

    string Sum(Func<Term, string> end)
    {
        var terms = Terms.Select(end).Where(text => text != "0").ToList();
        return terms.Count switch { 0 => "0", 1 => terms[0], _ => $"({string.Join(" + ", terms)})" };
    }
}
