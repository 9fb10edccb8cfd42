namespace LdNetGpu.Tests;

/// <summary>What kernels left: for each result a row of lanes, in one of the two.</summary>
sealed class CaseResults
{
    public CaseResults(int results)
    {
        Integers = new long[results * LaneInputs.Lanes];
        Reals = new double[results * LaneInputs.Lanes];
        Magnitudes = new double[results * LaneInputs.Lanes];
    }

    public long[] Integers { get; }

    public double[] Reals { get; }

    /// <summary>Of inexact results, from plain C# alone: see <see cref="Term.MagnitudeText"/>.</summary>
    public double[] Magnitudes { get; }

    /// <summary>The results of a case that differ from what is expected, each for its first lane, in words.</summary>
    public IEnumerable<string> Differences(CaseResults expected, Case one, int firstResult) => one.Results
        .Select((result, i) => Enumerable.Range(0, LaneInputs.Lanes)
            .Select(lane => Difference(expected, result, (firstResult + i) * LaneInputs.Lanes + lane, lane))
            .FirstOrDefault(problem => problem is not null))
        .OfType<string>();

    string? Difference(CaseResults expected, Term result, int index, int lane) => result.Type.IsFloating()
        ? AreClose(Reals[index], expected.Reals[index], result, expected.Magnitudes[index])
            ? null : Text(result, lane, Reals[index], expected.Reals[index])
        : Integers[index] == expected.Integers[index]
            ? null : Text(result, lane, Integers[index], expected.Integers[index]);

    static string Text<T>(Term result, int lane, T found, T expected) =>
        FormattableString.Invariant(
            $"{(result.MagnitudeText is null ? result : "an inexact "
            + "result")} of lane {lane} is {found:R}, not {expected:R}")
            .Replace(":R", "");

    /// <summary>
    /// Equal to the bit, NaN to any NaN, unless the term is inexact. Such a one consists of sums, products and
    /// functions over exact values: each rounds once where C# does or, where a product is fused into a sum, not at all,
    /// and a rounding is of at most half a unit of what the term would be without cancellation. Where something
    /// overflows nothing is said.
    /// </summary>
    static bool AreClose(double found, double expected, Term result, double magnitude)
    {
        if (result.MagnitudeText is null)
            return BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(expected)
                || double.IsNaN(found) && double.IsNaN(expected);
        var (unit, largest) = result.Type == Number.Float
            ? (Math.Pow(2, -23), float.MaxValue) : (Math.Pow(2, -52), double.MaxValue);
        if (!(magnitude < largest / 4) || !double.IsFinite(expected)) return true;
        return Math.Abs(found - expected) <= result.TotalUlps * unit * magnitude;
    }
}
