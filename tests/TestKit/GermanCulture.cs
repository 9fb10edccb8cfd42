using System.Globalization;

namespace LdNetGpu.Tests;

/// <summary>
/// Makes de-DE the culture of the code that runs while it is open: 1.234,5 for 1,234.5. Negative numbers have
/// U+2212, as in nb-NO.
/// </summary>
/// <remarks>Made by hand, for tests run without the system's cultures.</remarks>
public sealed class GermanCulture : IDisposable
{
    readonly CultureInfo before = CultureInfo.CurrentCulture;

    public GermanCulture()
    {
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NumberGroupSeparator = ".";
        german.NumberFormat.PercentDecimalSeparator = ",";
        german.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.CurrentCulture = german;
    }

    public void Dispose() => CultureInfo.CurrentCulture = before;
}
