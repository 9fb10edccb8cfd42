using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>A differentiable kernel's adjoint, and the forward kernel that keeps what it needs, as C#.</summary>
sealed class AdjointKernel
{
    readonly string lane;
    readonly Block program;

    /// <exception cref="UnsupportedException">The kernel is outside of what has an adjoint.</exception>
    public AdjointKernel(KernelCandidate kernel)
    {
        Kernel = kernel;
        var method = kernel.Method;
        if (method.TypeParameters.Length != 1
            || method.TypeParameters[0] is not { HasUnmanagedTypeConstraint: true } number
            || !number.ConstraintTypes.Any(type => type.Name == "IFloatingPointIeee754"))
            throw Form("the adjoint is checked over several kinds of numbers",
                "Write it for 'T' where T : unmanaged, IFloatingPointIeee754<T>");
        if (method.Parameters.FirstOrDefault() is not { } index
            || !index.Type.IsDialect("Index1D") && !index.Type.IsDialect("Index2D"))
            throw Form("its lanes may work together, and what they exchange has no adjoint here",
                "Take an Index1D or Index2D first: a lane for each element, or for each row");
        lane = index.Name;
        Operands = Operand.Of(kernel);
        var names = new AdjointNames(method, Operands);
        var lowering = new Lowering(kernel, Operands, number, names);
        program = lowering.Lower();
        (Views, IntegerViews, Factors) = (lowering.Views, lowering.IntegerViews, [.. lowering.Factors]);
        foreach (var view in Views) CheckView(view);
        if (!Outputs.Any() || !Inputs.Any())
            throw Form("it has no input or no output", "Read a view, and write another");
        StoreCheck.Check(program);
        if (index.Type.IsDialect("Index1D")) KeepResults(program, names);
        OutputGradients = Outputs.ToDictionary(view => view, view => names.Fresh(InputGradient.Adjoint(view.Name)));
        InputGradients = Inputs.ToDictionary(view => view, view => InputGradient.Of(view, names, lane));
        if (index.Type.IsDialect("Index2D")) CheckPlane();
        var text = new ReverseWriter(names, new(withStores: false, lane), OutputGradients, InputGradients)
            .Write(program).Text("        ");
        Body = Numbers(text);
        var used = new HashSet<string>(Identifiers.In(Body));
        Kept = [.. Carries(program).Where(carry => carry.Saved is { } saved && used.Contains(saved))];
        foreach (var carry in Carries(program).Except(Kept)) carry.Saved = null;
        Forwarded = [.. method.Parameters.Skip(1).Where(parameter => used.Contains(parameter.Name))];
    }

    public KernelCandidate Kernel { get; }

    public IReadOnlyList<Operand> Operands { get; }

    public IReadOnlyList<ViewOperand> Views { get; }

    /// <summary>Views of integers, which tell choices and have no gradient.</summary>
    public IReadOnlyList<ViewOperand> IntegerViews { get; }

    /// <summary>By what places are multiplied, which must not be negative: C# of the kernel's parameters.</summary>
    public IReadOnlyList<string> Factors { get; }

    public IEnumerable<ViewOperand> Inputs => Views.Where(view => view.Loads.Count > 0);

    public IEnumerable<ViewOperand> Outputs => Views.Where(view => view.IsOutput);

    public Dictionary<ViewOperand, string> OutputGradients { get; }

    public Dictionary<ViewOperand, InputGradient> InputGradients { get; }

    /// <summary>Results of loops that the forward pass keeps, a number a lane.</summary>
    public IReadOnlyList<Carry> Kept { get; }

    /// <summary>The kernel's parameters that its adjoint takes too.</summary>
    public IReadOnlyList<IParameterSymbol> Forwarded { get; }

    public string Name => Kernel.Method.Name + "Backward";

    /// <summary>
    /// The forward kernel that keeps what the adjoint needs; the kernel itself where that is nothing.
    /// </summary>
    public string Forward => Kernel.Method.Name + (Kept.Count > 0 ? "Keeping" : "");

    string Body { get; }

    string Number => Kernel.Method.TypeParameters[0].Name;

    // The rules are written for T.
    string Numbers(string text) =>
        Number == "T" ? text : Regex.Replace(text, @"\bT(?=[. ])", Number, RegexOptions.CultureInvariant);

