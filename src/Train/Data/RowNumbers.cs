using System.Globalization;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Finds that the words of a file are 1, 2, 3, ... in every sentence: then the word column holds the rows' numbers, and
/// the words stand in another.
/// </summary>
sealed class RowNumbers
{
    const int Least = 3;

    int words;
    bool onlyNumbers = true, severalInOne;

    /// <summary>Looks at one sentence.</summary>
    public void Add(IReadOnlyList<string> sentence)
    {
        for (var i = 0; i < sentence.Count && onlyNumbers; i++)
            onlyNumbers = sentence[i] == (i + 1).ToString(CultureInfo.InvariantCulture);
        words += sentence.Count;
        severalInOne |= sentence.Count > 1;
    }

    /// <summary>All sentences so far count their rows, and they are enough to tell.</summary>
    public bool Found => onlyNumbers && severalInOne && words >= Least;
}
