using System.Globalization;
using System.Text;

namespace LdNetGpu.Train.Data;

/// <summary>What is wrong with a word that no reader can see.</summary>
static class OddWord
{
    const int SoftHyphen = 0xAD;

    /// <summary>The first oddity of a column as it stands in the file; null for a plain word.</summary>
    public static string? Describe(string column)
    {
        if (string.IsNullOrWhiteSpace(column)) return "empty word";
        if (char.IsWhiteSpace(column[0]) || char.IsWhiteSpace(column[^1])) return "white space around the word";
        foreach (var rune in column.EnumerateRunes())
        {
            if (rune.Value == SoftHyphen) return "soft hyphen U+00AD";
            if (Rune.IsWhiteSpace(rune)) return Name("white space inside the word,", rune);
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control: return Name("control character", rune);
                // U+200D joins emoji and U+200C separates letters in some scripts: both are spelling.
                case UnicodeCategory.Format when rune.Value is not (0x200C or 0x200D)
                    && rune.Value < 0xE0000: return Name("invisible character", rune);
                case UnicodeCategory.PrivateUse: return Name("private-use character", rune);
                case UnicodeCategory.OtherNotAssigned when rune.Value is 0xFFFE or 0xFFFF:
                    return Name("noncharacter", rune);
            }
            if (rune == Rune.ReplacementChar) return Name("replacement character", rune);
        }
        return null;
    }

    static string Name(string what, Rune rune) => Invariant($"{what} U+{rune.Value:X4}");
}
