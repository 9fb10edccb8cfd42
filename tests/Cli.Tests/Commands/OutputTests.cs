using LdNetGpu.Cli;
using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Standard output and standard error that fail, and disks that do, under the real program.</summary>
public sealed class OutputTests(TinyModels tiny)
{
    /// <summary>As a program that SIGPIPE ends: no word, its code, and no work for no one.</summary>
    [Fact]
    public void TaggingEndsWhenNoOneReads()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("No POSIX pipes.");
        var text = tiny.Write("for-head.txt", string.Concat(Enumerable.Repeat("Anna sleeps .\n", 400_000)));
        var run = LdnetProcess.RunInShell(
            $"ldnet tag --model '{tiny.NoLm}' --input text '{text}' | head -n 1; echo ${{PIPESTATUS[0]}}");
        Assert.Equal(["Anna", "141"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')[0]));
        Assert.DoesNotContain("rror", run.Error);
    }

    [Fact]
    public void ResultsThatCannotBeWrittenAreAnError()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("No /dev/full.");
        var run = LdnetProcess.RunInShell($"ldnet tag --model '{tiny.NoLm}' '{tiny.ValidText}' >/dev/full");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error: standard output cannot be written: No space left on device. Free some", run.Error);
        Assert.DoesNotContain("saved", LdnetProcess.RunInShell("ldnet --help >/dev/full").Error);
    }

    /// <summary>Its number goes to a pipe of the runtime's own, to which no one writes.</summary>
    [Theory]
    [InlineData("score")]
    [InlineData("tag --model MODEL")]
    [InlineData("tags convert --to iob2")]
    public void StandardInputThatIsClosedIsAnError(string command)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Seen in /proc.");
        var line = command.Replace("MODEL", $"'{tiny.NoLm}'", StringComparison.Ordinal);
        LdnetProcess.RunInShell($"ldnet {line} <&-").Failed(1, "error: standard input is closed.");
        Assert.DoesNotContain("closed", LdnetProcess.RunInShell($"ldnet {line} </dev/null").Error);
    }

    [Fact]
    public void StandardOutputThatIsClosedIsAnError()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Seen in /proc.");
        LdnetProcess.RunInShell("ldnet config list lm >&-").Failed(1, "error: standard output is closed");
        Assert.Equal(0, LdnetProcess.RunInShell("ldnet config list lm >/dev/null").ExitCode);
        Assert.Equal(0, LdnetProcess.RunInShell("ldnet config list lm 2>&-").ExitCode);
    }

    /// <summary>What was tagged before a line that cannot be read is written.</summary>
    [Fact]
    public void WhatCameBeforeAFailureIsWritten()
    {
        var text = tiny.Write("fails-late.txt", [.. "Anna sleeps .\n"u8, 0xFF, (byte)'\n']);
        var run = LdnetProcess.RunInShell($"ldnet tag --live --model '{tiny.NoLm}' --input text '{text}'");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Anna\t", run.Output);
    }

    [Fact]
    public void MessagesThatCannotBeWrittenStopNothing()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("No /dev/full.");
        var output = tiny.PathOf("mute");
        var words = tiny.TaggerTraining(output, "--set", "max_epochs=1").Select(word => $"'{word}'");
        var training = string.Join(' ', words);
        Assert.Equal(0, LdnetProcess.RunInShell($"ldnet {training} 2>/dev/full").ExitCode);
        Assert.True(File.Exists(Path.Combine(output, "model.safetensors")));
        Assert.Equal(1, LdnetProcess.RunInShell("ldnet data check /nowhere 2>/dev/full").ExitCode);
        Assert.Equal(2, LdnetProcess.RunInShell("ldnet dta 2>/dev/full").ExitCode);
    }

    [Fact]
    public void ALastingWriterLosesWhatCannotBeWritten()
    {
        var writer = new LastingWriter(new FailingWriter());
        writer.Write('a');
        writer.Write("b");
        writer.Write("c".AsSpan());
        writer.WriteLine("d");
        writer.WriteLine();
        writer.WriteLine("{0}", 1);
        writer.Flush();
        var whole = new StringWriter();
        new LastingWriter(whole).WriteLine("{0} and {1}", 1, 2);
        Assert.Equal("1 and 2" + Environment.NewLine, whole.ToString());
    }

    [Fact]
    public void AReaderThatIsGoneIsSeenAtTheNextWrite()
    {
        var written = new MemoryStream();
        var hasReader = true;
        using var output = new StandardOutput(written, () => hasReader);
        output.Write("one"u8);
        hasReader = false;
        var error = Assert.Throws<IOException>(() => output.Write("two"u8));
        Assert.True(StandardOutput.IsClosed(error));
        Assert.False(StandardOutput.IsClosed(new IOException("disk full", 28)));
        Assert.Equal("one"u8, written.ToArray());
    }

    /// <summary>Every call that puts a checkpoint on the disk, failed under the whole program.</summary>
    [Theory]
    [InlineData("fsync", 5, "the disk did not take it")]
    [InlineData("fsync", 28, "the disk did not take it")]
    [InlineData("write", 28, "No space left")]
    [InlineData("rename", 5, "")]
    public void ADiskThatFailsIsAnError(string call, int error, string words)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Calls are failed by LD_PRELOAD.");
        using var built = new TestFiles();
        var library = built.PathOf("failing_disk.so");
        if (CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Fakes", "failing_disk.c"), library, "-ldl")
            is { } problem)
            Assert.Skip(problem);
        var output = tiny.PathOf($"failing-{call}-{error}");
        var run = LdnetProcess.RunWith(
            [("LD_PRELOAD", library), ("FAIL_CALL", call), ("FAIL_ERROR", $"{error}"), ("FAIL_PATH", output)],
            tiny.TaggerTraining(output, "--set", "max_epochs=1"));
        run.Failed(1, output, "cannot be written", words);
        Assert.False(File.Exists(Path.Combine(output, "model.safetensors")));
        Ldnet.Run(tiny.TaggerTraining(output, "--set", "max_epochs=1", "--resume")).Succeeded();
    }

    sealed class FailingWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device", 28);

        public override void Flush() => throw new IOException("No space left on device", 28);
    }
}
