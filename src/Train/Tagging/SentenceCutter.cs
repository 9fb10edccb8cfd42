using System.Text;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Cuts lines into words and words into sentences; holds one line and the sentence that goes on in it.
/// </summary>
sealed class SentenceCutter(RawTextOptions options)
{
    // A line of spaces between two line ends is a blank one.
    const int BreaksOfBlankLine = 2;

    readonly List<SentenceEnds.Word> words = [];
    readonly List<CharacterRange> places = [];
    readonly List<Sentence> ended = [];

    // Of the sentence: the lines before the one at hand, from its first word on.
    readonly StringBuilder before = new();
    TextPosition start;
    int firstLine;

    // Of the line at hand: how far it was counted, and where the sentence goes on in it.
    string line = "";
    TextPosition counted;
    int countedTo, from;
    int breaks;

    /// <summary>The sentences that end in a line, or before its first word.</summary>
    /// <param name="next">The line that follows, with its line end.</param>
    public IReadOnlyList<Sentence> Add(TextLine next)
    {
        ended.Clear();
        (line, from, countedTo) = (next.Text, 0, 0);
        var scanner = new TokenScanner(line);
        var read = 0;
        while (scanner.TryNext(read, out var word))
        {
            var gap = line.AsSpan(read, word.Start - read);
            breaks += Breaks(gap);
            AddWord(word, words.Count > 0 && (word.Start > read || read == 0), next.Number);
            (read, breaks) = (word.End, 0);
        }
        breaks += Breaks(line.AsSpan(read));
        if (IsBroken) End();
        if (words.Count > 0) before.Append(line, from, line.Length - from);
        CountTo(line.Length);
        return ended;
    }

    /// <summary>The sentence that the text's end ends; null where there is none.</summary>
    public Sentence? Rest()
    {
        ended.Clear();
        (line, from, countedTo) = ("", 0, 0);
        End();
        return ended.Count > 0 ? ended[0] : null;
    }

    bool IsBroken => breaks >= (options.Break == SentenceBreak.Line ? 1 : BreaksOfBlankLine);

    void AddWord(CharacterRange place, bool isApart, int number)
    {
        var word = new SentenceEnds.Word(place.Of(line).ToString(), isApart);
        if (words.Count > 0
            && (IsBroken || words.Count >= options.MostWords || SentenceEnds.Before(words, word)))
            End();
        if (words.Count == 0)
        {
            CountTo(place.Start);
            (start, from, firstLine) = (counted, place.Start, number);
            before.Clear();
        }
        words.Add(word);
        places.Add(new(before.Length + place.Start - from, before.Length + place.End - from));
    }

    void End()
    {
        if (words.Count == 0) return;
        List<string> texts = [.. words.Select(word => word.Text)];
        if (SentenceEnds.EndsInInitial(texts[^1])) SplitInitial(texts);
        var length = places[^1].End;
        var text = length <= before.Length ? before.ToString(0, length)
            : string.Concat(before.ToString(), line.AsSpan(from, length - before.Length));
        ended.Add(new([.. texts], null, firstLine, 0) { Text = new(text, start, [.. places]) });
        words.Clear();
        places.Clear();
        before.Clear();
    }

    // "plan B." at the end: its full stop is no initial's.
    void SplitInitial(List<string> texts)
    {
        var (text, place) = (texts[^1], places[^1]);
        texts[^1] = text[..^1];
        texts.Add(text[^1..]);
        places[^1] = place with { End = place.End - 1 };
        places.Add(place with { Start = place.End - 1 });
    }

    void CountTo(int place)
    {
        counted = counted.After(line.AsSpan(countedTo, place - countedTo));
        countedTo = place;
    }

    // Line ends; what ends a paragraph counts as two.
    static int Breaks(ReadOnlySpan<char> gap)
    {
        var count = 0;
        for (var i = 0; i < gap.Length; i++)
            count += gap[i] switch
            {
                '\n' => i > 0 && gap[i - 1] == '\r' ? 0 : 1,
                '\r' or '\v' or '\u0085' or '\u2028' => 1,
                '\f' or '\u2029' => BreaksOfBlankLine,
                _ => 0,
            };
        return count;
    }
}
