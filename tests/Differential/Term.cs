namespace LdNetGpu.Tests;

/// <summary>An expression of C#.</summary>
/// <param name="Text">With holes for the parts, {0}, {1}.</param>
sealed record Term(Number Type, string Text, params Term[] Parts)
{
    /// <summary>
    /// Of an inexact term: what its value would be if nothing cancelled, by which its rounding errors are measured.
    /// Holes {m0}, {m1} are the parts' own.
    /// </summary>
    public string? MagnitudeText { get; init; }

    /// <summary>Of an inexact term: roundings of its own, in units in the last place.</summary>
    public int Ulps { get; init; }

    /// <summary>Whether C#'s compiler knows the value, and could refuse its overflow.</summary>
    public bool IsConstant { get; init; }

    public string Magnitude => MagnitudeText is null ? $"Math.Abs((double)({this}))" : Fill(MagnitudeText);

    public int TotalUlps => Ulps + Parts.Where(part => part.MagnitudeText is not null).Sum(part => part.TotalUlps);

    public bool Equals(Term? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => Fill(Text);

    string Fill(string text)
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            text = text.Replace($"{{{i}}}", Parts[i].ToString(), StringComparison.Ordinal);
            if (text.Contains($"{{m{i}}}", StringComparison.Ordinal))
                text = text.Replace($"{{m{i}}}", Parts[i].Magnitude, StringComparison.Ordinal);
        }
        return text;
    }
}
