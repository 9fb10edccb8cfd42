using System.Globalization;
using System.Text;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Cuts a text into words. A word begins at the first character that is no space (<see cref="RawCharacters.IsSpace"/>),
/// and is what the first rule that fits makes of it:
/// <list type="number">
/// <item>an address (<c>https://</c>, <c>http://</c>, <c>ftp://</c>, <c>www.</c>), without the punctuation behind it;
/// an e-mail address; <c>@name</c>, <c>#topic</c>; between spaces an emoticon, <c>:-)</c>;</item>
/// <item>a Han ideograph or Hiragana, each by itself; a run of Katakana;</item>
/// <item>letters, digits and marks, with hyphens, full stops and <c>&amp;</c> between them (<c>e-mail</c>,
/// <c>AT&amp;T</c>, <c>x.org</c>), with <c>, : /</c> between digits (<c>1,000</c>, <c>5:40</c>, <c>12/5</c>), with an
/// apostrophe between letters (<c>O'Neill</c>); the full stop of an abbreviation; the clitics <c>'s 'm 'd 'll 're 've
/// n't</c> are words of their own, as in the Penn Treebank;</item>
/// <item>runs of full stops, of hyphens, of <c>!</c> and <c>?</c>, <c>``</c> and <c>''</c>, three or more of another
/// ASCII mark; any other character with what belongs to it, such as an emoji (a grapheme cluster, UAX #29).</item>
/// </list>
/// What each rule looks at is bounded or taken, so that time grows with the length of the text.
/// </summary>
/// <param name="text">Any, half surrogate pairs too.</param>
readonly ref struct TokenScanner(ReadOnlySpan<char> text)
{
    const int LongestLocalPart = 64, LongestDomain = 255, LongestClitic = 2, SpacesBeforeNumber = 8, AloneInRun = 3;

    // Those that draw lines: =====, *****.
    const string InRuns = "=*~#+<>^|_/\\%&@";

    readonly ReadOnlySpan<char> text = text;

    /// <summary>The first word from a place on; false where there is none.</summary>
    public bool TryNext(int from, out CharacterRange word)
    {
        while (from < text.Length && RawCharacters.IsSpace(text[from])) from++;
        word = from < text.Length ? new(from, WithMarks(EndOf(from))) : default;
        return from < text.Length;
    }

    int EndOf(int start)
    {
        if (Address(start) is var address && address > start) return address;
        if (EmailAddress(start) is var email && email > start) return email;
        if (text[start] is '@' or '#' && WordCharacters(start + 1) is var topic && topic > start + 1) return topic;
        if (Emoticon(start) is var emoticon && emoticon > start) return emoticon;
        var first = RawCharacters.At(text, start, out var length);
        if (RawCharacters.IsIdeograph(first)) return start + length;
        if (RawCharacters.IsWord(first)) return Word(start);
        if (IsDecimalPoint(start)) return Word(start + 1);
        if (Clitic(start) is var clitic && clitic > start) return clitic;
        return Punctuation(start);
    }

    int Address(int start)
    {
        var rest = text[start..];
        var prefix = 0;
        foreach (var known in (ReadOnlySpan<string>)["https://", "http://", "ftp://", "www."])
            if (rest.StartsWith(known, StringComparison.OrdinalIgnoreCase)) prefix = known.Length;
        if (prefix == 0) return start;
        var (end, brackets) = (start + prefix, 0);
        while (end < text.Length && !RawCharacters.IsSpace(text[end])
            && text[end] is not ('<' or '>' or '"' or '“' or '”' or '«' or '»' or '`')
            && !RawCharacters.IsEastAsian(RawCharacters.At(text, end, out var length)))
        {
            brackets += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
            end += length;
        }
        while (end > start + prefix && (IsBehindAddress(text[end - 1]) || text[end - 1] == ')' && brackets < 0))
            if (text[--end] == ')') brackets++;
        return end > start + prefix ? end : start;
    }

    static bool IsBehindAddress(char character) =>
        character is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '’' or '…' or ']' or '}' or '*';

    int EmailAddress(int start)
    {
        if (!char.IsAsciiLetterOrDigit(text[start])) return start;
        var at = start;
        while (at < text.Length && at - start <= LongestLocalPart
            && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '.' or '_' or '%' or '+' or '-'))
            at++;
        if (at >= text.Length || text[at] != '@') return start;
        var (end, domain) = (start, at + 1);
        var dots = 0;
        for (var i = domain; i < text.Length && i - domain < LongestDomain; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i])) end = dots > 0 ? i + 1 : start;
            else if (text[i] == '.' && i > domain && char.IsAsciiLetterOrDigit(text[i - 1])) dots++;
            else if (text[i] != '-') break;
        }
        return end;
    }

    int Emoticon(int start)
    {
        if (text[start] is not (':' or ';' or '=') || start > 0 && !RawCharacters.IsSpace(text[start - 1]))
            return start;
        var mouth = start + 1 < text.Length && text[start + 1] is '-' or '\'' or '^' ? start + 2 : start + 1;
        return mouth < text.Length && text[mouth] is ')' or '(' or 'D' or 'P' or 'p' or 'O' or 'o' or '/' or '\\'
            or '|' or '*' or '[' or ']' && IsSpaceOrEnd(mouth + 1) ? mouth + 1 : start;
    }

    // Letters, digits and marks of any kind.
    int WordCharacters(int place)
    {
        var start = place;
        while (place < text.Length)
        {
            var rune = RawCharacters.At(text, place, out var length);
            if (!RawCharacters.IsWord(rune) && !(place > start && RawCharacters.IsMark(rune))) break;
            place += length;
        }
        return place;
    }

    int Word(int start)
    {
        if (IsNegation(start)) return start + "n't".Length;
        var isKatakana = RawCharacters.IsKatakana(RawCharacters.At(text, start, out var end));
        end += start;
        while (end < text.Length)
        {
            var rune = RawCharacters.At(text, end, out var length);
            if (RawCharacters.IsMark(rune)) end += length;
            else if (IsOfWord(rune, isKatakana))
            {
                if (IsNegation(end)) return end;
                end += length;
            }
            else if (JoinedBy(start, end, isKatakana) is var joined && joined > 0) end += joined;
            else break;
            // A keycap ends here: the next digit is another.
            if (rune.Value == 0x20E3) return end;
        }
        return IsAbbreviated(start, end) ? end + 1 : end;
    }

    static bool IsOfWord(Rune rune, bool isKatakana) => RawCharacters.IsWord(rune)
        && !RawCharacters.IsIdeograph(rune) && RawCharacters.IsKatakana(rune) == isKatakana;

    // Characters of punctuation at a place inside a word that join it to what follows.
    int JoinedBy(int start, int place, bool isKatakana)
    {
        var mark = text[place];
        if (!IsWordAt(place + 1, isKatakana))
            // U.S.-based
            return mark == '.' && place + 1 < text.Length && text[place + 1] == '-'
                && IsWordAt(place + 2, isKatakana) && IsAbbreviated(start, place) ? 2 : 0;
        return mark switch
        {
            '-' or '\u2010' or '\u2011' or '.' or '&' => 1,
            ',' or ':' or '/' => char.IsDigit(text[place - 1]) && char.IsDigit(text[place + 1]) ? 1 : 0,
            '\'' or '\u2019' => char.IsLetter(text[place - 1]) && char.IsLetter(text[place + 1])
                && Clitic(place) == place ? 1 : 0,
            _ => 0,
        };
    }

    bool IsWordAt(int place, bool isKatakana) =>
        place < text.Length && IsOfWord(RawCharacters.At(text, place, out _), isKatakana);

    // n't at a place.
    bool IsNegation(int place) => place + 2 < text.Length && text[place] is 'n' or 'N'
        && RawCharacters.IsApostrophe(text[place + 1]) && text[place + 2] is 't' or 'T' && IsBehindClitic(place + 3);

    // The end of 's, 'm, 'd, 'll, 're or 've at a place; the place where there is none.
    int Clitic(int place)
    {
        if (!RawCharacters.IsApostrophe(text[place])) return place;
        var end = place + 1;
        while (end < text.Length && end - place <= LongestClitic && char.IsAsciiLetter(text[end])) end++;
        Span<char> letters = stackalloc char[LongestClitic];
        var found = letters[..(end - place - 1)];
        text[(place + 1)..end].ToLowerInvariant(found);
        return found is "s" or "m" or "d" or "ll" or "re" or "ve" && IsBehindClitic(end) ? end : place;
    }

    // Not who's-who.
    bool IsBehindClitic(int place)
    {
        if (place >= text.Length) return true;
        var rune = RawCharacters.At(text, place, out _);
        return !RawCharacters.IsWord(rune) && !RawCharacters.IsMark(rune)
            && !(rune.Value == '-' && IsWordAt(place + 1, isKatakana: false));
    }

    // A full stop behind the word belongs to it; one of several does not.
    bool IsAbbreviated(int start, int end)
    {
        if (end >= text.Length || text[end] != '.' || end + 1 < text.Length && text[end + 1] == '.') return false;
        var next = end + 1;
        while (next < text.Length && next <= end + SpacesBeforeNumber && text[next] is ' ' or '\u00A0') next++;
        return Abbreviations.Of(text[start..end], next < text.Length && char.IsAsciiDigit(text[next]))
            != Abbreviation.None;
    }

    bool IsDecimalPoint(int place) => text[place] == '.' && place + 1 < text.Length
        && char.IsAsciiDigit(text[place + 1]) && (place == 0 || text[place - 1] != '.');

    int Punctuation(int start)
    {
        var mark = text[start];
        if (mark is '!' or '?') return RunOf(start, "!?");
        if (mark is '.' or '-' or '…') return RunOf(start, [mark]);
        if (mark is '`' or '\'' && start + 1 < text.Length && text[start + 1] == mark
            && !(start + 2 < text.Length && text[start + 2] == mark))
            return start + 2;
        if (InRuns.Contains(mark) && RunOf(start, [mark]) is var end && end - start >= AloneInRun) return end;
        return start + Cluster(text[start..]);
    }

    int RunOf(int start, ReadOnlySpan<char> marks)
    {
        var count = text[start..].IndexOfAnyExcept(marks);
        return count < 0 ? text.Length : start + count;
    }

    static int Cluster(ReadOnlySpan<char> rest)
    {
        var length = StringInfo.GetNextTextElementLength(rest);
        for (var i = 1; i < length; i++)
            if (RawCharacters.IsSpace(rest[i])) return i;
        return length;
    }

    int WithMarks(int end)
    {
        while (end < text.Length && RawCharacters.At(text, end, out var length) is var rune
            && RawCharacters.IsMark(rune))
            end += length;
        return end;
    }

    bool IsSpaceOrEnd(int place) => place >= text.Length || RawCharacters.IsSpace(text[place]);
}
