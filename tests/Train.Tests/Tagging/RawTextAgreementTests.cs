using System.Text;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Tests.Tagging;

/// <summary>
/// How far words and sentences of raw text are those that people and other programs made: tokenised text is put
/// together as it is usually written, and cut again.
/// </summary>
public class RawTextAgreementTests
{
    [Theory]
    [InlineData("wikigold/wikigold.conll.txt", 99.5, 96.0)]
    [InlineData("lm/wikinews.valid.txt.gz", 99.9, 94.5)]
    [InlineData("lm/books.valid.txt.gz", 99.7, 96.0)]
    public void WordsAndSentencesAgreeWithTheText(string file, double leastWords, double leastSentences)
    {
        var path = TestFiles.Shared(file);
        List<string[]> sentences = file.Contains("conll", StringComparison.Ordinal)
            ? [.. ConllReader.Read(path).Select(sentence => sentence.Words)] : [.. new Corpus([path]).Sentences()];
        var text = new StringBuilder();
        HashSet<(int, int)> words = [];
        HashSet<int> ends = [];
        foreach (var sentence in sentences)
        {
            if (text.Length > 0) text.Append(' ');
            Write(sentence, text, words);
            ends.Add(text.Length);
        }
        var cut = RawText.Sentences(text.ToString()).ToList();
        var found = cut.SelectMany(one => one.Text!.Words.Select(word =>
            ((int)one.Text.Start.Utf16 + word.Start, (int)one.Text.Start.Utf16 + word.End))).ToList();
        var (wordF1, sentenceF1) = (F1(found.Count(words.Contains), words.Count, found.Count),
            F1(cut.Count(one => ends.Contains((int)one.Text!.End.Utf16)), ends.Count, cut.Count));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{file}: words {wordF1:f2} of {words.Count}, sentence ends {sentenceF1:f2} of {ends.Count}");
        Assert.True(wordF1 >= leastWords && sentenceF1 >= leastSentences, $"words {wordF1}, sentences {sentenceF1}");
    }

    static double F1(int right, int gold, int found) => 200.0 * right / (gold + found);

    // No space before what closes, behind what opens, nor before a clitic; straight quotes open and close in turns.
    static void Write(string[] sentence, StringBuilder text, HashSet<(int, int)> words)
    {
        var (isGlued, isQuoted) = (true, false);
        foreach (var word in sentence)
        {
            var closes = word is "." or "," or ";" or ":" or "!" or "?" or ")" or "]" or "%" or "..." or "''" or "”"
                || word is "'s" or "n't" or "'re" or "'ve" or "'ll" or "'d" or "'m" || word == "\"" && isQuoted;
            if (!isGlued && !closes) text.Append(' ');
            words.Add((text.Length, text.Length + word.Length));
            text.Append(word);
            isGlued = word is "(" or "[" or "$" or "``" or "“" || word == "\"" && !isQuoted;
            if (word == "\"") isQuoted = !isQuoted;
        }
    }
}
