using LdNetGpu.Kernels.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Who sums up the gradient of an element that several lanes read.</summary>
/// <param name="Index">In the kernel: the row of the parts that the lane adds to.</param>
/// <param name="Count">On the host: how many rows of parts there are.</param>
sealed record Unit(string Index, string Count);

/// <summary>
/// Where an input's gradient goes: straight to its element where no other lane reads it, else to parts that are summed
/// over their rows after the launch.
/// </summary>
/// <param name="Name">Of the gradient's, or the parts', parameter.</param>
/// <param name="Unit">Null for the element itself.</param>
sealed record InputGradient(ViewOperand View, string Name, Unit? Unit)
{
    public bool IsSummed => Unit is not null;

    public string Line(Access access, string gradient) => Unit is null
        ? $"if ({Name}.{View.Presence}) {access.Element(Name)} += {gradient};"
        : $"if ({Name}.IsValid) {Name}[{Unit.Index} * {Width} + {access.Indices[0]}] += {gradient};";

    /// <summary>The parameter that says how many elements a row of parts has.</summary>
    public string Width => Name + "Width";

    /// <exception cref="UnsupportedException">Which lanes meet at an element is not known.</exception>
    public static InputGradient Of(ViewOperand view, AdjointNames names, string lane)
    {
        foreach (var load in view.Loads) Sharing.CheckRounds(load);
        Sharing.CheckOffsets(view.Loads);
        var units = view.Loads.Select(access => Sharing.UnitOf(access, lane)).Distinct().ToList();
        if (units.Count > 1)
            throw new UnsupportedException(Unsupported.AdjointSharing, view.Loads[1].Syntax, view.Name,
                "it is read in two ways, so that lanes meet at its elements",
                "Read it in one way, or pass it as two parameters");
        return new(view, names.Fresh(units[0] is null ? Adjoint(view.Name) : view.Name + "Parts"), units[0]);
    }

    public static string Adjoint(string name) => "d" + char.ToUpperInvariant(name[0]) + name.Substring(1);
}
