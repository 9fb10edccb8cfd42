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
