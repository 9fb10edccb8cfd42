using System.Globalization;
using System.Text;

namespace LdNetGpu.Train.Tagging;

/// <summary>Kinds of characters that the rules of <see cref="TokenScanner"/> ask for.</summary>
static class RawCharacters
{
    const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D, SoftHyphen = 0xAD;

    /// <summary>
    /// What stands between words: white space, and the two that mark a place and show nothing, U+200B and U+FEFF.
    /// </summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is '\u200B' or '\uFEFF';

    /// <summary>The character at a place; U+FFFD, of one unit, for half a surrogate pair.</summary>
    public static Rune At(ReadOnlySpan<char> text, int place, out int length)
    {
        _ = Rune.DecodeFromUtf16(text[place..], out var rune, out length);
        return rune;
    }

    /// <summary>A letter, a digit, or a low line.</summary>
    public static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            or UnicodeCategory.ConnectorPunctuation;

    /// <summary>What belongs to the character before it: accents, variation selectors, joiners.</summary>
    public static bool IsMark(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner or SoftHyphen
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark;

    /// <summary>Han ideographs and Hiragana, which are written without spaces: a word each.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value is >= 0x3005 and <= 0x3007 or >= 0x3041 and <= 0x3096
        or >= 0x309D and <= 0x309F or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x3FFFD;

    /// <summary>Katakana, a run of which is a word.</summary>
    public static bool IsKatakana(Rune rune) => rune.Value is >= 0x30A1 and <= 0x30FA or >= 0x30FC and <= 0x30FF
        or >= 0x31F0 and <= 0x31FF or >= 0xFF66 and <= 0xFF9F;

    /// <summary>Punctuation and full-width forms of East Asian text, which no address holds.</summary>
    public static bool IsEastAsian(Rune rune) => IsIdeograph(rune) || IsKatakana(rune)
        || rune.Value is >= 0x3000 and <= 0x303F or >= 0xFF00 and <= 0xFF65;

    public static bool IsApostrophe(char character) => character is '\'' or '\u2019';
}
