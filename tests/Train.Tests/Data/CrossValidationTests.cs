using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

public sealed class CrossValidationTests
{
    static LabelledFile File(params int[] sentencesByDocument) => LabelledFile.Convert("file",
        [.. sentencesByDocument.SelectMany((count, document) => Enumerable.Range(0, count).Select(i =>
            new Sentence([$"d{document}s{i}"], ["B-X"], 1, document)))], TagScheme.Iobes);

    [Theory, InlineData(2), InlineData(3), InlineData(5), InlineData(7)]
    public void EachSentenceIsTestedOnceAndNoDocumentIsInTwoParts(int count)
    {
        var file = File(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5);
        var folds = CrossValidation.Folds(file, count, seed: 4);
        Assert.Equal(Enumerable.Range(0, 44), folds.SelectMany(fold => fold.TestPlaces).Order());
        Assert.All(folds, fold =>
        {
            Assert.Equal(fold.TestPlaces.Select(place => file.Sentences[place]), fold.Test.Sentences);
            int[][] documents = [.. new[] { fold.Train, fold.Dev, fold.Test }
                .Select(part => part.Sentences.Select(sentence => sentence.DocumentIndex).Distinct().ToArray())];
            Assert.All(documents, Assert.NotEmpty);
            Assert.Equal(Enumerable.Range(0, 11), documents.SelectMany(part => part).Order());
            Assert.InRange(documents[2].Length, 11 / count, 11 / count + 1);
        });
        Assert.Equal(Tested(folds), Tested(CrossValidation.Folds(file, count, seed: 4)));
        Assert.NotEqual(Tested(folds), Tested(CrossValidation.Folds(file, count, seed: 5)));
        Assert.NotEqual(Tested(folds), Tested(CrossValidation.Folds(file, count, seed: 4, SplitUnit.Sentence)));
    }

    [Fact]
    public void AGivenDevTextIsThatOfEveryFold()
    {
        var (file, dev) = (File(2, 2, 2), File(1));
        Assert.All(CrossValidation.Folds(file, 3, 1, dev: dev), fold =>
        {
            Assert.Same(dev, fold.Dev);
            Assert.Equal(4, fold.Train.Sentences.Count);
        });
    }

    [Fact]
    public void TooFewUnitsAreRefused()
    {
        var error = Assert.Throws<TooFewToSplitException>(() => CrossValidation.Folds(File(9, 9, 9), 4, 1));
        Assert.Contains("3 documents are too few to be divided into 4 folds; 4 are needed", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<TooFewToSplitException>(() => CrossValidation.Folds(File(9, 9, 9), 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossValidation.Folds(File(9, 9, 9), 1, 1));
        Assert.Throws<ShapeException>(() => CrossValidation.Score(File(2), [["O"]]));
    }

    static string Tested(IReadOnlyList<Fold> folds) =>
        string.Join(';', folds.Select(fold => string.Join(',', fold.TestPlaces)));
}
