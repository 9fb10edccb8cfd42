using System.Collections.Frozen;

namespace LdNetGpu.Train.Tagging;

/// <summary>What a word with a full stop behind it is.</summary>
enum Abbreviation
{
    /// <summary>No abbreviation: the full stop ends a sentence, and is a word of its own.</summary>
    None,

    /// <summary>One that stands before what it belongs to, <c>Mr.</c>: no sentence ends with it.</summary>
    Title,

    /// <summary>One that a sentence may end with, <c>Inc.</c>, <c>U.S.</c></summary>
    Other,

    /// <summary>One capital letter, <c>J.</c> of a name or the end of <c>plan B.</c></summary>
    Initial,
}

/// <summary>English abbreviations, and words that English sentences begin with.</summary>
static class Abbreviations
{
    // Beyond, a word is none, and is not looked at letter by letter.
    const int Longest = 24;

    static readonly FrozenSet<string> Titles = Set("""
        Mr Mrs Ms Mx Dr Prof Rev Fr Hon St Ste Mt Ft Gen Col Maj Capt Cpt Cmdr Lt Sgt Cpl Pvt Adm Sen Rep Gov Pres Supt
        Messrs Mme Mlle Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec vs viz approx ca cf
        """);

    static readonly FrozenSet<string> Others = Set("""
        Jr Sr Inc Corp Co Ltd Bros Ph.D Ave Blvd Rd Univ Assn Dept Est Esq etc al seq
        """);

    // Abbreviations before a number alone, words elsewhere: "No. 5", "No."
    static readonly FrozenSet<string> BeforeNumbers = Set("No Nos Nr Vol Vols Fig Figs Sec Art Ch Pt Op p pp v c");

    static readonly FrozenSet<string> Openers = Set("""
        The A An This That These Those He She It They We I You His Her Its Their Our My In On At By For From With After
        Before But And Or If When While As However There Then What Who Why How Where Although Since During Some Many
        Most All No Not One Two Also Both Each Until Under Because Another According
        """);

    /// <param name="word">Before the full stop.</param>
    /// <param name="isBeforeNumber">Whether a number follows the full stop.</param>
    public static Abbreviation Of(ReadOnlySpan<char> word, bool isBeforeNumber)
    {
        if (word.Length is 0 or > Longest) return Abbreviation.None;
        if (word.Length == 1 && char.IsUpper(word[0])) return Abbreviation.Initial;
        if (Has(Titles, word) || isBeforeNumber && Has(BeforeNumbers, word)) return Abbreviation.Title;
        return Has(Others, word) || IsLetters(word) ? Abbreviation.Other : Abbreviation.None;
    }

    /// <summary>The same of a word that has its full stop.</summary>
    public static Abbreviation OfWhole(ReadOnlySpan<char> word) =>
        word.Length > 1 && word[^1] == '.' ? Of(word[..^1], isBeforeNumber: true) : Abbreviation.None;

    /// <summary>Whether a sentence, rather than a name, begins so: <c>The</c>.</summary>
    public static bool IsOpener(ReadOnlySpan<char> word) => Has(Openers, word);

    // U.S, p.m, a.k.a
    static bool IsLetters(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
            if (i % 2 == 0 ? !char.IsLetter(word[i]) : word[i] != '.') return false;
        return word.Length > 1 && word.Length % 2 == 1;
    }

    // As listed, or in capitals: MR.
    static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.Contains(word)) return true;
        if (word.Length is < 2 or > Longest) return false;
        Span<char> title = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsLower(word[i])) return false;
            title[i] = i == 0 ? word[i] : char.ToLowerInvariant(word[i]);
        }
        return lookup.Contains(title);
    }

    static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
