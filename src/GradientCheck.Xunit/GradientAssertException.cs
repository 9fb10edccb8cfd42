using Xunit.Sdk;

namespace LdNetGpu.Autograd;

/// <summary>A backward pass and central differences or dual numbers disagree, or nothing was compared.</summary>
/// <param name="report">What the check found.</param>
/// <param name="options">What it was run with.</param>
public sealed class GradientAssertException(GradientCheckReport report, GradientCheckOptions options)
    : XunitException(MessageOf(report, options))
{
    /// <summary>What the check found.</summary>
    public GradientCheckReport Report { get; } = report;

    static string MessageOf(GradientCheckReport report, GradientCheckOptions options)
    {
        if (report.Checked == 0)
            return $"{report.Name}: no derivative was compared. " +
                "The operation has no input that requires a gradient, or only empty ones, or no output.";
        var worst = report.Worst;
        var failed = report.Parts.Where(part => !part.Passed).Select(part => $"\nfound by:             {part}");
        return Invariant($"""
            {report.Name}: the gradient is wrong, worst at {worst.Place}.{string.Concat(failed)}
            backward pass:        {worst.Analytic:g15}
            central differences:  {worst.Numeric:g15}   (step {worst.Step:g2}{BarOf(worst)})
            error:                {worst.Error:g3}   (allowed: {options.Tolerance:g2}, relative above 1)
            by dual numbers:      {DualOf(report, options)}
            operations:           {string.Join(", ", report.Operations)}
            compared:             {report.Checked} derivatives
            seed:                 {options.Seed}   (GradientCheckOptions.Seed draws cotangents and inputs)
            """);
    }

    static string BarOf(GradientCheckWorst worst) =>
        worst.Floor == 0 ? "" : Invariant($", error bar {worst.ErrorBar:g2}, floor {worst.Floor:g2}");

    static string DualOf(GradientCheckReport report, GradientCheckOptions options)
    {
        if (report.Dual is not { } dual) return "not known, for the function is given in double alone";
        if (dual.Lost.Count > 0) return $"not known, for tangents are lost at {string.Join("; ", dual.Lost)}";
        var worst = dual.Worst;
        return Invariant($"{worst.Numeric:g17} at {worst.Place}, where the backward pass gives {worst.Analytic:g17}: ")
            + Invariant($"error {worst.Error:g3}   (allowed: {options.DualTolerance:g2} of all that is added up)")
            + (dual.Ties.Count == 0 ? "" : $"; one-sided at {string.Join("; ", dual.Ties)}");
    }
}
