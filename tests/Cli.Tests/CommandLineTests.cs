using System.Text.Json.Nodes;

namespace LdNetGpu.Tests;

/// <summary>The real program: exit codes, what goes to which stream, help that teaches.</summary>
public class CommandLineTests
{
    [Fact]
    public void SettingsOfACommandThatReadsNoneAreRefused()
    {
        LdnetProcess.Run("tag", "--model", "m", "--set", "lm_storage=bf16").Failed(2, "--set: 'tag' reads no settings");
        LdnetProcess.Run("serve", "--model", "m", "--config", "c.json")
            .Failed(2, "--config: 'serve' reads no settings");
    }

    [Fact]
    public void HelpShowsCommandsAndSucceeds()
    {
        var run = LdnetProcess.Run("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        foreach (var word in (string[])["flops", "config", "devices", "--json", "--seed", "--threads", "--set",
            "70 a defect", "130 interrupted"])
            Assert.Contains(word, run.Output);
    }

    [Fact]
    public void CommandHelpHasExamples()
    {
        var run = LdnetProcess.Run("flops", "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Examples:", run.Output);
        Assert.Contains("ldnet flops --keep-forward 1", run.Output);
    }

    [Fact]
    public void VersionIsOneLine()
    {
        var run = LdnetProcess.Run("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\s*$", run.Output);
    }

    [Fact]
    public void UnknownCommandIsBadUsageWithSuggestion() =>
        LdnetProcess.Run("flosp").Failed(2, "Did you mean 'flops'", "--help");

    [Fact]
    public void UnknownOptionIsBadUsageWithSuggestion() =>
        LdnetProcess.Run("flops", "--kep-forward", "1")
            .Failed(2, "Did you mean '--keep-forward'", "ldnet flops --help");

    [Fact]
    public void NoCommandIsBadUsage() => LdnetProcess.Run().Failed(2, "--help");

    [Fact]
    public void UnknownDeviceIsBadUsage() =>
        LdnetProcess.Run("flops", "--device", "tpu").Failed(2, "--device tpu", "opencl:N", "ldnet devices");

    [Fact]
    public void ValueOfTheWrongTypeIsBadUsage() =>
        LdnetProcess.Run("flops", "--threads", "many").Failed(2, "--threads", "many");

    [Fact]
    public void MissingConfigFileNamesIt() =>
        LdnetProcess.Run("flops", "--config", "no/such/file.json").Failed(1, "no/such/file.json");

    [Fact]
    public void EveryWrongSettingIsReportedAtOnce() =>
        LdnetProcess.Run("config", "show", "lm", "--set", "layers=0", "--set", "hiden_size=9", "--set", "unit=lstmm")
            .Failed(1, "layers: '0' is not one of whole number, 1 to 1000", "did you mean hidden_size?",
                "lstm|gru|rnn");

    [Fact]
    public void LayerThatIsNotThereIsTheUsersFault() =>
        LdnetProcess.Run("flops", "--keep-forward", "11").Failed(1, "'11' is not a layer of a model of 10");

    [Fact]
    public void ResultIsJsonOnRequest()
    {
        var run = LdnetProcess.Run("flops", "--json", "--no-lm");
        Assert.Equal(0, run.ExitCode);
        // characters 2·600·180·5.39, their projection 300·100, words 2·600·350, tag scores 300·19, Viterbi 19².
        Assert.Equal(1_164_240 + 30_000 + 420_000 + 5_700 + 361,
            JsonNode.Parse(run.Output)!["multiply_adds_per_word"]!.GetValue<double>(), 3);
    }

    [Fact]
    public void ShownConfigurationCanBeReadBack()
    {
        var file = Path.GetTempFileName();
        try
        {
            var shown = LdnetProcess.Run("config", "show", "tagger", "--set", "char_hidden=7", "--set",
                "lm_mixing=elmo").Output;
            File.WriteAllText(file, shown);
            Assert.Contains("\"char_hidden\": 7", shown);
            Assert.Equal(shown, LdnetProcess.Run("config", "show", "tagger", "--config", file).Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void FullDiskIsTheUsersFault()
    {
        if (!File.Exists("/dev/full")) Assert.Skip("No /dev/full on this system.");
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"dotnet '{Path.Combine(AppContext.BaseDirectory, "ldnet.dll")}' flops > /dev/full");
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("No space left", error);
        Assert.DoesNotContain("   at ", error);
    }
}
