using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Tests;

/// <summary>Multiply-adds counted by hand from the shapes, and beside the paper's figures.</summary>
public class FlopsTests
{
    [Fact]
    public void DenseLayersReadAllThatIsBelow()
    {
        var options = new LanguageModelOptions { EmbeddingSize = 2, HiddenSize = 3, Layers = 3 };
        var shape = options.StackShape();
        Assert.Equal([2, 5, 8], Enumerable.Range(0, shape.Layers).Select(shape.InputOf));
        Assert.Equal(11, shape.Output);
        Assert.Equal(4 * 3 * ((2 + 3) + (5 + 3) + (8 + 3)), shape.MultiplyAdds());
    }

    [Fact]
    public void DeletedLayersLeaveTheInputsOfLaterOnes()
    {
        var shape = new LanguageModelOptions().StackShape([9, 4]);
        Assert.Equal([300, 600], Enumerable.Range(0, shape.Layers).Select(shape.InputOf));
        Assert.Equal(900, shape.Output);
    }

    [Fact]
    public void StackedLayersReadTheLayerBelowAndOnlyTheTopIsSeen()
    {
        var options = new LanguageModelOptions { Connectivity = Connectivity.Stacked, EmbeddingSize = 2, HiddenSize = 3,
            Layers = 3, Unit = RecurrentUnit.Gru };
        var shape = options.StackShape();
        Assert.Equal([2, 3, 3], Enumerable.Range(0, shape.Layers).Select(shape.InputOf));
        Assert.Equal(3, shape.Output);
        Assert.Equal(3 * 3 * ((2 + 3) + (3 + 3) + (3 + 3)), shape.MultiplyAdds());
        Assert.Throws<ArgumentException>(() => options.StackShape([1, 3]));
    }

    [Fact]
    public void LanguageModelHasThePapersNumberOfWeights() =>
        Assert.Equal(23_400_000, new LanguageModelOptions().StackShape().MultiplyAdds());

    [Fact]
    public void MixedLayersAreSummedBeforeTheyAreProjected()
    {
        var model = new LanguageModelOptions().StackShape();
        var parts = TaggerFlops.PerWord(new TaggerOptions { LmMixing = LanguageModelMixing.Elmo }, model, model, 19);
        Assert.Equal(2 * (10 * 300 + 300 * 100),
            parts.Single(part => part.Part == "language model projection").MultiplyAdds);
    }

    [Fact]
    public void ThePapersReadingGivesItsFiguresButForTheStackedRows()
    {
        foreach (var row in PaperFlops.Configurations)
        {
            var difference = Math.Round(PaperFlops.CountAsPrinted(row) / 1e6) - row.PrintedMillions;
            Assert.True(row.Name.StartsWith("R-ELMo", StringComparison.Ordinal) ? difference is 1 : difference is 0,
                $"{row.Name}: {difference}");
        }
    }

    [Fact]
    public void PartsAddUpToAHandCount()
    {
        var model = new LanguageModelOptions().StackShape([1]);
        var total = TaggerFlops.PerWord(new TaggerOptions(), model, model, 19, charactersPerWord: 4)
            .Sum(part => part.MultiplyAdds);
        Assert.Equal(2 * 600 * 180 * 5 + 300 * 100 + 2 * 1200 * 600 + 2 * 600 * 100 + 2 * 600 * 450 + 300 * 19
            + 19 * 19, total);
    }
}
