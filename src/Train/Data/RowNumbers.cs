using System.Globalization;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Finds that the words of a file are the numbers of its rows, and the words stand in another column: they count one by
/// one, from 0 or 1 in each sentence, or on from the sentence before. Ids of no word between them (<c>2-3</c>,
/// <c>2.1</c>) are passed over.
/// </summary>
sealed class RowNumbers
{
    const int Least = 3;

    int words;
    long last = -1;
    bool onlyNumbers = true, severalInOne;

    /// <summary>Looks at one sentence.</summary>
    public void Add(IReadOnlyList<string> sentence)
    {
        var counted = 0;
        for (var i = 0; i < sentence.Count && onlyNumbers; i++)
        {
            if (TokenId.IsNoWord(sentence[i])) continue;
            onlyNumbers = long.TryParse(sentence[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && (counted == 0 ? Begins(number) : number == last + 1);
            last = number;
            counted++;
        }
        words += counted;
        severalInOne |= counted > 1;
    }

    /// <summary>All sentences so far count their rows, and they are enough to tell.</summary>
    public bool Found => onlyNumbers && severalInOne && words >= Least;

    // Lines of no word may be counted as well: the number behind a blank line is then more than one further.
    bool Begins(long number) => number is 0 or 1 || words > 0 && number > last;
}
