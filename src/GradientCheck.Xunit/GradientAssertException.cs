using System.Globalization;
using Xunit.Sdk;

namespace LdNetGpu.Autograd;

/// <summary>A backward pass and central differences disagree, or nothing was compared.</summary>
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
                "The operation has no input that requires a gradient, or only empty ones.";
        var worst = report.Worst;
        return string.Create(CultureInfo.InvariantCulture, $"""
            {report.Name}: the gradient is wrong, worst at {worst.Place}.
            backward pass:        {worst.Analytic:g15}
            central differences:  {worst.Numeric:g15}   (step {worst.Step:g2})
            error:                {worst.Error:g3}   (allowed: {options.Tolerance:g2}, relative above 1)
            operations:           {string.Join(", ", report.Operations)}
            compared:             {report.Checked} derivatives
            seed:                 {options.Seed}   (GradientCheckOptions.Seed draws cotangents and inputs)
            """);
    }
}
