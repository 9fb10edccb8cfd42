namespace LdNetGpu.Autograd;

/// <summary>Where the two gradients differ most.</summary>
/// <param name="Place">Tensor name and element, or "direction n".</param>
/// <param name="Analytic">The derivative of the backward pass.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="Error">|analytic - numeric| relative to max(1, |analytic|, |numeric|).</param>
/// <param name="Step">h of the difference.</param>
public sealed record GradientCheckWorst(string Place, double Analytic, double Numeric, double Error, double Step)
{
    /// <summary>Difference of the last two orders of the extrapolation; 0 without one.</summary>
    public double ErrorBar { get; init; }

    /// <summary>What rounding makes of the difference at least, ε·|f|/h; 0 without extrapolation.</summary>
    public double Floor { get; init; }

    /// <summary>The two together, relative as the error is: what the difference itself does not know.</summary>
    internal double Doubt => (ErrorBar + Floor) / Math.Max(1, Math.Max(Math.Abs(Analytic), Math.Abs(Numeric)));
}

/// <summary>What one of the checks beside the first derivatives found.</summary>
/// <param name="Name">Such as "strided inputs".</param>
/// <param name="Passed">Whether nothing was off by more than is allowed.</param>
/// <param name="Checked">Numbers compared.</param>
/// <param name="Worst">The largest error, in the unit of the check.</param>
/// <param name="Allowed">The largest that passes.</param>
/// <param name="Place">Where it is, or what went wrong.</param>
/// <param name="Notes">What was not compared, and why: refusals of the operation, tangents that are lost.</param>
public sealed record GradientCheckPart(string Name, bool Passed, int Checked, double Worst, double Allowed,
    string Place, IReadOnlyList<string> Notes)
{
    /// <summary>A few words for people: verdict, count, and the worst place.</summary>
    public override string ToString() =>
        Invariant($"{Name}{(Passed ? "" : " FAILED")} {Checked}, worst {Worst:g2} (allowed {Allowed:g2}) at {Place}")
        + (Notes.Count == 0 ? "" : $" [{string.Join("; ", Notes)}]");
}

/// <summary>What a check found.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether there was something to compare, and nothing was off by more than its
/// tolerance.</param>
/// <param name="Checked">Derivatives compared.</param>
/// <param name="Worst">Where the two differ most.</param>
/// <param name="Operations">Names of the operations on the tape, each once.</param>
public sealed record GradientCheckReport(string Name, bool Passed, int Checked, GradientCheckWorst Worst,
    IReadOnlyList<string> Operations)
{
    /// <summary>One line for people: verdict, count, and the worst place.</summary>
    public override string ToString()
    {
        if (Checked == 0 && !Passed)
            return $"{Name}: FAILED, nothing was compared: there are no inputs, or no outputs";
        return Invariant($"{Name}: {(Passed ? "passed" : "FAILED")}, {Checked} derivatives, worst {Worst.Error:g2} ")
            + Invariant($"at {Worst.Place} (analytic {Worst.Analytic:g10}, numeric {Worst.Numeric:g10}, ")
            + Invariant($"step {Worst.Step:g2}")
            + (Worst.Floor > 0 ? Invariant($", error bar {Worst.ErrorBar:g2}, floor {Worst.Floor:g2}") : "") + ")"
            + Exactly + string.Concat(Parts.Select(part => $"; {part}"));
    }

    /// <summary>What dual numbers say of it; null where the function is known in double alone.</summary>
    public DualCheckReport? Dual { get; init; }

    /// <summary>What the other checks found, those that the options name and the function allows.</summary>
    public IReadOnlyList<GradientCheckPart> Parts { get; init; } = [];

    string Exactly => Dual is null ? ""
        : Dual.Lost.Count > 0 ? $"; not by dual numbers, whose tangents are lost: {string.Join("; ", Dual.Lost)}"
        : Invariant($"; by dual numbers {Dual.Checked}, worst {Dual.Worst.Error:g2} at {Dual.Worst.Place} ")
        + Invariant($"(analytic {Dual.Worst.Analytic:g17}, exact {Dual.Worst.Numeric:g17})")
        + (Dual.Ties.Count == 0 ? "" : $", ties: {string.Join("; ", Dual.Ties)}");
}
