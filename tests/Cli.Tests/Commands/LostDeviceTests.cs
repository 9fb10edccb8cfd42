using LdNetGpu.Devices.Managed;
using LdNetGpu.Tests.Data;
using LdNetGpu.Tests.Training;

namespace LdNetGpu.Tests.Commands;

/// <summary>
/// A device that is lost in the middle of training: the last checkpoint stands, and what follows from it is what would
/// have come.
/// </summary>
public sealed class LostDeviceTests : IDisposable
{
    // More than training needs from one checkpoint to the next, fewer than from the first to the third.
    const string Launches = "1100";

    readonly TestFiles files = new();

    [Fact]
    public void TrainingThatLosesItsDeviceAgainAndAgainEndsWithTheSameBits()
    {
        var (whole, torn) = (files.PathOf("whole"), files.PathOf("torn"));
        var text = files.Write("text.txt", Text(10));
        var valid = files.Write("valid.txt", Text(2));
        string[] Training(string output) =>
        [
            "lm", "train", "--train", text, "--valid", valid, "--out", output, "--device", "managed", "--direction",
            "forward",
            .. new[]
            {
                "embedding_size=3", "layers=2", "hidden_size=3", "projection_size=4", "cutoffs=4", "batch_size=2",
                "steps=4",
                "unk_threshold=0", "epoch_batches=2", "max_epochs=1", "dropout=0.1",
            }.SelectMany(setting => new[] { "--set", setting }),
        ];
        var undisturbed = LdnetProcess.Run(Training(whole));
        Assert.True(undisturbed.ExitCode == 0, undisturbed.Error);

        var losses = 0;
        string[] resume = [];
        while (LdnetProcess.RunWith([(ManagedDevice.LossVariable, Launches)],
            [.. Training(torn), .. resume]) is { ExitCode: not 0 } lost)
        {
            lost.Failed(1, "managed device is lost", "what was saved stands", "--resume");
            Assert.True(++losses < 20, "training does not come to the next checkpoint: give it more launches.");
            resume = ["--resume"];
        }
        Assert.True(losses > 0, "the device was never lost: give it fewer launches.");
        Assert.Equal(ResumeTests.Bytes(Path.Combine(whole, "forward")),
            ResumeTests.Bytes(Path.Combine(torn, "forward")));
    }

    public void Dispose() => files.Dispose();

    static string Text(int sentences) =>
        string.Concat(Enumerable.Range(0, sentences).Select(i => $"a{i % 3} b{i % 4} c{i % 2} a{i % 5} b{i % 2}\n"));
}
