using System.Diagnostics;

namespace LdNetGpu.Tests.Commands;

/// <summary>Real signals to a real process.</summary>
public sealed class SignalTests(TinyModels tiny)
{
    [Fact]
    public async Task CtrlCSavesAndLeaves()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX signals.");
        var output = tiny.PathOf("ctrl-c");
        using var process = StartTraining(output, "--set", "max_epochs=100000");
        WaitForCheckpoint(process, output);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Signal(process, "-INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        var messages = await error;
        Assert.Contains("interrupted: leaving after this step", messages, StringComparison.Ordinal);
        Assert.Contains("--resume", messages, StringComparison.Ordinal);
        Ldnet.Run("lm", "eval", "--model", output, "--data", tiny.ValidText).Succeeded();
    }

    [Fact]
    public void KilledRunsResumeToTheSameBits()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX signals.");
        var (whole, killed) = (tiny.PathOf("whole"), tiny.PathOf("killed"));
        string[] longer = ["--direction", "forward", "--set", "max_epochs=4", "--set", "epoch_batches=5"];
        Ldnet.Run(tiny.LanguageModelTraining(whole, longer)).Succeeded();
        foreach (var milliseconds in new[] { 0, 40, 130 })
        {
            using var process = StartTraining(killed, [.. longer, "--resume"]);
            WaitForCheckpoint(process, killed);
            // Any moment will do, inside a step or a save.
            Thread.Sleep(milliseconds);
            process.Kill();
            process.WaitForExit();
        }
        Ldnet.Run(tiny.LanguageModelTraining(killed, [.. longer, "--resume"])).Succeeded();
        byte[] Bytes(string output, string file) => File.ReadAllBytes(Path.Combine(output, "forward", file));
        Assert.Equal(Bytes(whole, "model.safetensors"), Bytes(killed, "model.safetensors"));
        Assert.Equal(Bytes(whole, "training.safetensors"), Bytes(killed, "training.safetensors"));
        int Evaluations(string output) => File.ReadLines(Path.Combine(output, "forward", "metrics.jsonl")).Count();
        Assert.Equal(Evaluations(whole), Evaluations(killed));
    }

    /// <summary>It waits for a line that does not come, and cannot ask whether it is wanted.</summary>
    [Fact]
    public async Task CtrlCEndsWhatWaitsForAPipe()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX signals.");
        using var process = LdnetProcess.Start("tag", "--model", tiny.NoLm, "--live", "--input", "text");
        await process.StandardInput.WriteLineAsync("Anna sleeps .");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var clock = Stopwatch.StartNew();
        Signal(process, "-INT");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        // A second, on a machine that has other things to do too.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    public static TheoryData<string> Readers =>
    [
        "data check TRAIN", "data check TEXT --format text", "data split TRAIN --out OUT --by sentence",
        "data check TRAIN --vocabulary WORDS", "score TRAIN", "tags convert --to iobes TRAIN",
        "lm train --train TEXT --valid VALID --out OUT", "lm eval --model LM --data TEXT",
        "tagger train --train TRAIN --dev DEV --out OUT", "prune --model TAGGER --train TRAIN --dev DEV --out OUT",
        "eval --model TAGGER --data TRAIN", "tag --model TAGGER TEXT",
    ];

    /// <summary>Whatever a command reads first, it asks while it does.</summary>
    [Theory, MemberData(nameof(Readers))]
    public void ReadingIsLeftAtOnce(string command)
    {
        var output = tiny.PathOf("left-" + command.Split(' ')[0] + command.Length);
        var result = Ldnet.RunInterrupted([.. command.Split(' ').Select(word => word switch
        {
            "TRAIN" => tiny.TrainFile, "DEV" => tiny.DevFile, "TEXT" => tiny.Text, "VALID" => tiny.ValidText,
            "LM" => tiny.LanguageModels, "TAGGER" => tiny.Tagger, "OUT" => output,
            "WORDS" => Path.Combine(tiny.LanguageModels, "forward", "vocab", "words.txt"), _ => word,
        })]);
        Assert.Equal((130, ""), (result.ExitCode, result.Output));
        if (Directory.Exists(output))
            Assert.All(Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories),
                file => Assert.Equal((".lock", 0), (Path.GetFileName(file), new FileInfo(file).Length)));
    }

    Process StartTraining(string output, params string[] more) =>
        LdnetProcess.Start([.. tiny.LanguageModelTraining(output, more), "--threads", "1"]);

    static void WaitForCheckpoint(Process process, string output)
    {
        while (!File.Exists(Path.Combine(output, "forward", "manifest.json")) && !process.HasExited) Thread.Sleep(5);
    }

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
