using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Commands;

/// <summary>Input that no one expects is tagged all the same, in bounded memory.</summary>
public sealed class LongInputTests(TinyModels tiny)
{
    const long MostBytes = 3L << 29;

    /// <summary>In pieces: held at once, one of two millions took 2.8 gigabytes.</summary>
    [Fact]
    public void SentenceOfFiftyThousandTokens() =>
        Tagged(string.Concat(Enumerable.Repeat("the old bank of Paris ", 10_000)) + "\n", 50_000, MostBytes / 3);

    [Fact]
    public void WordOfThreeHundredThousandCharacters() => Tagged($"a {new string('x', 300_000)} b\n", 3);

    [Fact]
    public void TextThatIsLongerThanAWindow() =>
        Tagged(string.Concat(Enumerable.Repeat("She went to Rome .\n", 12_000)), 60_000);

    /// <summary>Columns without a blank line, read no further than they are tagged.</summary>
    [Theory, InlineData(300_000, 300_000), InlineData(0, 0)]
    public void ColumnsWithoutASentenceEnd(int wordLines, int words) => Tagged(
        string.Concat(Enumerable.Repeat("Ann O\n", wordLines)) + string.Concat(Enumerable.Repeat("# a = b\n", 300_000))
        + "Bob O\n", words + 1, MostBytes / 4, "conll");

    /// <summary>One more than a piece: whole in columns, two objects in jsonl, readings of each piece.</summary>
    [Fact]
    public void SentenceOfColumnsThatIsReadInPieces()
    {
        const int words = 10_001;
        var file = tiny.Write("pieces.conll", string.Concat(Enumerable.Repeat("Ann O\n", words)) + "\nBob O\n");
        string Run(params string[] options) =>
            Ldnet.Run(["tag", "--model", tiny.NoLm, "--input", "conll", file, .. options]).Succeeded().Output;
        Assert.Equal([words, 1], Run().TrimEnd('\n').Split("\n\n").Select(sentence => sentence.Split('\n').Length));
        Assert.Equal([words - 1, 1, 1], Run("--format", "jsonl").TrimEnd('\n').Split('\n')
            .Select(line => JsonNode.Parse(line)!["words"]!.AsArray().Count));
        var readings = Run("--nbest", "2").TrimEnd('\n').Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["# reading = 1", "# reading = 2", "# reading = 1", "# reading = 2", "# reading = 1",
            "# reading = 2"], readings.Select(reading => reading.Split('\n')[0]));
        Assert.Equal([words + 1, words + 1, 3, 3, 3, 3], readings.Select(reading => reading.Split('\n').Length));
    }

    void Tagged(string text, int words, long mostBytes = MostBytes, string input = "text")
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Peak memory is read from /proc.");
        var file = tiny.Write("long.txt", text);
        var model = input == "text" ? tiny.Tagger : tiny.NoLm;
        using var process = LdnetProcess.Start("tag", "--model", model, file, "--input", input, "--threads",
            "1");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var peak = 0L;
        while (!process.WaitForExit(10)) peak = Math.Max(peak, PeakBytes(process.Id));
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        Assert.Equal(words, output.GetAwaiter().GetResult().Split('\n').Count(line => line.Length > 0
            && !line.StartsWith('#')));
        Assert.InRange(peak, 1, mostBytes);
    }

    /// <summary>Most memory the process ever held; 0 when it is gone.</summary>
    static long PeakBytes(int process)
    {
        var file = $"/proc/{process}/status";
        if (!File.Exists(file)) return 0;
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (IOException)
        {
            // It ended between the two looks.
            return 0;
        }
    }
}
