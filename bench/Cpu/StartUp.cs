namespace LdNetGpu.Bench;

/// <summary>How long <c>ldnet --help</c> takes, from start to end.</summary>
static class StartUp
{
    const int Starts = 11;

    /// <summary>Median milliseconds; null where the program has not been built in Release.</summary>
    public static double? Milliseconds(string root)
    {
        var program = Path.Combine(root, "src", "Cli", "bin", "Release", "net10.0", "ldnet");
        if (ChildProcess.Run(program, ["--help"]) is not { Status: 0 }) return null;
        var seconds = Enumerable.Range(0, Starts).Select(_ => ChildProcess.Run(program, ["--help"])!.Seconds);
        return Statistics.Median(seconds) * 1000;
    }
}
