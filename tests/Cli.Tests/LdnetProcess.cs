using System.Diagnostics;

namespace LdNetGpu.Tests;

/// <summary>Runs the real executable and keeps what it wrote.</summary>
sealed record LdnetProcess(int ExitCode, string Output, string Error)
{
    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ldnet.dll");

    public static LdnetProcess Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>With environment variables set: for what a process reads once.</summary>
    public static LdnetProcess RunWith((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = StartInfo(arguments);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Finish(Process.Start(start)!, "");
    }

    public static LdnetProcess RunWithInput(string input, params string[] arguments) =>
        Finish(Process.Start(StartInfo(arguments))!, input);

    /// <summary>A line of bash, in which <c>ldnet</c> is the program.</summary>
    public static LdnetProcess RunInShell(string line)
    {
        var program = StartInfo([]);
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ldnet() {{ '{program.FileName}' '{Program}' \"$@\"; }}; {line}");
        start.Environment.Remove("LDNET_DEBUG");
        return Finish(Process.Start(start)!, "");
    }

    static LdnetProcess Finish(Process started, string input)
    {
        using var process = started;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new LdnetProcess(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>
    /// The failed run a user should see: this code, nothing on standard output, these words, no stack trace.
    /// </summary>
    public void Failed(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit {ExitCode}, expected {exitCode}: {Error}{Output}");
        Assert.Empty(Output);
        foreach (var word in words) Assert.Contains(word, Error);
        Assert.DoesNotContain("   at ", Error);
    }

    /// <summary>A process that goes on, to be sent signals. Its messages must be read, or it waits for that.</summary>
    public static Process Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>The same with environment variables set.</summary>
    public static Process StartWith((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = StartInfo(arguments);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        if (OperatingSystem.IsLinux())
        {
            // A shell has its background jobs ignore Ctrl-C, and their children inherit that.
            start.ArgumentList.Insert(0, "--default-signal=INT");
            start.ArgumentList.Insert(1, start.FileName);
            start.FileName = "env";
        }
        return Process.Start(start)!;
    }

    static ProcessStartInfo StartInfo(string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("LDNET_DEBUG");
        StartQuickly(start);
        return start;
    }

    /// <summary>Most of a short run is the compiler's: as in the tests' own project.</summary>
    public static void StartQuickly(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
    }
}
