using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>Where a run stands is believed only where it can be.</summary>
public class TrainingPositionTests
{
    [Fact]
    public void APositionIsRead()
    {
        var position = TrainingPosition.LanguageModel("""{"pass":2,"chunk":3,"layout":"a"}""", "state");
        Assert.Equal((2, 3, "a"), (position.Pass, position.Chunk, position.Layout));
        Assert.Equal(4, TrainingPosition.Tagger("""{"epoch":4,"layout":"a"}""", "state").Epoch);
    }

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("[]", "the whole of it is a value of another kind")]
    [InlineData("{\"pass\":", "state")]
    [InlineData("{\"pass\":-1}", "pass is -1")]
    [InlineData("{\"chunk\":-2147483648}", "chunk is -2147483648")]
    [InlineData("{\"chunk\":2147483648}", "chunk is a value of another kind")]
    [InlineData("{\"tokens\":-5}", "tokens is -5")]
    [InlineData("{\"learning_rate\":-1}", "learning_rate is negative")]
    [InlineData("{\"learning_rate\":1e999}", "learning_rate is not finite")]
    [InlineData("{\"best_loss\":1e999}", "best_loss is not finite")]
    [InlineData("{\"layout\":null}", "layout is null")]
    public void ALanguageModelsThatCannotBeIsRefused(string json, string problem) =>
        TestFiles.Refused(() => TrainingPosition.LanguageModel(json, "state"), "state", problem);

    [Theory]
    [InlineData("{\"epoch\":-1}", "epoch is -1")]
    [InlineData("{\"epoch\":1,\"best_epoch\":2}", "best_epoch is still to come")]
    [InlineData("{\"best_f1\":\"high\"}", "best_f1 is a value of another kind")]
    [InlineData("{\"loss_sum\":-1e999}", "loss_sum is not finite")]
    public void ATaggersThatCannotBeIsRefused(string json, string problem) =>
        TestFiles.Refused(() => TrainingPosition.Tagger(json, "state"), "state", problem);
}