    void CheckView(ViewOperand view)
    {
        if (view.IsOutput && view.Loads.Count > 0)
            throw new UnsupportedException(Unsupported.AdjointState, view.Loads[0].Syntax, view.Name,
                "it is read and written, so that what the adjoint needs may be overwritten",
                "Write the result to a view of its own, and keep what is read again in a variable");
        foreach (var store in view.Stores)
            if (Sharing.UnitOf(store, lane) is not null)
                throw new UnsupportedException(Unsupported.AdjointSharing, store.Syntax, store.Syntax.ToString(),
                    "several lanes write the same element", "Write at the lane's own index");
        foreach (var store in view.Stores) Sharing.CheckStore(store);
        Sharing.CheckOffsets(view.Stores);
    }

    // A plane's lanes are numbered by no kernel: none of them can have a row of parts.
    void CheckPlane()
    {
        foreach (var view in Inputs.Where(view => InputGradients[view].IsSummed))
            foreach (var load in view.Loads)
                if (!load.Places.Any(place => place.Axes.Any()))
                    throw new UnsupportedException(Unsupported.AdjointSharing, load.Syntax, load.Syntax.ToString(),
                        "all lanes of an Index2D read it",
                        "Take an Index1D, or what every row or column shares (v[p.X], v[p.Y])");
    }

    // A loop's result costs a loop to compute again, and an element to keep.
    static void KeepResults(Block block, AdjointNames names)
    {
        foreach (var carry in Carries(block)) carry.Saved = names.Fresh(carry.Result.Name + "Kept");
    }

    // Of loops that are in no other loop.
    static IEnumerable<Carry> Carries(Block block) => block.Items.SelectMany(item => item switch
    {
        Loop loop => loop.Carries,
        Branch branch => Carries(branch.Then).Concat(Carries(branch.Else)),
        _ => Enumerable.Empty<Carry>(),
    });

    /// <summary>The members to be added to the kernel's class.</summary>
    public string Members()
    {
        var text = new StringBuilder();
        var gradients = Outputs.Select(view => $"{TypeOf(view.Operand.Type)} {OutputGradients[view]}")
            .Concat(Inputs.Select(view => InputGradients[view] is { IsSummed: true } parts
                ? $"ArrayView<{Number}> {parts.Name}, int {parts.Width}"
                : $"{TypeOf(view.Operand.Type)} {InputGradients[view].Name}"));
        var kept = Kept.Select(carry => $"ArrayView<{Number}> {carry.Saved}").ToList();
        text.Append(
            $"    /// <summary>The adjoint of {Kernel.Method.Name}: each input's gradient is added to.</summary>\n"
            + $"    /// <remarks>{Costs()}</remarks>\n");
        text.Append(Signature(Name, Forwarded.Select(Declaration).Concat(kept).Concat(gradients)));
        text.Append("    {\n").Append(Body).Append("    }\n");
        if (Kept.Count == 0) return text.ToString();
        text.Append($"\n    /// <summary>{Kernel.Method.Name}, which keeps what its adjoint needs.</summary>\n");
        text.Append(Signature(Forward, Kernel.Method.Parameters.Skip(1).Select(Declaration).Concat(kept)));
        var needed = new HashSet<string>(Kept.Select(carry => carry.Result.Name));
        return text.Append("    {\n")
            .Append(Numbers(new PrimalWriter(withStores: true, lane).Write(program, needed).Text("        ")))
            .Append("    }\n").ToString();
    }

    string Costs()
    {
        var read = Outputs.Where(view => Body.Contains(view.Operand.Access + "[")).Select(view => view.Name);
        var parts = new List<string>();
        if (Kept.Count > 0)
            parts.Add("Kept by the forward pass, a number a lane, for a loop would compute it again: "
                + string.Join(", ", Kept.Select(carry => carry.Result.Name)) + ".");
        if (read.Any())
            parts.Add($"Read from the outputs, which costs less than computing it again: {string.Join(", ", read)}.");
        parts.Add("What else it needs it computes again.");
        return string.Join(" ", parts);
    }

    string Signature(string name, IEnumerable<string> parameters)
    {
        var access = Kernel.Method.DeclaredAccessibility == Accessibility.Public ? "public" : "internal";
        var index = Kernel.Method.Parameters[0];
        var list = string.Join(", ", parameters.Prepend($"{TypeOf(index.Type)} {lane}"));
        return $"    [Kernel]\n    {access} static void {name}<{Number}>(\n        {list})\n"
            + $"        where {Number} : unmanaged, IFloatingPointIeee754<{Number}>\n";
    }

    static string Declaration(IParameterSymbol parameter) => $"{TypeOf(parameter.Type)} {parameter.Name}";

    static string TypeOf(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    UnsupportedException Form(string reason, string remedy) => new(DiagnosticInfo.At(Unsupported.AdjointForm,
        Kernel.Syntax.Identifier.GetLocation(), $"The kernel '{Kernel.Method.Name}'", reason, remedy));
}
