namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>
/// The adjoint of a block: each value's adjoint is the sum of what its uses hand back, from the last to the first.
/// </summary>
/// <param name="gradients">What the gradient of each output is called.</param>
/// <param name="inputs">Where the gradient of each input goes.</param>
sealed class ReverseWriter(AdjointNames names, PrimalWriter primal, IReadOnlyDictionary<ViewOperand, string> gradients,
    IReadOnlyDictionary<ViewOperand, InputGradient> inputs)
{
    AdjointNames Names => names;

    IReadOnlyDictionary<ViewOperand, string> Gradients => gradients;

    IReadOnlyDictionary<ViewOperand, InputGradient> Inputs => inputs;

    /// <param name="Lines">The block's computation again, as far as needed, and its adjoint.</param>
    /// <param name="Sums">Variables in which it has summed up for values of blocks around it.</param>
    /// <param name="Needed">Names of blocks around it.</param>
    sealed record Reversed(Lines Lines, List<(Value Value, string Name)> Sums, HashSet<string> Needed);

    public Lines Write(Block kernel) => Reverse(kernel, [], new()).Lines;

    /// <param name="seeds">What values of the block get from outside it.</param>
    /// <param name="heads">Lines between the computation and its adjoint.</param>
    Reversed Reverse(Block block, IReadOnlyList<(Value Value, string Text)> seeds, Lines heads)
    {
        var scope = new Scope(this, block);
        scope.Need(string.Join(" ", heads.All));
        foreach (var (value, text) in seeds) scope.Give(value, text);
        for (var i = block.Items.Count - 1; i >= 0; i--) scope.Reverse(block.Items[i]);
        if (scope.Lines.IsEmpty) return new(scope.Lines, scope.Sums, scope.Needed);
        var lines = primal.Write(block, scope.Needed);
        lines.Add(heads);
        lines.Add(scope.Lines);
        scope.Needed.ExceptWith(Defined(block));
        return new(lines, scope.Sums, scope.Needed);
    }

    static IEnumerable<string> Defined(Block block) => block.Items.SelectMany(item => item switch
    {
        Let { Value.Name: var name } => [name],
        Declare { Name: var name } => [name],
        Branch branch => branch.Merges.Select(merge => merge.Value.Name).Concat(Defined(branch.Then))
            .Concat(Defined(branch.Else)),
        Loop loop => loop.Carries.Select(carry => carry.Result.Name).Append(loop.Index).Concat(Defined(loop.Body)),
        _ => Enumerable.Empty<string>(),
    });

    /// <summary>One block on its way back.</summary>
    sealed class Scope(ReverseWriter writer, Block block)
    {
        readonly Dictionary<Value, List<string>> parts = [];

        public Lines Lines { get; } = new();

        public List<(Value Value, string Name)> Sums { get; } = [];

        public HashSet<string> Needed { get; } = [];

        public void Need(string text) => Needed.UnionWith(Identifiers.In(text));

        void Add(string line)
        {
            Lines.Add(line);
            Need(line);
        }

        public void Give(Value value, string text)
        {
            if (!value.IsActive || value.Operation is Value.Constant or Value.Carried) return;
            if (value.Home == block)
            {
                if (!parts.TryGetValue(value, out var list)) parts[value] = list = [];
                list.Add(text);
                return;
            }
            var sum = Sums.Find(known => known.Value == value).Name;
            if (sum is null) Sums.Add((value, sum = writer.Names.Adjoint(value.Name)));
            Add($"{sum} += {text};");
        }

        string? Total(Value value) => parts.TryGetValue(value, out var list)
            ? string.Join(" + ", list).Replace("+ -", "- ") : null;

        // Its adjoint as a variable; null where nothing used it.
        string? Adjoint(Value value)
        {
            if (Total(value) is not { } total) return null;
            if (total.All(letter => char.IsLetterOrDigit(letter) || letter == '_')) return total;
            var name = writer.Names.Adjoint(value.Name);
            Add($"var {name} = {total};");
            return name;
        }

        public void Reverse(Item item)
        {
            switch (item)
            {
                case Let { Value: { Operation: Value.Load } value }:
                    if (Total(value) is { } gradient)
                        Add(writer.Inputs[value.Source!.View].Line(value.Source!, gradient));
                    break;
                case Let { Value: var value } when Adjoint(value) is { } adjoint:
                    var shares = DerivativeRules.Of(value, adjoint);
                    for (var i = 0; i < value.Operands.Count; i++) Give(value.Operands[i], shares[i]);
                    break;
                case Store { Value.IsActive: true } store:
                    Give(store.Value, store.Target.Element(writer.Gradients[store.Target.View]));
                    break;
                case Branch branch:
                    Reverse(branch);
                    break;
                case Loop loop:
                    Reverse(loop);
                    break;
            }
        }

        void Reverse(Branch branch)
        {
            var adjoints = branch.Merges.Select(merge => (merge, Adjoint: Adjoint(merge.Value)!))
                .Where(pair => pair.Adjoint is not null).ToList();
            var then =
                writer.Reverse(branch.Then, [.. adjoints.Select(pair => (pair.merge.Then, pair.Adjoint))], new());
            var otherwise =
                writer.Reverse(branch.Else, [.. adjoints.Select(pair => (pair.merge.Else, pair.Adjoint))], new());
            Begin(then);
            Begin(otherwise);
            if (!then.Lines.IsEmpty || !otherwise.Lines.IsEmpty) Need(branch.Condition);
            if (!then.Lines.IsEmpty) Lines.Block($"if ({branch.Condition})", then.Lines);
            if (!otherwise.Lines.IsEmpty)
                Lines.Block(then.Lines.IsEmpty ? $"if (!{branch.Condition})" : "else", otherwise.Lines);
            End(then);
            End(otherwise);
        }

        void Reverse(Loop loop)
        {
            var seeds = new List<(Value, string)>();
            var initial = new List<(Value, string)>();
            var heads = new Lines();
            foreach (var carry in loop.Carries)
            {
                if (Adjoint(carry.Result) is not { } adjoint) continue;
                seeds.Add((carry.Maximum ?? carry.Next, adjoint));
                initial.Add((carry.Initial, adjoint));
                if (carry.Maximum is null) continue;
                // The first round that reached the extreme takes all.
                var (isFound, isHere) = (writer.Names.Fresh("isFound"), writer.Names.Fresh("isHere"));
                Add($"var {isFound} = false;");
                heads.Add($"var {isHere} = !{isFound} && {carry.Maximum.Name} == {carry.Result.Name};");
                heads.Add($"if ({isHere}) {isFound} = true;");
                seeds[seeds.Count - 1] = (carry.Maximum, $"({isHere} ? {adjoint} : T.Zero)");
                initial[initial.Count - 1] = (carry.Initial, $"({isFound} ? T.Zero : {adjoint})");
            }
            var body = writer.Reverse(loop.Body, seeds, heads);
            Begin(body);
            if (!body.Lines.IsEmpty)
            {
                Need(loop.From + " " + loop.To);
                Lines.Block(loop.Head, body.Lines);
            }
            End(body);
            foreach (var (value, text) in initial) Give(value, text);
        }

        // What an inner block sums up for a value of this one begins before it.
        void Begin(Reversed inner)
        {
            Needed.UnionWith(inner.Needed);
            foreach (var (value, name) in inner.Sums)
                if (value.Home == block) Lines.Add($"var {name} = T.Zero;");
        }

        void End(Reversed inner)
        {
            foreach (var (value, name) in inner.Sums)
                if (value.Home == block) Give(value, name);
                else Sums.Add((value, name));
        }
    }
}
