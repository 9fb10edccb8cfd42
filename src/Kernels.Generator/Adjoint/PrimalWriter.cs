using System.Text;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Lines of C#, indented by blocks.</summary>
sealed class Lines
{
    readonly List<string> lines = [];

    public IReadOnlyList<string> All => lines;

    public void Add(string line) => lines.Add(line);

    public void Add(Lines others) => lines.AddRange(others.lines);

    public void Block(string head, Lines body)
    {
        lines.Add(head);
        lines.Add("{");
        foreach (var line in body.lines) lines.Add("    " + line);
        lines.Add("}");
    }

    public bool IsEmpty => lines.Count == 0;

    public void Insert(IEnumerable<string> first) => lines.InsertRange(0, first);

    public string Text(string indent)
    {
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(indent).Append(line).Append('\n');
        return text.ToString();
    }
}

/// <summary>A block's computation as C#: what is needed of it, or all of it with its outputs.</summary>
/// <param name="withStores">Whether outputs are written, and what the adjoint needs is kept.</param>
/// <param name="lane">Where in a view of saved values a lane's is.</param>
sealed class PrimalWriter(bool withStores, string lane)
{
    /// <summary>
    /// Computes the names that are needed, and needs what those are computed from: these are added.
    /// </summary>
    public Lines Write(Block block, HashSet<string> needed)
    {
        var reversed = new List<Lines>();
        for (var i = block.Items.Count - 1; i >= 0; i--)
        {
            var lines = new Lines();
            Write(block.Items[i], needed, lines);
            if (!lines.IsEmpty) reversed.Add(lines);
        }
        var all = new Lines();
        for (var i = reversed.Count - 1; i >= 0; i--) all.Add(reversed[i]);
        return all;
    }

    void Write(Item item, HashSet<string> needed, Lines lines)
    {
        switch (item)
        {
            case Let { Value: var value } when needed.Contains(value.Name):
                Define(lines, value.Name, IsRead(value) ? value.StoredAt!.Text : value.Text, needed);
                break;
            case Declare declare when needed.Contains(declare.Name):
                Define(lines, declare.Name, declare.Text, needed);
                break;
            case Store store when withStores:
                lines.Add($"{store.Target.Text} = {store.Value.Name};");
                needed.UnionWith(Identifiers.In(lines.All[0]));
                break;
            case Branch branch:
                Write(branch, needed, lines);
                break;
            case Loop loop:
                Write(loop, needed, lines);
                break;
        }
    }

    // An output holds it, and reading costs less than computing it again.
    bool IsRead(Value value) => !withStores && value.StoredAt is not null && AdjointCost.Of(value) > AdjointCost.Read;

    static void Define(Lines lines, string name, string text, HashSet<string> needed)
    {
        lines.Add($"var {name} = {text};");
        needed.UnionWith(Identifiers.In(text));
    }

    void Write(Branch branch, HashSet<string> needed, Lines lines)
    {
        var merges = branch.Merges.Where(merge => needed.Contains(merge.Value.Name)).ToList();
        var then = Side(branch.Then, merges, merge => merge.Then, needed);
        var otherwise = Side(branch.Else, merges, merge => merge.Else, needed);
        if (then.IsEmpty && otherwise.IsEmpty) return;
        needed.Add(branch.Condition);
        foreach (var merge in merges) lines.Add($"T {merge.Value.Name};");
        if (then.IsEmpty) lines.Block($"if (!{branch.Condition})", otherwise);
        else lines.Block($"if ({branch.Condition})", then);
        if (!then.IsEmpty && !otherwise.IsEmpty) lines.Block("else", otherwise);
    }

    Lines Side(Block block, List<Merged> merges, Func<Merged, Value> side, HashSet<string> needed)
    {
        foreach (var merge in merges) needed.UnionWith(Identifiers.In(side(merge).Name));
        var lines = Write(block, needed);
        foreach (var merge in merges) lines.Add($"{merge.Value.Name} = {side(merge).Name};");
        return lines;
    }

    void Write(Loop loop, HashSet<string> needed, Lines lines)
    {
        var carries = loop.Carries.Where(carry => needed.Contains(carry.Result.Name)).ToList();
        if (!withStores)
        {
            foreach (var carry in carries.Where(carry => carry.Saved is not null))
                Define(lines, carry.Result.Name, $"{carry.Saved}[{lane}]", needed);
            carries = [.. carries.Where(carry => carry.Saved is null)];
        }
        foreach (var carry in carries) needed.UnionWith(Identifiers.In(carry.Next.Name));
        var body = Write(loop.Body, needed);
        foreach (var carry in carries) body.Add($"{carry.Result.Name} = {carry.Next.Name};");
        if (body.IsEmpty) return;
        foreach (var carry in carries) Define(lines, carry.Result.Name, carry.Initial.Name, needed);
        needed.UnionWith(Identifiers.In(loop.From + " " + loop.To));
        lines.Block(loop.Head, body);
        if (!withStores) return;
        foreach (var carry in carries.Where(carry => carry.Saved is not null))
            lines.Add($"{carry.Saved}[{lane}] = {carry.Result.Name};");
    }
}

/// <summary>What it costs to compute a value again.</summary>
static class AdjointCost
{
    /// <summary>Of reading an element, in additions.</summary>
    public const int Read = 4;

    public static int Of(Value value) => DerivativeRules.Cost(value.Operation)
        + (value.Operation == Value.Load ? Read : 0)
        + value.Operands.Where(operand => operand.Home == value.Home).Sum(Of);
}
