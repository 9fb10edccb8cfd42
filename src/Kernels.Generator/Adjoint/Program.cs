using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// One number of a kernel's forward computation, assigned once. Its text computes it from other values by their names.
/// </summary>
sealed class Value(string name, string text, string operation, IReadOnlyList<Value> operands, Block? home)
{
    /// <summary>The variable, or the text itself where it is a constant.</summary>
    public string Name => name;

    public string Text => text;

    /// <summary>What it is made by: a key of <see cref="DerivativeRules"/>, or one of those below.</summary>
    public string Operation => operation;

    public IReadOnlyList<Value> Operands => operands;

    /// <summary>Where it is computed; null for a constant.</summary>
    public Block? Home => home;

    /// <summary>Whether it depends on an input.</summary>
    public bool IsActive { get; set; } = operands.Any(operand => operand.IsActive);

    /// <summary>Of a load: what is read.</summary>
    public Access? Source { get; init; }

    /// <summary>An output that holds it, so that the adjoint may read it there.</summary>
    public Access? StoredAt { get; set; }

    public const string Constant = "constant", Load = "load", Merge = "merge", Carried = "carried";

    /// <summary>What a loop has added up, and the maximum or minimum that it has found.</summary>
    public const string Looped = "looped", Extreme = "extreme";

    public static Value Of(string text) => new(text, text, Constant, [], null);
}

/// <summary>An element of a view: which view, and where.</summary>
/// <param name="View">As the kernel reaches it: <c>x</c>.</param>
/// <param name="Indices">C# texts, one for each axis.</param>
/// <param name="Places">What the indices are in terms of the lane.</param>
/// <param name="Syntax">Where it stands, for messages.</param>
sealed record Access(ViewOperand View, IReadOnlyList<string> Indices, IReadOnlyList<Affine> Places, SyntaxNode Syntax)
{
    public string Element(string view) => $"{view}[{string.Join(", ", Indices)}]";

    public string Text => Element(View.Operand.Access);
}

/// <summary>An operand that is a view of the kernel's number.</summary>
sealed class ViewOperand(Operand operand, bool isMatrix)
{
    public Operand Operand => operand;

    public string Name => operand.Name;

    /// <summary>A matrix of rows and columns; else a view of one axis.</summary>
    public bool IsMatrix => isMatrix;

    public List<Access> Loads { get; } = [];

    public List<Access> Stores { get; } = [];

    public bool IsOutput => Stores.Count > 0;

    /// <summary>How C# asks whether it is there.</summary>
    public string Presence => isMatrix ? "IsPresent" : "IsValid";
}

/// <summary>What happens in the order in which it happens.</summary>
sealed class Block
{
    public List<Item> Items { get; } = [];
}

abstract record Item;

/// <summary>A number is computed.</summary>
sealed record Let(Value Value) : Item;

/// <summary>An integer or a bool is computed.</summary>
sealed record Declare(string Name, string Text) : Item;

/// <summary>An element of an output is written.</summary>
sealed record Store(Access Target, Value Value) : Item;

/// <summary>One of two blocks runs; the merged values are those of the one that ran.</summary>
sealed record Branch(string Condition, Block Then, Block Else, List<Merged> Merges) : Item;

/// <param name="Value">After the branch.</param>
/// <param name="Then">What it is where the condition holds.</param>
/// <param name="Else">What it is otherwise.</param>
sealed record Merged(Value Value, Value Then, Value Else);

/// <summary>A block runs for index = from; index &lt; to; index++.</summary>
sealed record Loop(string Index, string From, string To, Block Body, List<Carry> Carries) : Item
{
    public string Head => $"for (var {Index} = {From}; {Index} < {To}; {Index}++)";
}

/// <summary>A value that a loop makes of the one before.</summary>
/// <param name="Initial">Before the loop.</param>
/// <param name="Entry">In the body, as the iteration before left it.</param>
/// <param name="Next">What the body makes of it.</param>
/// <param name="Result">After the loop; it has the entry's name.</param>
/// <param name="Maximum">The value whose maximum or minimum is taken; null for a sum.</param>
sealed record Carry(Value Initial, Value Entry, Value Next, Value Result, Value? Maximum)
{
    /// <summary>Where the forward pass keeps the result for the adjoint; null where it is computed again.</summary>
    public string? Saved { get; set; }
}
