using LdNetGpu.Autograd;
using LdNetGpu.Cli;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests;

/// <summary>The library says what is wrong, the program which flags mend it.</summary>
public class AdviceTests
{
    static readonly CheckpointFolder NoFolder = new("no/such/folder");

    public static TheoryData<UserException, string> Faults => new()
    {
        { new OutOfDeviceMemoryException("cuda", "Out of memory."), "--set batch_size=" },
        { new OutOfDeviceMemoryException("cuda", "Out of memory."), "or --device cpu" },
        { new DeviceLostException("Lost."), "what was saved stands, and --resume goes on" },
        { new UnsupportedOnDeviceException("No double.", new DeviceAlternative("cpu")), "Give --device cpu." },
        {
            new UnsupportedOnDeviceException("No tensor cores.", new DeviceAlternative("cuda", KernelCompiler.Text),
                new DeviceAlternative("managed")),
            "Give --device cuda --compiler text, or --device managed."
        },
        { new DivergedException(3, "loss", double.NaN, "the loss is NaN"), "--set learning_rate=" },
        { new TrainingDivergedException("epoch 1, batch 3", new(3, "loss", double.NaN, "the loss is NaN"), NoFolder),
            "--set learning_rate=" },
        { new CheckpointWriteException("lm", new IOException("No space left.")), "--resume" },
        { new NoCheckpointException("lm", "no language model."), "'ldnet lm train'" },
        { new FolderTakenException("lm"), "Give --resume to go on with it, or another --out." },
        { new FolderTakenException("lm", isOther: true), "Give another --out." },
        { new FolderInUseException("lm"), "Wait for its end, or give another --out." },
        { new TooFewToSplitException("all.conll", SplitUnit.Document, 1, 12), "Give --by sentence." },
        { new ResumeException("training.safetensors", "9 tokens", "8 tokens"), "another --out" },
        { new LayersLeftException(5, 4, new PruneOptions()), "--lambda0" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void MessageIsFollowedByFlags(UserException fault, string advice)
    {
        var messages = new StringWriter();
        Assert.Equal(ExitCode.UserFault, Failure.Report(fault, messages));
        Assert.StartsWith("error: " + fault.Message, messages.ToString(), StringComparison.Ordinal);
        Assert.Contains(advice, messages.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("--", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnTheCpuNoOtherDeviceIsAdvised()
    {
        var messages = new StringWriter();
        Failure.Report(new OutOfDeviceMemoryException("cpu", "Out of memory."), messages);
        Assert.DoesNotContain("--device", messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("or a smaller model ('ldnet config list' names its sizes)", messages.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void DivergedTrainingNamesTheFolderToGoOnFrom()
    {
        var folder = Directory.CreateTempSubdirectory("ldnet-advice-");
        File.WriteAllText(Path.Combine(folder.FullName, "config.json"), "{}");
        var fault = new TrainingDivergedException("epoch 1, batch 3", new(3, "loss", double.NaN, "the loss is NaN"),
            new(folder.FullName));
        var messages = new StringWriter();
        Failure.Report(fault, messages);
        folder.Delete(recursive: true);
        Assert.Contains($"The last good state is in {folder.FullName}: add --resume", messages.ToString(),
            StringComparison.Ordinal);
        Assert.Equal((3, "loss"), (fault.Step, fault.Quantity));
        Assert.True(double.IsNaN(fault.Value));
    }
}
