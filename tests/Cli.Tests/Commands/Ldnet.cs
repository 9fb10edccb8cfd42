using System.Text.Json.Nodes;
using LdNetGpu.Cli;
using LdNetGpu.Train;

namespace LdNetGpu.Tests.Commands;

/// <summary>
/// The whole program inside the test's process: as fast as a call, and it can be stopped at a training step of the
/// test's choice. <see cref="LdnetProcess"/> is for what only a process has: signals, standard input, peak memory.
/// </summary>
sealed record Ldnet(int ExitCode, string Output, string Error)
{
    public static Ldnet Run(params string[] arguments) => RunUntil(int.MaxValue, arguments);

    /// <summary>The user interrupted before the first file was read.</summary>
    public static Ldnet RunInterrupted(params string[] arguments)
    {
        var (output, messages) = (new StringWriter(), new StringWriter());
        var code = LdnetProgram.Run([.. arguments, "--threads", "1"], output, messages, new(canceled: true));
        return new(code, output.ToString(), messages.ToString());
    }

    /// <summary>The user interrupts after so many training steps.</summary>
    public static Ldnet RunUntil(int steps, params string[] arguments)
    {
        var (output, messages) = (new StringWriter(), new StringWriter());
        using var interruption = new CancellationTokenSource();
        var code = LdnetProgram.Run([.. arguments, "--threads", "1"], output, messages, interruption.Token,
            new StepCounter(steps, interruption));
        return new(code, output.ToString(), messages.ToString());
    }

    /// <summary>Cancels after so many steps: reports of more than was done before.</summary>
    sealed class StepCounter(int steps, CancellationTokenSource interruption) : IProgress<WorkProgress>
    {
        WorkProgress? last;
        int counted;

        public void Report(WorkProgress value)
        {
            if (value.Label == last?.Label && value.Done > last.Done && ++counted >= steps) interruption.Cancel();
            last = value;
        }
    }

    public Ldnet Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit {ExitCode}: {Error}");
        return this;
    }

    public JsonNode Json => JsonNode.Parse(Succeeded().Output)!;

    /// <summary>
    /// What a user should see of a failure: this code, no result, one message with these words, no stack trace.
    /// </summary>
    public Ldnet Failed(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit {ExitCode}, expected {exitCode}: {Error}{Output}");
        Assert.Empty(Output);
        Assert.Single(Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        foreach (var word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        return this;
    }
}
