using System.Globalization;
using System.Text;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Where a sentence ends, told from its words and the one that follows: behind <c>. ! ? …</c> and the quotes and
/// brackets that close there, before what a sentence can begin with; behind <c>。！？</c> always. Not behind a title
/// (<c>Mr.</c>); behind another abbreviation or an initial only before a word that sentences begin with (<c>The</c>).
/// </summary>
static class SentenceEnds
{
    // Quotes and brackets that close behind one mark.
    const int MostClosers = 8;

    /// <summary>What is known of a word.</summary>
    /// <param name="Text">The word.</param>
    /// <param name="IsApart">Whether white space stands before it.</param>
    public readonly record struct Word(string Text, bool IsApart);

    /// <summary>Whether a sentence ends before the next word.</summary>
    /// <param name="words">Of the sentence so far, one at least.</param>
    /// <param name="next">The word that would be its next.</param>
    public static bool Before(IReadOnlyList<Word> words, Word next)
    {
        var mark = words.Count - 1;
        while (mark > 0 && words.Count - mark <= MostClosers && IsCloser(words[mark])) mark--;
        var (text, last) = (words[mark].Text, words.Count - 1);
        if (IsCloser(next) || IsMark(next.Text) && !next.IsApart) return false;
        if (IsEastAsianMark(text)) return true;
        var first = RawCharacters.At(next.Text, 0, out _);
        if (IsMark(text))
            return mark > 0 && !(mark == 1 && IsNumber(words[0].Text))
                && (next.IsApart || RawCharacters.IsIdeograph(first)) && CanBegin(first);
        return mark == last && next.IsApart
            && Abbreviations.OfWhole(text) is Abbreviation.Other or Abbreviation.Initial
            && Abbreviations.IsOpener(next.Text);
    }

    /// <summary>Whether a sentence's last word is a letter with the full stop that ends the sentence.</summary>
    public static bool EndsInInitial(string word) => Abbreviations.OfWhole(word) == Abbreviation.Initial;

    static bool IsMark(string word) =>
        word.All(character => character is '.' or '!' or '?' or '…') || IsEastAsianMark(word);

    static bool IsEastAsianMark(string word) => word is "。" or "！" or "？" or "｡" or "．";

    static bool IsCloser(Word word) => !word.IsApart && word.Text is "\"" or "'" or "''" or "”" or "’" or "»" or ")"
        or "]" or "}" or "」" or "』" or "）" or "】" or "》" or "〉";

    static bool IsNumber(string word) => word.All(char.IsAsciiDigit);

    static bool CanBegin(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.CurrencySymbol
        or UnicodeCategory.OtherSymbol or UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation
        || rune.Value is '"' or '\'' or '`' or '#' or '@' or '¿' or '¡' or '•' or '*' or '§';
}
